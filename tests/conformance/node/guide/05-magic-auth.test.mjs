import assert from 'node:assert/strict';
import { test } from 'node:test';

import { advanceClock, mailTo } from '../control.mjs';
import { clientId, createUser, newEmail, refused, workos, wrong } from '../workos.mjs';

async function redeem({ code, email }) {
  return workos.userManagement.authenticateWithMagicAuth({ clientId, code, email });
}

test('a code is mailed, and signs a new user in', async () => {
  const email = newEmail();

  const magicAuth = await workos.userManagement.createMagicAuth({ email });
  const mail = await mailTo(email, 'magic_auth');
  const signedIn = await redeem({ code: mail.code, email });

  assert.match(magicAuth.id, /^magic_auth_/);
  assert.equal(magicAuth.email, email);
  assert.equal(magicAuth.code, mail.code);
  assert.match(magicAuth.code, /^\d{6}$/);
  assert.equal(Date.parse(magicAuth.expiresAt) - Date.parse(magicAuth.createdAt), 600_000);
  assert.equal(signedIn.user.id, magicAuth.userId);
  assert.equal(signedIn.user.emailVerified, true);
  assert.equal(signedIn.authenticationMethod, 'MagicAuth');
});

test('a code signs a user in who exists already', async () => {
  const user = await createUser({ emailVerified: false });

  const signedIn = await redeem(await workos.userManagement.createMagicAuth({ email: user.email }));

  assert.equal(signedIn.user.id, user.id);
});

test('a code can be read again', async () => {
  const magicAuth = await workos.userManagement.createMagicAuth({ email: newEmail() });

  assert.deepEqual(await workos.userManagement.getMagicAuth(magicAuth.id), magicAuth);
});

test('an invitation that does not exist is refused', async () => {
  await refused(workos.userManagement.createMagicAuth({ email: newEmail(), invitationToken: 'unknown' }), {
    name: 'OauthException',
    status: 400,
    error: 'invitation_invalid',
  });
});

test('a wrong code is refused', async () => {
  const { code, email } = await workos.userManagement.createMagicAuth({ email: newEmail() });

  await refused(redeem({ code: wrong(code), email }), {
    name: 'GenericServerException',
    status: 400,
    code: 'invalid_one_time_code',
  });
});

test('a code works once', async () => {
  const magicAuth = await workos.userManagement.createMagicAuth({ email: newEmail() });
  await redeem(magicAuth);

  await refused(redeem(magicAuth), {
    name: 'GenericServerException',
    status: 400,
    code: 'one_time_code_previously_used',
  });
});

test('a code expires after ten minutes', async () => {
  const magicAuth = await workos.userManagement.createMagicAuth({ email: newEmail() });
  await advanceClock(601);

  await refused(redeem(magicAuth), {
    name: 'GenericServerException',
    status: 400,
    code: 'one_time_code_expired',
    message: `One-time code for '${magicAuth.email}' has expired.`,
  });
});
