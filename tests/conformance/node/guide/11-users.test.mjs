import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createUser, newEmail, refused, workos } from '../workos.mjs';

const users = workos.userManagement;

test('a user is read', async () => {
  const created = await createUser();

  const user = await users.getUser(created.id);

  assert.deepEqual(user, created);
  assert.match(user.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test('a user is read by external id', async () => {
  const created = await createUser({ externalId: 'ada / 1' });

  assert.equal((await users.getUserByExternalId('ada / 1')).id, created.id);
});

test('an unknown user is not found', async () => {
  await refused(users.getUser('user_unknown'), {
    name: 'NotFoundException',
    status: 404,
    code: 'entity_not_found',
    message: "User not found: 'user_unknown'.",
  });
});

test('a user is found by address', async () => {
  const created = await createUser();

  const found = await users.listUsers({ email: created.email, limit: 10 });

  assert.deepEqual(found.data, [created]);
  assert.deepEqual(found.listMetadata, { before: null, after: null });
});

test('an unknown organization has no users', async () => {
  const { email } = await createUser();

  const found = await users.listUsers({ email, organizationId: 'org_unknown', limit: 10 });

  assert.deepEqual(await found.autoPagination(), []);
});

test('a user is updated', async () => {
  const created = await createUser({ emailVerified: false });

  const updated = await users.updateUser({
    userId: created.id,
    firstName: 'Jane',
    lastName: 'Smith',
    emailVerified: true,
  });

  const { updatedAt, ...rest } = created;
  assert.deepEqual(updated, {
    ...rest,
    firstName: 'Jane',
    lastName: 'Smith',
    emailVerified: true,
    updatedAt: updated.updatedAt,
  });
  assert.ok(updated.updatedAt >= updatedAt);
  assert.deepEqual(await users.getUser(created.id), updated);
});

test('a verified user is not made unverified', async () => {
  const { id: userId } = await createUser();

  await refused(users.updateUser({ userId, emailVerified: false }), {
    name: 'GenericServerException',
    status: 400,
    code: 'email_already_verified',
  });
});

test('a deleted user is gone', async () => {
  const { id } = await createUser();

  await users.deleteUser(id);

  await refused(users.getUser(id), { name: 'NotFoundException', status: 404 });
  await refused(users.deleteUser(id), { name: 'NotFoundException', status: 404 });
});

test('300 users are paged, each once and the newest first', async () => {
  const marked = { metadata: { batch: 'paged' } };
  const created = [];
  for (let number = 0; number < 300; number += 1) {
    created.push((await users.createUser({ email: newEmail(`user-${number}`), ...marked })).id);
  }

  const listed = await (await users.listUsers()).autoPagination();

  const batch = listed.filter(({ metadata }) => metadata.batch === 'paged').map(({ id }) => id);
  assert.deepEqual(batch, created.toReversed());
});

test('a limit switches paging off', async () => {
  await createUser();
  await createUser();

  const listed = await users.listUsers({ limit: 1 });

  assert.equal((await listed.autoPagination()).length, 1);
  assert.equal(listed.listMetadata.after, listed.data[0].id);
});
