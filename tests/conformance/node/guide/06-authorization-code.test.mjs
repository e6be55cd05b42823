import assert from 'node:assert/strict';
import { test } from 'node:test';

import { advanceClock } from '../control.mjs';
import { authorize, expectNoRedirect } from '../browser.mjs';
import { clientId, createUser, publicWorkos, redirectUri, refused, workos } from '../workos.mjs';

const appUri = 'myapp://callback';

async function newCode(attributes = {}) {
  const { email: loginHint } = await createUser();
  const asked = { provider: 'authkit', clientId, redirectUri, loginHint, ...attributes };
  return (await authorize(workos.userManagement.getAuthorizationUrl(asked))).get('code');
}

async function newCodeWithPKCE() {
  const { email: loginHint } = await createUser();
  const asked = { provider: 'authkit', clientId, redirectUri: appUri, loginHint };
  const { url, codeVerifier } = await workos.userManagement.getAuthorizationUrlWithPKCE(asked);
  return { code: (await authorize(url, appUri)).get('code'), codeVerifier };
}

const expiredOrInvalid = (code) => ({
  name: 'OauthException',
  status: 400,
  error: 'invalid_grant',
  errorDescription: `The code '${code}' has expired or is invalid.`,
});

test('a code comes back with the state, and becomes a session', async () => {
  const user = await createUser();
  const url = workos.userManagement.getAuthorizationUrl({
    provider: 'authkit',
    clientId,
    redirectUri,
    state: 'a state, with "signs" & spaces',
    loginHint: user.email,
  });

  const answer = await authorize(url);
  const signedIn = await workos.userManagement.authenticateWithCode({ clientId, code: answer.get('code') });

  assert.equal(answer.get('state'), 'a state, with "signs" & spaces');
  assert.equal(signedIn.user.id, user.id);
  assert.ok(signedIn.accessToken);
  assert.ok(signedIn.refreshToken);
});

test('without a hint someone is signed in, and without a state none comes back', async () => {
  const answer = await authorize(workos.userManagement.getAuthorizationUrl({ provider: 'authkit', clientId, redirectUri }));

  const signedIn = await workos.userManagement.authenticateWithCode({ clientId, code: answer.get('code') });

  assert.ok(signedIn.user.id);
  assert.equal(answer.has('state'), false);
});

test('a public client proves itself with the code verifier', async () => {
  const user = await createUser();
  const app = publicWorkos();
  const { url, state, codeVerifier } = await app.userManagement.getAuthorizationUrlWithPKCE({
    provider: 'authkit',
    clientId,
    redirectUri: appUri,
    loginHint: user.email,
  });

  const answer = await authorize(url, appUri);
  const code = answer.get('code');
  const signedIn = await app.userManagement.authenticateWithCode({ clientId, code, codeVerifier });

  assert.equal(answer.get('state'), state);
  assert.equal(signedIn.user.id, user.id);
});

test('a verifier is enough for a client with a secret too', async () => {
  const signedIn = await workos.userManagement.authenticateWithCodeAndVerifier({ clientId, ...(await newCodeWithPKCE()) });

  assert.ok(signedIn.accessToken);
});

test('the secret and the verifier may come together', async () => {
  const { code, codeVerifier } = await newCodeWithPKCE();

  const signedIn = await workos.userManagement.authenticateWithCode({ clientId, code, codeVerifier });

  assert.ok(signedIn.accessToken);
});

test('a code is sealed into a session like a password', async () => {
  const cookiePassword = 'a cookie password of more than 32 characters';
  const session = { sealSession: true, cookiePassword };

  const { sealedSession } = await workos.userManagement.authenticateWithCode({ clientId, code: await newCode(), session });
  const read = await workos.userManagement.authenticateWithSessionCookie({ sessionData: sealedSession, cookiePassword });

  assert.equal(read.authenticated, true);
});

test('a wrong verifier is refused', async () => {
  const { code } = await newCodeWithPKCE();
  const { codeVerifier } = await workos.pkce.generate();

  const exchange = publicWorkos().userManagement.authenticateWithCode({ clientId, code, codeVerifier });

  await refused(exchange, expiredOrInvalid(code));
});

test('a code with a challenge is refused without its verifier', async () => {
  const { code } = await newCodeWithPKCE();

  const exchange = workos.userManagement.authenticateWithCode({ clientId, code });

  await refused(exchange, { name: 'OauthException', status: 400, error: 'invalid_request' });
});

test('a verifier is refused where no challenge was sent', async () => {
  const { codeVerifier } = await workos.pkce.generate();

  const exchange = workos.userManagement.authenticateWithCode({ clientId, code: await newCode(), codeVerifier });

  await refused(exchange, { name: 'GenericServerException', status: 400, code: 'code_challenge_not_found' });
});

test('a code works once', async () => {
  const code = await newCode();
  await workos.userManagement.authenticateWithCode({ clientId, code });

  await refused(workos.userManagement.authenticateWithCode({ clientId, code }), expiredOrInvalid(code));
});

test('a code expires after ten minutes', async () => {
  const code = await newCode();
  await advanceClock(601);

  await refused(workos.userManagement.authenticateWithCode({ clientId, code }), expiredOrInvalid(code));
});

test('a code that was never issued is refused', async () => {
  const code = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

  await refused(workos.userManagement.authenticateWithCode({ clientId, code }), expiredOrInvalid(code));
});

test('nobody is redirected to an address that is not registered', async () => {
  for (const unknown of ['https://attacker.example/callback', 'otherapp://callback']) {
    const url = workos.userManagement.getAuthorizationUrl({ provider: 'authkit', clientId, redirectUri: unknown });
    await expectNoRedirect(url, unknown);
  }
});
