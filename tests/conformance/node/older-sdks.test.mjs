// The guide's main road, with the version of the SDK that the variable SDK names.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { authorize, logOut } from './browser.mjs';
import { advanceClock, mailTo, now } from './control.mjs';
import { totp } from './totp.mjs';
import { clientId, cookiePassword, createUser, newEmail, password, redirectUri, signIn, workos } from './workos.mjs';

const users = workos.userManagement;

// Version 9 moved the factors of users, and renamed `mfa`.
const factors = workos.multiFactorAuth ?? workos.mfa;
const enroll = (options) => factors.createUserAuthFactor?.(options) ?? users.enrollAuthFactor(options);
const listFactors = (options) => factors.listUserAuthFactors?.(options) ?? users.listAuthFactors(options);

/** The body of a refusal. Exceptions carry it as `rawData`, whatever their class in a version. */
async function refusal(call) {
  try {
    await call;
  } catch (error) {
    return error.rawData;
  }
  assert.fail('This was accepted, and should be refused');
}

test('create a user', async () => {
  const email = newEmail();

  const user = await users.createUser({ email, password, firstName: 'John', lastName: 'Doe', emailVerified: false });

  assert.equal(user.email, email);
  assert.equal(user.emailVerified, false);
});

test('sign in with the password and verify the address', async () => {
  const user = await createUser({ emailVerified: false });

  const stopped = await refusal(signIn(user.email));
  assert.equal(stopped.code, 'email_verification_required');
  const { code } = await mailTo(user.email, 'email_verification');
  const signedIn = await users.authenticateWithEmailVerification({
    clientId,
    code,
    pendingAuthenticationToken: stopped.pending_authentication_token,
  });

  assert.equal(signedIn.user.emailVerified, true);
});

test('seal the session into a cookie, read it and refresh it', async () => {
  const user = await createUser();
  const { sealedSession } = await signIn(user.email, { session: { sealSession: true, cookiePassword } });

  const read = await users.authenticateWithSessionCookie({ sessionData: sealedSession, cookiePassword });
  const session = users.loadSealedSession({ sessionData: sealedSession, cookiePassword });
  const refreshed = await session.refresh();

  assert.equal(read.authenticated, true);
  assert.equal(read.user.id, user.id);
  assert.equal(refreshed.authenticated, true);
  assert.equal(refreshed.sessionId, read.sessionId);
});

test('sign in with a mailed code', async () => {
  const email = newEmail();
  const magicAuth = await users.createMagicAuth({ email });
  const { code } = await mailTo(email, 'magic_auth');

  const signedIn = await users.authenticateWithMagicAuth({ clientId, code, email });

  assert.equal(signedIn.user.id, magicAuth.userId);
});

test('exchange an authorization code, and refresh', async () => {
  const user = await createUser();
  const url = users.getAuthorizationUrl({
    provider: 'authkit',
    clientId,
    redirectUri,
    state: 'state',
    loginHint: user.email,
  });
  const answer = await authorize(url);

  const signedIn = await users.authenticateWithCode({ clientId, code: answer.get('code') });
  const refreshed = await users.authenticateWithRefreshToken({ clientId, refreshToken: signedIn.refreshToken });

  assert.equal(answer.get('state'), 'state');
  assert.equal(signedIn.user.id, user.id);
  assert.notEqual(refreshed.refreshToken, signedIn.refreshToken);
});

test('enroll a TOTP factor and sign in with it', async () => {
  const user = await createUser();
  const { authenticationFactor: factor, authenticationChallenge } = await enroll({ userId: user.id, type: 'totp' });
  const verified = await factors.verifyChallenge({
    authenticationChallengeId: authenticationChallenge.id,
    code: totp(factor.totp.secret, await now()),
  });
  await advanceClock(30);

  const stopped = await refusal(signIn(user.email));
  const challenge = await factors.challengeFactor({ authenticationFactorId: factor.id });
  const signedIn = await users.authenticateWithTotp({
    clientId,
    code: totp(factor.totp.secret, await now()),
    pendingAuthenticationToken: stopped.pending_authentication_token,
    authenticationChallengeId: challenge.id,
  });
  const listed = await (await listFactors({ userId: user.id })).autoPagination();

  assert.equal(verified.valid, true);
  assert.equal(stopped.code, 'mfa_challenge');
  assert.equal(signedIn.user.id, user.id);
  assert.deepEqual(listed.map(({ id }) => id), [factor.id]);
});

test('verify an address with a mailed code', async () => {
  const user = await createUser({ emailVerified: false });
  await users.sendVerificationEmail({ userId: user.id });
  const { code } = await mailTo(user.email, 'email_verification');

  const verified = await users.verifyEmail({ userId: user.id, code });

  assert.equal(verified.user.emailVerified, true);
});

test('reset a password', async () => {
  const user = await createUser();
  const { passwordResetToken } = await users.createPasswordReset({ email: user.email });

  await users.resetPassword({ token: passwordResetToken, newPassword: 'new-secure-password' });

  assert.equal((await signIn(user.email, { password: 'new-secure-password' })).user.id, user.id);
});

test('read, list, update and delete users', async () => {
  const user = await createUser();

  const updated = await users.updateUser({ userId: user.id, firstName: 'Jane' });
  const found = await (await users.listUsers({ email: user.email })).autoPagination();
  await users.deleteUser(user.id);

  assert.equal(updated.firstName, 'Jane');
  assert.deepEqual(found.map(({ id }) => id), [user.id]);
  await assert.rejects(users.getUser(user.id), { name: 'NotFoundException', status: 404 });
});

test('list sessions, revoke one and sign out of another', async () => {
  const user = await createUser();
  await signIn(user.email);
  await signIn(user.email);
  const [first, second] = (await users.listSessions(user.id)).data;

  await users.revokeSession({ sessionId: first.id });
  const location = await logOut(users.getLogoutUrl({ sessionId: second.id, returnTo: 'https://yourapp.com' }));

  assert.equal(location, 'https://yourapp.com');
  assert.deepEqual((await users.listSessions(user.id)).data, []);
});

test('the exceptions of common refusals', async () => {
  const unknownCode = users.authenticateWithCode({ clientId, code: 'unknown' });
  await assert.rejects(unknownCode, { name: 'OauthException', status: 400, error: 'invalid_grant' });
  await assert.rejects(users.createUser({}), { name: 'UnprocessableEntityException', status: 422 });
  await assert.rejects(users.createUser({ email: newEmail(), password: 'weak' }), { name: 'BadRequestException' });
  await assert.rejects(signIn(newEmail()), { name: 'GenericServerException', status: 400 });
});

// Version 9 moved it to `authorization`, with another path.
if (workos.organizations.listOrganizationRoles) {
  test('list the roles of an organization', async () => {
    const organization = await workos.organizations.createOrganization({ name: 'Acme' });

    const roles = await workos.organizations.listOrganizationRoles({ organizationId: organization.id });

    assert.deepEqual(roles.data.map(({ slug }) => slug), ['member']);
  });
}
