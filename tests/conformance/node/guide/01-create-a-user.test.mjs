import assert from 'node:assert/strict';
import { test } from 'node:test';

import { newEmail, password, refused, workos } from '../workos.mjs';

test('a user is created, unverified', async () => {
  const email = newEmail();

  const user = await workos.userManagement.createUser({
    email,
    password,
    firstName: 'John',
    lastName: 'Doe',
    emailVerified: false,
  });

  assert.match(user.id, /^user_[0-9A-HJKMNP-TV-Z]{26}$/);
  assert.equal(user.object, 'user');
  assert.equal(user.email, email);
  assert.equal(user.emailVerified, false);
  assert.equal(user.firstName, 'John');
  assert.equal(user.lastName, 'Doe');
  assert.equal(user.lastSignInAt, null);
  assert.deepEqual(user.metadata, {});
});

test('an address is taken in any case of its letters', async () => {
  const email = newEmail();
  await workos.userManagement.createUser({ email });

  const error = await refused(workos.userManagement.createUser({ email: email.toUpperCase() }), {
    name: 'BadRequestException',
    status: 400,
    code: 'user_creation_error',
  });

  assert.deepEqual(error.errors.map(({ code }) => code), ['email_not_available']);
});

test('a password that is short and weak is refused for both reasons', async () => {
  const error = await refused(workos.userManagement.createUser({ email: newEmail(), password: 'secret' }), {
    name: 'BadRequestException',
    status: 400,
    code: 'password_strength_error',
  });

  assert.deepEqual(error.errors.map(({ code }) => code), ['password_too_short', 'password_too_weak']);
});

test('a missing address is refused', async () => {
  const error = await refused(workos.userManagement.createUser({ password }), {
    name: 'UnprocessableEntityException',
    status: 422,
    code: 'invalid_request_parameters',
  });

  assert.match(error.message, /email_string_required/);
});
