import assert from 'node:assert/strict';
import { test } from 'node:test';

import { advanceClock, mailTo } from '../control.mjs';
import { createUser, newEmail, refused, signIn, workos } from '../workos.mjs';

const newPassword = 'new-secure-password';

async function resetOf(user) {
  return workos.userManagement.createPasswordReset({ email: user.email });
}

async function confirm(token, password = newPassword) {
  return workos.userManagement.resetPassword({ token, newPassword: password });
}

const unknownToken = (token) => ({
  name: 'NotFoundException',
  status: 404,
  code: 'password_reset_token_not_found',
  message: `Could not locate user with provided token: '${token}'`,
});

test('a reset has a token and a link, and mails the link', async () => {
  const user = await createUser();

  const reset = await resetOf(user);
  const mail = await mailTo(user.email, 'password_reset');

  assert.match(reset.id, /^password_reset_/);
  assert.equal(reset.userId, user.id);
  assert.match(reset.passwordResetToken, /^[A-Za-z0-9]{25}$/);
  assert.equal(new URL(reset.passwordResetUrl).searchParams.get('token'), reset.passwordResetToken);
  assert.equal(Date.parse(reset.expiresAt) - Date.parse(reset.createdAt), 900_000);
  assert.equal(mail.link, reset.passwordResetUrl);
  assert.equal(mail.token, reset.passwordResetToken);
  assert.deepEqual(await workos.userManagement.getPasswordReset(reset.id), reset);
});

test('the token sets a new password, verifies the address and ends all sessions', async () => {
  const user = await createUser();
  await signIn(user.email);
  const { passwordResetToken } = await resetOf(user);

  const reset = await confirm(passwordResetToken);

  assert.equal(reset.user.id, user.id);
  assert.deepEqual((await workos.userManagement.listSessions(user.id)).data, []);
  await refused(signIn(user.email), { code: 'invalid_credentials' });
  assert.equal((await signIn(user.email, { password: newPassword })).user.id, user.id);
});

test('a reset verifies the address', async () => {
  const { passwordResetToken } = await resetOf(await createUser({ emailVerified: false }));

  assert.equal((await confirm(passwordResetToken)).user.emailVerified, true);
});

test('a token works once', async () => {
  const { passwordResetToken: token } = await resetOf(await createUser());
  await confirm(token);

  await refused(confirm(token), unknownToken(token));
});

test('a token expires after fifteen minutes', async () => {
  const { passwordResetToken: token } = await resetOf(await createUser());
  await advanceClock(901);

  await refused(confirm(token), unknownToken(token));
});

test('a token that was never issued is refused', async () => {
  await refused(confirm('never-issued'), unknownToken('never-issued'));
});

test('an unknown address is refused', async () => {
  await refused(resetOf({ email: newEmail() }), { name: 'NotFoundException', status: 404 });
});

test('a weak password is refused, and the token stays good', async () => {
  const { passwordResetToken: token } = await resetOf(await createUser());

  const error = await refused(confirm(token, 'password'), { name: 'BadRequestException', status: 400 });

  assert.ok(error.errors.every(({ code }) => code.startsWith('password_')));
  assert.ok((await confirm(token)).user.id);
});
