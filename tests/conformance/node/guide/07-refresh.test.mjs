import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeJwt } from 'jose';

import { advanceClock } from '../control.mjs';
import {
  clientId, cookiePassword, createUser, publicWorkos, refused, sealedSession, signIn, workos,
} from '../workos.mjs';

async function refresh(refreshToken, client = workos) {
  return client.userManagement.authenticateWithRefreshToken({ clientId, refreshToken });
}

async function newSession() {
  return signIn((await createUser()).email);
}

const exchanged = {
  name: 'OauthException',
  status: 400,
  error: 'invalid_grant',
  errorDescription: 'Refresh token already exchanged.',
};

test('a refresh gives new tokens of the same session', async () => {
  const signedIn = await newSession();

  const refreshed = await refresh(signedIn.refreshToken);

  const [before, after] = [decodeJwt(signedIn.accessToken), decodeJwt(refreshed.accessToken)];
  assert.notEqual(refreshed.refreshToken, signedIn.refreshToken);
  assert.equal(refreshed.user.id, signedIn.user.id);
  assert.equal(refreshed.authenticationMethod, 'Password');
  assert.equal(after.sid, before.sid);
  assert.equal(after.auth_time, before.auth_time);
  assert.notEqual(after.jti, before.jti);
});

test('a public client refreshes without a secret', async () => {
  const { refreshToken } = await newSession();

  const refreshed = await refresh(refreshToken, publicWorkos());

  assert.notEqual(refreshed.refreshToken, refreshToken);
});

test('within 30 seconds a repeated refresh gets the same new token', async () => {
  const { refreshToken } = await newSession();
  const first = await refresh(refreshToken);
  await advanceClock(15);

  assert.equal((await refresh(refreshToken)).refreshToken, first.refreshToken);
});

test('after 30 seconds a retired token is refused, and the new one still works', async () => {
  const { refreshToken } = await newSession();
  const first = await refresh(refreshToken);
  await advanceClock(31);

  await refused(refresh(refreshToken), exchanged);

  assert.ok((await refresh(first.refreshToken)).accessToken);
});

test('a token that was never issued is refused', async () => {
  await refused(refresh('never-issued'), {
    name: 'OauthException',
    status: 400,
    error: 'invalid_grant',
    errorDescription: 'Invalid refresh token.',
  });
});

test('a sealed session refreshes itself', async () => {
  const { sealedSession: sessionData, user } = await sealedSession();
  const session = workos.userManagement.loadSealedSession({ sessionData, cookiePassword });

  const refreshed = await session.refresh();

  assert.equal(refreshed.authenticated, true);
  assert.notEqual(refreshed.sealedSession, sessionData);
  assert.equal((await session.authenticate()).user.id, user.id);
});

test('a sealed session whose user is gone reports invalid_grant', async () => {
  const { sealedSession: sessionData, user } = await sealedSession();
  await workos.userManagement.deleteUser(user.id);

  const refreshed = await workos.userManagement.loadSealedSession({ sessionData, cookiePassword }).refresh();

  assert.deepEqual(refreshed, { authenticated: false, reason: 'invalid_grant', retryable: false });
});
