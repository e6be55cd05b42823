import assert from 'node:assert/strict';
import { test } from 'node:test';

import { changeSettings, mailTo } from '../control.mjs';
import { clientId, createUser, newEmail, password, refused, signIn, workos } from '../workos.mjs';

test('a verified user signs in', async () => {
  const user = await createUser();

  const signedIn = await workos.userManagement.authenticateWithPassword({
    clientId,
    email: user.email,
    password,
    ipAddress: '192.0.2.1',
    userAgent: 'Mozilla/5.0',
  });

  assert.equal(signedIn.user.id, user.id);
  assert.ok(signedIn.user.lastSignInAt >= user.createdAt);
  assert.equal(signedIn.accessToken.split('.').length, 3);
  assert.ok(signedIn.refreshToken);
  assert.equal(signedIn.authenticationMethod, 'Password');
  assert.equal(signedIn.organizationId, undefined);
});

test('an unverified user verifies the address first, with the code of the mail', async () => {
  const user = await createUser({ emailVerified: false });

  const error = await refused(signIn(user.email), {
    name: 'AuthenticationException',
    status: 403,
    code: 'email_verification_required',
  });
  assert.equal(error.rawData.email, user.email);
  const mail = await mailTo(user.email, 'email_verification');
  const signedIn = await workos.userManagement.authenticateWithEmailVerification({
    clientId,
    code: mail.code,
    pendingAuthenticationToken: error.pendingAuthenticationToken,
  });

  assert.equal(signedIn.user.emailVerified, true);
  assert.equal(signedIn.authenticationMethod, 'Password');
  assert.equal((await signIn(user.email)).user.id, user.id);
});

test('with email_verification off an unverified user signs in', async () => {
  const user = await createUser({ emailVerified: false });
  await changeSettings({ email_verification: 'off' });

  const signedIn = await signIn(user.email);

  await changeSettings({ email_verification: 'required' });
  assert.equal(signedIn.user.emailVerified, false);
});

test('a wrong password, an unknown address and a user without password look the same', async () => {
  const user = await createUser();
  const withoutPassword = await createUser({ password: undefined });

  for (const email of [user.email, newEmail(), withoutPassword.email]) {
    await refused(signIn(email, { password: 'another-password' }), {
      name: 'GenericServerException',
      status: 400,
      code: 'invalid_credentials',
      message: `Invalid credentials for '${email}'.`,
    });
  }
});
