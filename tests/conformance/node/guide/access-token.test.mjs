import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLocalJWKSet, createRemoteJWKSet, decodeProtectedHeader, importX509, jwtVerify } from 'jose';

import { clientId, createUser, signIn, url, workos } from '../workos.mjs';

const jwksUrl = new URL(workos.userManagement.getJwksUrl(clientId));

async function newToken() {
  const user = await createUser();
  return { user, ...(await signIn(user.email)) };
}

test('the JWKS verifies an access token, and its claims are those of the session', async () => {
  const { user, accessToken } = await newToken();

  const { payload, protectedHeader } = await jwtVerify(accessToken, createRemoteJWKSet(jwksUrl), {
    issuer: `${url}/user_management/${clientId}`,
    algorithms: ['RS256'],
  });

  assert.equal(protectedHeader.alg, 'RS256');
  assert.equal(payload.sub, user.id);
  assert.equal(payload.client_id, clientId);
  assert.match(payload.sid, /^session_/);
  assert.match(payload.jti, /^[0-9A-HJKMNP-TV-Z]{26}$/);
  assert.equal(payload.exp - payload.iat, 300);
  assert.equal(typeof payload.auth_time, 'number');
  for (const absent of ['aud', 'email', 'org_id', 'role', 'permissions', 'act']) {
    assert.equal(absent in payload, false, absent);
  }
});

test('the certificate of the key in the JWKS verifies it too', async () => {
  const { accessToken } = await newToken();
  const { keys } = await (await fetch(jwksUrl)).json();
  const key = keys.find(({ kid }) => kid === decodeProtectedHeader(accessToken).kid);
  const pem = `-----BEGIN CERTIFICATE-----\n${key.x5c[0]}\n-----END CERTIFICATE-----`;

  const { payload } = await jwtVerify(accessToken, await importX509(pem, 'RS256'));

  assert.equal(payload.client_id, clientId);
});

test('a changed token is not verified', async () => {
  const { accessToken } = await newToken();
  const keys = createLocalJWKSet(await (await fetch(jwksUrl)).json());
  const [header, payload, signature] = accessToken.split('.');
  const claims = { ...JSON.parse(Buffer.from(payload, 'base64url')), sub: 'user_other' };
  const changed = Buffer.from(JSON.stringify(claims)).toString('base64url');

  await assert.rejects(jwtVerify([header, changed, signature].join('.'), keys), {
    code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
  });
});
