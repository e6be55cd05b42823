import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeJwt } from 'jose';

import { expectNoRedirect, logOut } from '../browser.mjs';
import { clientId, cookiePassword, createUser, refused, sealedSession, signIn, workos } from '../workos.mjs';

const returnTo = 'https://yourapp.com';

async function newSession() {
  const user = await createUser();
  const { accessToken, refreshToken } = await signIn(user.email, { ipAddress: '192.0.2.1', userAgent: 'Mozilla/5.0' });
  return { user, refreshToken, sessionId: decodeJwt(accessToken).sid };
}

async function sessionsOf(user) {
  return (await workos.userManagement.listSessions(user.id)).data;
}

async function refresh(refreshToken) {
  return workos.userManagement.authenticateWithRefreshToken({ clientId, refreshToken });
}

const ended = { name: 'OauthException', status: 400, error: 'invalid_grant' };

test('the sessions of a user are listed', async () => {
  const { user, sessionId } = await newSession();

  const [session, ...others] = await sessionsOf(user);

  assert.deepEqual(others, []);
  assert.equal(session.id, sessionId);
  assert.equal(session.userId, user.id);
  assert.equal(session.ipAddress, '192.0.2.1');
  assert.equal(session.userAgent, 'Mozilla/5.0');
  assert.equal(session.authMethod, 'password');
  assert.equal(session.status, 'active');
  assert.equal(session.endedAt, null);
});

test('the sessions of a user are paged', async () => {
  const { user } = await newSession();
  await signIn(user.email);

  const sessions = await (await workos.userManagement.listSessions(user.id)).autoPagination();

  assert.equal(sessions.length, 2);
});

test('a revoked session is neither listed nor refreshed', async () => {
  const { user, sessionId, refreshToken } = await newSession();

  await workos.userManagement.revokeSession({ sessionId });

  assert.deepEqual(await sessionsOf(user), []);
  await refused(refresh(refreshToken), ended);
});

test('a session is revoked once', async () => {
  const { sessionId } = await newSession();
  await workos.userManagement.revokeSession({ sessionId });

  await refused(workos.userManagement.revokeSession({ sessionId }), { name: 'GenericServerException', status: 400 });
});

test('an unknown session is not found', async () => {
  await refused(workos.userManagement.revokeSession({ sessionId: 'session_unknown' }), {
    name: 'NotFoundException',
    status: 404,
    code: 'entity_not_found',
  });
});

test('signing out ends the session and leads back to the app', async () => {
  const { user, sessionId, refreshToken } = await newSession();

  const location = await logOut(workos.userManagement.getLogoutUrl({ sessionId, returnTo }));

  assert.equal(location, returnTo);
  assert.deepEqual(await sessionsOf(user), []);
  await refused(refresh(refreshToken), ended);
});

test('signing out without a return address leads to the default one', async () => {
  const { sessionId } = await newSession();

  assert.equal(await logOut(workos.userManagement.getLogoutUrl({ sessionId })), returnTo);
});

test('signing out with a cookie that is stale leads back to the app all the same', async () => {
  const { sessionId } = await newSession();
  const url = workos.userManagement.getLogoutUrl({ sessionId, returnTo });
  await logOut(url);

  assert.equal(await logOut(url), returnTo);
});

test('signing out leads nowhere that is not registered, and ends the session', async () => {
  const { user, sessionId } = await newSession();
  const attacker = 'https://attacker.example';

  await expectNoRedirect(workos.userManagement.getLogoutUrl({ sessionId, returnTo: attacker }), attacker);

  assert.deepEqual(await sessionsOf(user), []);
});

test('a loaded session knows its sign-out address', async () => {
  const { sealedSession: sessionData, user } = await sealedSession();
  const session = workos.userManagement.loadSealedSession({ sessionData, cookiePassword });

  assert.equal(await logOut(await session.getLogoutUrl({ returnTo })), returnTo);

  assert.deepEqual(await sessionsOf(user), []);
  assert.deepEqual(await session.refresh(), { authenticated: false, reason: 'invalid_grant', retryable: false });
});
