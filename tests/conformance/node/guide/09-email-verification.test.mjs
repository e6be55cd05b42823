import assert from 'node:assert/strict';
import { test } from 'node:test';

import { advanceClock, mailTo } from '../control.mjs';
import { clientId, createUser, refused, signIn, workos, wrong } from '../workos.mjs';

async function unverifiedUser() {
  return createUser({ emailVerified: false });
}

async function verify(userId, code) {
  return workos.userManagement.verifyEmail({ userId, code });
}

/** A sign-in that waits for the code of a mail: `authenticate(code)` completes it. */
async function pendingSignIn() {
  const user = await unverifiedUser();
  const { pendingAuthenticationToken, rawData } = await refused(signIn(user.email), {
    code: 'email_verification_required',
  });
  const { code } = await mailTo(user.email, 'email_verification');
  return {
    user,
    code,
    verificationId: rawData.email_verification_id,
    authenticate: (given) =>
      workos.userManagement.authenticateWithEmailVerification({ clientId, code: given, pendingAuthenticationToken }),
  };
}

const refusedCode = (code) => ({ name: 'GenericServerException', status: 400, code });

test('a code is mailed and confirms the address', async () => {
  const user = await unverifiedUser();

  const sent = await workos.userManagement.sendVerificationEmail({ userId: user.id });
  const mail = await mailTo(user.email, 'email_verification');
  const verified = await verify(user.id, mail.code);

  assert.equal(sent.user.id, user.id);
  assert.equal(sent.user.emailVerified, false);
  assert.match(mail.code, /^\d{6}$/);
  assert.equal(verified.user.id, user.id);
  assert.equal(verified.user.emailVerified, true);
});

test('a wrong code is refused', async () => {
  const user = await unverifiedUser();
  await workos.userManagement.sendVerificationEmail({ userId: user.id });
  const { code } = await mailTo(user.email, 'email_verification');

  await refused(verify(user.id, wrong(code)), refusedCode('email_verification_code_incorrect'));
});

test('a code expires after ten minutes', async () => {
  const user = await unverifiedUser();
  await workos.userManagement.sendVerificationEmail({ userId: user.id });
  const { code } = await mailTo(user.email, 'email_verification');
  await advanceClock(601);

  await refused(verify(user.id, code), refusedCode('email_verification_code_expired'));
});

test('a verified address is neither mailed nor confirmed again', async () => {
  const user = await unverifiedUser();
  await workos.userManagement.sendVerificationEmail({ userId: user.id });
  const { code } = await mailTo(user.email, 'email_verification');
  await verify(user.id, code);

  await refused(
    workos.userManagement.sendVerificationEmail({ userId: user.id }),
    refusedCode('email_already_verified'),
  );
  const error = await refused(verify(user.id, code), { name: 'GenericServerException', status: 400 });
  assert.match(error.code, /^(email_previously_verified|email_verification_code_previously_used)$/);
});

test('a pending sign-in is completed with the code of its mail', async () => {
  const { user, code, authenticate } = await pendingSignIn();

  const signedIn = await authenticate(code);

  assert.equal(signedIn.user.id, user.id);
  assert.equal(signedIn.user.emailVerified, true);
  assert.ok(signedIn.refreshToken);
});

test('the code of a pending sign-in can be read', async () => {
  const { user, code, verificationId } = await pendingSignIn();

  const verification = await workos.userManagement.getEmailVerification(verificationId);

  assert.equal(verification.code, code);
  assert.equal(verification.userId, user.id);
  assert.equal(verification.email, user.email);
});

test('a wrong code does not complete a pending sign-in, and the right one still does', async () => {
  const { code, authenticate } = await pendingSignIn();

  await refused(authenticate(wrong(code)), refusedCode('invalid_one_time_code'));

  assert.ok((await authenticate(code)).accessToken);
});

test('a pending sign-in is completed once', async () => {
  const { code, authenticate } = await pendingSignIn();
  await authenticate(code);

  await refused(authenticate(code), refusedCode('invalid_pending_authentication_token'));
});
