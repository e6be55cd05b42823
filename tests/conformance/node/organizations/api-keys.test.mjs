import assert from 'node:assert/strict';
import { test } from 'node:test';

import { advanceClock, now } from '../control.mjs';
import { createMember, createOrganization, createRole, ids, join, notFound } from '../organizations.mjs';
import { refused, workos } from '../workos.mjs';

const { apiKeys, userManagement: users } = workos;

async function createKey(attributes = {}) {
  const { id: organizationId } = await createOrganization();
  return apiKeys.createOrganizationApiKey({ organizationId, name: 'Deployments', ...attributes });
}

async function createUserKey(attributes = {}) {
  const member = await createMember();
  const organizationId = member.organization.id;
  const key = await users.createUserApiKey(member.user.id, { name: 'Mine', organizationId, ...attributes });
  return { ...member, key };
}

const isValid = async ({ value }) => (await apiKeys.createValidation({ value })).apiKey !== null;

test('an organization\'s key is shown once, listed, valid and deleted', async () => {
  const { permission } = await createRole('deployer', 'deploy');
  const { value, ...created } = await createKey({ permissions: [permission] });

  const { data: [listed] } = await apiKeys.listOrganizationApiKeys({ organizationId: created.owner.id });
  const { apiKey } = await apiKeys.createValidation({ value });

  assert.match(value, /^sk_/);
  assert.equal(created.owner.type, 'organization');
  assert.deepEqual([listed.id, listed.name, listed.permissions], [created.id, 'Deployments', [permission]]);
  assert.ok(created.obfuscatedValue.endsWith(value.slice(-4)));
  assert.equal('value' in listed, false);
  assert.equal(apiKey.id, created.id);
  assert.ok(apiKey.lastUsedAt);
  await apiKeys.deleteApiKey(created.id);
  assert.equal(await isValid({ value }), false);
  await notFound(apiKeys.deleteApiKey(created.id), { message: `API Key not found: '${created.id}'.` });
});

test('an organization\'s keys are paged', async () => {
  const first = await createKey();
  const organizationId = first.owner.id;
  const second = await createKey({ organizationId });

  const page = await apiKeys.listOrganizationApiKeys({ organizationId, limit: 1 });
  const next = await apiKeys.listOrganizationApiKeys({ organizationId, limit: 1, after: page.listMetadata.after });

  assert.deepEqual(ids([...page.data, ...next.data]), [second.id, first.id]);
});

test('a user\'s key belongs to the user in an organization', async () => {
  const { user, organization, key } = await createUserKey();
  const elsewhere = await createOrganization();
  await join(user, elsewhere);
  const other = await users.createUserApiKey(user.id, { name: 'Other', organizationId: elsewhere.id });

  const all = await users.listUserApiKeys(user.id);
  const { data } = await users.listUserApiKeys(user.id, { organizationId: organization.id });

  assert.deepEqual(key.owner, { type: 'user', id: user.id, organizationId: organization.id });
  assert.deepEqual(ids(all.data), [other.id, key.id]);
  assert.deepEqual(ids(data), [key.id]);
  assert.equal(await isValid(key), true);
});

test('a user\'s key expires', async () => {
  const { key } = await createUserKey({ expiresAt: new Date((await now()) + 60_000) });
  assert.equal(await isValid(key), true);

  await advanceClock(60);

  assert.equal(await isValid(key), false);
});

test('a user\'s key dies with the membership', async () => {
  const { membership, key } = await createUserKey();

  await users.deactivateOrganizationMembership(membership.id);

  assert.equal(await isValid(key), false);
});

test('an unknown key is not valid', async () => {
  assert.equal(await isValid({ value: 'sk_unknown' }), false);
});

test('what a key must not be', async () => {
  const { user } = await createMember();
  const { id: organizationId } = await createOrganization();

  await refused(createKey({ name: '' }), { name: 'UnprocessableEntityException', status: 422 });
  await refused(users.createUserApiKey(user.id, { name: 'Foreign', organizationId }), { status: 400 });
  await notFound(createKey({ organizationId: 'org_unknown' }));
  await notFound(apiKeys.listOrganizationApiKeys({ organizationId: 'org_unknown' }));
  await notFound(users.listUserApiKeys('user_unknown'));
});
