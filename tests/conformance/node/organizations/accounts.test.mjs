// What a user has elsewhere: identities to sign in with, and connected accounts.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { seed } from '../control.mjs';
import { createMember, notFound, unique } from '../organizations.mjs';
import { createUser, refused, workos } from '../workos.mjs';

const { pipes, userManagement: users } = workos;

async function seedProvider(attributes = {}) {
  const slug = unique('github');
  await seed({ dataIntegrations: [{ slug, name: 'GitHub', scopes: ['repo'], ...attributes }] });
  return slug;
}

async function place() {
  return { userId: (await createUser()).id, slug: await seedProvider() };
}

test('the identities of a user are read', async () => {
  const user = await createUser();
  await seed({ identities: [{ user: user.email, provider: 'GitHubOAuth', idp_id: unique('idp'), email: user.email }] });

  const [identity, ...others] = await users.getUserIdentities(user.id);

  assert.deepEqual(others, []);
  assert.deepEqual([identity.type, identity.provider], ['OAuth', 'GitHubOAuth']);
  await notFound(users.getUserIdentities('user_unknown'));
});

test('an account is connected, read, changed and disconnected', async () => {
  const account = await place();

  const created = await pipes.createUserConnectedAccount({ ...account, accessToken: 'token', scopes: ['repo', 'user'] });
  const updated = await pipes.updateUserConnectedAccount({ ...account, state: 'needs_reauthorization' });

  assert.match(created.id, /^data_installation_/);
  assert.deepEqual([created.userId, created.organizationId], [account.userId, null]);
  assert.deepEqual([created.scopes, created.state], [['repo', 'user'], 'connected']);
  assert.deepEqual([updated.id, updated.state], [created.id, 'needs_reauthorization']);
  assert.deepEqual(await pipes.getUserConnectedAccount(account), updated);
  await pipes.deleteUserConnectedAccount(account);
  await notFound(pipes.getUserConnectedAccount(account));
  await notFound(pipes.deleteUserConnectedAccount(account));
});

test('an account in an organization is another account', async () => {
  const [{ user, organization }, slug] = [await createMember(), await seedProvider()];
  const personal = { userId: user.id, slug };
  const theirs = { ...personal, organizationId: organization.id };

  const created = await pipes.createUserConnectedAccount({ ...theirs, accessToken: 'token' });

  assert.equal(created.organizationId, organization.id);
  assert.equal((await pipes.getUserConnectedAccount(theirs)).id, created.id);
  await notFound(pipes.getUserConnectedAccount(personal));
});

test('the providers of a user show the connected account', async () => {
  const account = await place();
  const find = async () => (await pipes.listUserDataProviders(account)).data.find(({ slug }) => slug === account.slug);

  assert.equal((await find()).connectedAccount, null);
  const { id } = await pipes.createUserConnectedAccount({ ...account, accessToken: 'token' });
  assert.equal((await find()).connectedAccount.id, id);
  await notFound(pipes.listUserDataProviders({ userId: 'user_unknown' }));
});

test('an account is connected once, to a provider that there is and that works', async () => {
  const account = { ...(await place()), accessToken: 'token' };
  await pipes.createUserConnectedAccount(account);

  await refused(pipes.createUserConnectedAccount(account), { name: 'ConflictException', status: 409 });
  await notFound(pipes.createUserConnectedAccount({ ...account, slug: 'unknown' }));
  const broken = { ...account, slug: await seedProvider({ state: 'invalid' }) };
  await refused(pipes.createUserConnectedAccount(broken), { name: 'UnprocessableEntityException', status: 422 });
});
