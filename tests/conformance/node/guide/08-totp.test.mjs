import assert from 'node:assert/strict';
import { test } from 'node:test';

import { advanceClock, now } from '../control.mjs';
import { totp } from '../totp.mjs';
import { clientId, createUser, refused, signIn, workos, wrong } from '../workos.mjs';

async function enroll(userId) {
  return workos.multiFactorAuth.createUserAuthFactor({ userId, type: 'totp' });
}

/** A user with a factor, in the middle of a sign-in: `authenticate(code)` completes it. */
async function challengedUser() {
  const user = await createUser();
  const { authenticationFactor: factor } = await enroll(user.id);
  return { user, factor, secret: factor.totp.secret, authenticate: await challengedSignIn(user, factor) };
}

async function challengedSignIn(user, factor) {
  const { pendingAuthenticationToken } = await refused(signIn(user.email), { code: 'mfa_challenge' });
  const challenge = await workos.multiFactorAuth.challengeFactor({ authenticationFactorId: factor.id });
  return (code) =>
    workos.userManagement.authenticateWithTotp({
      clientId,
      code,
      pendingAuthenticationToken,
      authenticationChallengeId: challenge.id,
    });
}

const refusedCode = (code) => ({ name: 'GenericServerException', status: 400, code });

test('a factor is enrolled with what an authenticator app needs, and a challenge', async () => {
  const user = await createUser();

  const { authenticationFactor: factor, authenticationChallenge: challenge } =
    await workos.multiFactorAuth.createUserAuthFactor({
      userId: user.id,
      type: 'totp',
      totpIssuer: 'My App',
      totpUser: user.email,
    });

  assert.match(factor.id, /^auth_factor_/);
  assert.equal(factor.type, 'totp');
  assert.equal(factor.totp.issuer, 'My App');
  assert.equal(factor.totp.user, user.email);
  assert.match(factor.totp.secret, /^[A-Z2-7]{32}$/);
  assert.match(factor.totp.qrCode, /^data:image\/png;base64,iVBORw0KGgo/);
  assert.equal(new URL(factor.totp.uri).searchParams.get('secret'), factor.totp.secret);
  assert.equal(challenge.authenticationFactorId, factor.id);
});

test('the challenge of the enrolment is answered with a code', async () => {
  const user = await createUser();
  const { authenticationFactor: factor, authenticationChallenge: challenge } = await enroll(user.id);
  const code = totp(factor.totp.secret, await now());

  const answer = await workos.multiFactorAuth.verifyChallenge({ authenticationChallengeId: challenge.id, code });

  assert.equal(answer.valid, true);
  await refused(workos.multiFactorAuth.verifyChallenge({ authenticationChallengeId: challenge.id, code }), {
    name: 'UnprocessableEntityException',
    status: 422,
    code: 'authentication_challenge_previously_verified',
  });
});

test('a wrong code does not answer a challenge', async () => {
  const user = await createUser();
  const { authenticationFactor: factor, authenticationChallenge: challenge } = await enroll(user.id);
  const code = wrong(totp(factor.totp.secret, await now()));

  const answer = await workos.multiFactorAuth.verifyChallenge({ authenticationChallengeId: challenge.id, code });

  assert.equal(answer.valid, false);
});

test('a password sign-in stops for the second factor, and a code completes it', async () => {
  const user = await createUser();
  const { authenticationFactor: factor } = await enroll(user.id);

  const stopped = await refused(signIn(user.email), {
    name: 'AuthenticationException',
    status: 403,
    code: 'mfa_challenge',
  });
  assert.deepEqual(stopped.rawData.authentication_factors, [{ id: factor.id, type: 'totp' }]);
  assert.equal(stopped.rawData.user.id, user.id);
  const challenge = await workos.multiFactorAuth.challengeFactor({ authenticationFactorId: factor.id });
  const signedIn = await workos.userManagement.authenticateWithTotp({
    clientId,
    code: totp(factor.totp.secret, await now()),
    pendingAuthenticationToken: stopped.pendingAuthenticationToken,
    authenticationChallengeId: challenge.id,
  });

  assert.equal(signedIn.user.id, user.id);
  assert.equal(signedIn.authenticationMethod, 'Password');
});

test('a wrong code is refused, and the right one still works', async () => {
  const { secret, authenticate } = await challengedUser();
  const code = totp(secret, await now());

  await refused(authenticate(wrong(code)), refusedCode('invalid_one_time_code'));

  assert.ok((await authenticate(code)).accessToken);
});

test('a code of two minutes ago is refused', async () => {
  const { secret, authenticate } = await challengedUser();

  await refused(authenticate(totp(secret, (await now()) - 120_000)), refusedCode('invalid_one_time_code'));
});

test('a code works once: not for the next sign-in in its 30 seconds, but then the next one does', async () => {
  const { user, factor, secret, authenticate } = await challengedUser();
  const code = totp(secret, await now());
  await authenticate(code);
  const again = await challengedSignIn(user, factor);

  await refused(again(code), refusedCode('invalid_one_time_code'));
  await advanceClock(30);

  assert.ok((await again(totp(secret, await now()))).accessToken);
});

test('a pending sign-in is completed once', async () => {
  const { secret, authenticate } = await challengedUser();
  await authenticate(totp(secret, await now()));
  await advanceClock(30);

  await refused(authenticate(totp(secret, await now())), refusedCode('invalid_pending_authentication_token'));
});

test('a challenge of someone else is refused', async () => {
  const { secret, user } = await challengedUser();
  const { pendingAuthenticationToken } = await refused(signIn(user.email), { code: 'mfa_challenge' });
  const { authenticationChallenge: other } = await enroll((await createUser()).id);

  const completed = workos.userManagement.authenticateWithTotp({
    clientId,
    code: totp(secret, await now()),
    pendingAuthenticationToken,
    authenticationChallengeId: other.id,
  });

  await refused(completed, refusedCode('user_mismatch'));
});

test('the factors of a user are listed without their secrets', async () => {
  const user = await createUser();
  const enrolled = [await enroll(user.id), await enroll(user.id), await enroll(user.id)];

  const factors = await (await workos.multiFactorAuth.listUserAuthFactors({ userId: user.id })).autoPagination();

  assert.deepEqual(
    factors.map(({ id }) => id).sort(),
    enrolled.map(({ authenticationFactor }) => authenticationFactor.id),
  );
  assert.deepEqual(factors.map(({ totp: shown }) => Object.keys(shown)), Array(3).fill(['issuer', 'user']));
});

test('a deleted factor is asked for no more', async () => {
  const { user, factor } = await challengedUser();

  await workos.multiFactorAuth.deleteFactor(factor.id);

  assert.ok((await signIn(user.email)).accessToken);
  await refused(workos.multiFactorAuth.getFactor(factor.id), { name: 'NotFoundException', code: 'entity_not_found' });
});
