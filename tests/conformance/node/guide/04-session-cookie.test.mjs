import assert from 'node:assert/strict';
import { test } from 'node:test';

import { cookiePassword, sealedSession, workos } from '../workos.mjs';

async function readCookie(sessionData, password = cookiePassword) {
  return workos.userManagement.authenticateWithSessionCookie({ sessionData, cookiePassword: password });
}

test('the cookie of a session says who is signed in', async () => {
  const { sealedSession: sessionData, user } = await sealedSession();

  const session = await readCookie(sessionData);

  assert.equal(session.authenticated, true);
  assert.equal(session.user.id, user.id);
  assert.match(session.sessionId, /^session_/);
  assert.equal(session.organizationId, undefined);
  assert.equal(session.permissions, undefined);
});

test('no cookie is no session', async () => {
  assert.deepEqual(await readCookie(''), { authenticated: false, reason: 'no_session_cookie_provided' });
});

test('a tampered cookie is no session', async () => {
  const { sealedSession: sessionData } = await sealedSession();
  const middle = Math.floor(sessionData.length / 2);
  const changed = sessionData[middle] === 'A' ? 'B' : 'A';

  const session = await readCookie(sessionData.slice(0, middle) + changed + sessionData.slice(middle + 1));

  assert.deepEqual(session, { authenticated: false, reason: 'invalid_session_cookie' });
});

test('a cookie opened with another password is no session', async () => {
  const { sealedSession: sessionData } = await sealedSession();

  const session = await readCookie(sessionData, 'another password of more than 32 characters');

  assert.deepEqual(session, { authenticated: false, reason: 'invalid_session_cookie' });
});

test('a cookie with a forged access token is no session', async () => {
  const signedIn = await sealedSession();
  const [header, , signature] = signedIn.accessToken.split('.');
  const claims = Buffer.from(JSON.stringify({ sub: signedIn.user.id, sid: 'session_forged', exp: 4102444800 }));
  const accessToken = [header, claims.toString('base64url'), signature].join('.');

  const forged = await workos.userManagement.sealSessionDataFromAuthenticationResponse({
    authenticationResponse: { ...signedIn, accessToken },
    cookiePassword,
  });

  assert.deepEqual(await readCookie(forged), { authenticated: false, reason: 'invalid_jwt' });
});

test('the same session, loaded', async () => {
  const { sealedSession: sessionData, user } = await sealedSession();
  const session = workos.userManagement.loadSealedSession({ sessionData, cookiePassword });

  const read = await session.authenticate();

  assert.equal(read.authenticated, true);
  assert.equal(read.user.id, user.id);
});
