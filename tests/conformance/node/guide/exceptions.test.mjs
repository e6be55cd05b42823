// Which exception of the SDK each status and form of error becomes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GenericServerException, UnauthorizedException, WorkOS } from 'workos-11';

import { clientId, createUser, location, newEmail, password, refused, signIn, workos } from '../workos.mjs';

const users = workos.userManagement;

const refusals = {
  '400 with error is an OauthException': {
    call: () => users.authenticateWithCode({ clientId, code: 'unknown' }),
    name: 'OauthException',
    status: 400,
  },
  '400 with code and errors is a BadRequestException': {
    call: () => users.createUser({ email: newEmail(), password: 'weak' }),
    name: 'BadRequestException',
    status: 400,
  },
  '400 with code alone is a GenericServerException': {
    call: () => signIn(newEmail()),
    name: 'GenericServerException',
    status: 400,
  },
  '401 is an UnauthorizedException': {
    call: () => new WorkOS('sk_test_unknown', { ...location(), clientId }).userManagement.listUsers(),
    name: 'UnauthorizedException',
    status: 401,
  },
  '403 of a further step is an AuthenticationException': {
    call: async () => signIn((await createUser({ emailVerified: false })).email),
    name: 'AuthenticationException',
    status: 403,
  },
  '404 of an object is a NotFoundException': {
    call: () => users.getUser('user_unknown'),
    name: 'NotFoundException',
    status: 404,
  },
  '404 of a path is a NotFoundException': {
    call: () => workos.get('/nowhere'),
    name: 'NotFoundException',
    status: 404,
  },
  '405 is a GenericServerException': {
    call: () => workos.put('/user_management/authenticate', {}),
    name: 'GenericServerException',
    status: 405,
  },
  '413 is a GenericServerException': {
    call: () => users.createUser({ email: newEmail(), firstName: 'a'.repeat(1 << 20) }),
    name: 'GenericServerException',
    status: 413,
  },
  '422 is an UnprocessableEntityException': {
    call: () => users.createUser({}),
    name: 'UnprocessableEntityException',
    status: 422,
    code: 'invalid_request_parameters',
  },
  '501 is a GenericServerException with the code emulator_not_implemented': {
    call: () => workos.directorySync.listDirectories(),
    name: 'GenericServerException',
    status: 501,
    code: 'emulator_not_implemented',
  },
};

for (const [name, { call, ...members }] of Object.entries(refusals)) {
  test(name, async () => {
    const error = await refused(call(), members);

    assert.match(error.requestID, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
}

test('409 of an idempotency key used for two bodies is a ConflictException', async () => {
  const idempotencyKey = newEmail();
  const create = (email) => workos.post('/user_management/users', { email, password }, { idempotencyKey });
  const email = newEmail();
  const first = await create(email);

  assert.deepEqual(await create(email), first);
  await refused(create(newEmail()), { name: 'ConflictException', status: 409, code: 'idempotency_error' });
});

test('a secret that is not the environment\'s is refused as invalid_client', async () => {
  const { email } = await createUser();
  const stranger = new WorkOS('sk_test_unknown', { ...location(), clientId });

  await refused(stranger.userManagement.authenticateWithPassword({ clientId, email, password }), {
    name: 'OauthException',
    status: 400,
    error: 'invalid_client',
  });
});

test('a 422 names every field that is wrong', async () => {
  const error = await refused(workos.post('/user_management/password_reset/confirm', {}), { status: 422 });

  assert.match(error.message, /token_string_required/);
  assert.match(error.message, /new_password_string_required/);
});

test('the exceptions are those that the SDK exports', async () => {
  await assert.rejects(refusals['401 is an UnauthorizedException'].call(), UnauthorizedException);
  await assert.rejects(signIn(newEmail()), GenericServerException);
});
