import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createMember, createOrganization, ids, notFound, unique } from '../organizations.mjs';
import { createUser, refused, workos } from '../workos.mjs';

const { organizations } = workos;

test('an organization is created with domains, metadata and an external id', async () => {
  const [domain, externalId] = [`${unique('acme')}.com`, unique('acme / 1')];

  const created = await organizations.createOrganization({
    name: 'Acme',
    domainData: [{ domain, state: 'verified' }],
    externalId,
    metadata: { plan: 'pro' },
  });

  assert.match(created.id, /^org_[0-9A-HJKMNP-TV-Z]{26}$/);
  assert.deepEqual([created.name, created.externalId, created.metadata], ['Acme', externalId, { plan: 'pro' }]);
  const [shown, ...others] = created.domains;
  assert.deepEqual(others, []);
  assert.deepEqual([shown.domain, shown.state, shown.organizationId], [domain, 'verified', created.id]);
  assert.deepEqual(await organizations.getOrganization(created.id), created);
  assert.deepEqual(await organizations.getOrganizationByExternalId(externalId), created);
});

test('organizations are found by any of their domains', async () => {
  const names = [unique('one'), unique('two'), unique('other')].map((name) => `${name}.com`);
  const made = [];
  for (const domain of names) {
    made.push(await createOrganization({ domainData: [{ domain, state: 'pending' }] }));
  }

  const found = await organizations.listOrganizations({ domains: names.slice(0, 2), order: 'asc' });
  const one = await organizations.listOrganizations({ domains: [names[2].toUpperCase()] });

  assert.deepEqual(ids(found.data), ids(made.slice(0, 2)));
  assert.deepEqual(ids(one.data), [made[2].id]);
});

test('organizations are found by a part of their name', async () => {
  const name = unique('Needle');
  const made = await createOrganization({ name: `The ${name} Company` });

  const found = await organizations.listOrganizations({ search: name.toLowerCase() });

  assert.deepEqual(ids(found.data), [made.id]);
});

test('organizations are paged forward and backward', async () => {
  const search = unique('paged');
  const made = [];
  for (let number = 0; number < 5; number += 1) {
    made.push((await createOrganization({ name: `${search} ${number}` })).id);
  }

  const first = await organizations.listOrganizations({ search, limit: 2, order: 'asc' });
  const { after } = first.listMetadata;
  const second = await organizations.listOrganizations({ search, limit: 2, order: 'asc', after });
  const back = await organizations.listOrganizations({
    search, limit: 2, order: 'asc', before: second.listMetadata.before,
  });
  const all = await (await organizations.listOrganizations({ search })).autoPagination();

  assert.deepEqual(ids(second.data), made.slice(2, 4));
  assert.deepEqual(back.data, first.data);
  assert.deepEqual(ids(all), made.toReversed());
});

test('an update changes what is named and merges metadata', async () => {
  const created = await createOrganization({ metadata: { plan: 'pro', team: 'a' } });

  const updated = await organizations.updateOrganization({
    organization: created.id,
    name: 'New name',
    stripeCustomerId: unique('cus'),
    metadata: { plan: 'max', team: null },
  });

  assert.deepEqual([updated.name, updated.metadata], ['New name', { plan: 'max' }]);
  assert.match(updated.stripeCustomerId, /^cus-/);
  assert.deepEqual(await organizations.getOrganization(created.id), updated);
});

test('domain data replaces the domains, and those that stay keep their id', async () => {
  const [kept, dropped, added] = ['kept', 'dropped', 'added'].map((name) => `${unique(name)}.com`);
  const created = await createOrganization({
    domainData: [kept, dropped].map((domain) => ({ domain, state: 'pending' })),
  });

  const replaced = await organizations.updateOrganization({
    organization: created.id,
    domainData: [{ domain: kept, state: 'verified' }, { domain: added, state: 'pending' }],
  });
  const untouched = await organizations.updateOrganization({ organization: created.id, name: 'Renamed' });
  const emptied = await organizations.updateOrganization({ organization: created.id, domainData: [] });

  assert.deepEqual(replaced.domains.map(({ domain, state }) => [domain, state]), [
    [kept, 'verified'],
    [added, 'pending'],
  ]);
  assert.equal(replaced.domains[0].id, created.domains[0].id);
  assert.deepEqual(untouched.domains, replaced.domains);
  assert.deepEqual(emptied.domains, []);
});

test('a deleted organization is gone with its memberships, and its users stay', async () => {
  const { organization, user, membership } = await createMember();

  await organizations.deleteOrganization(organization.id);

  await notFound(organizations.getOrganization(organization.id), {
    message: `Organization not found: '${organization.id}'.`,
  });
  await notFound(organizations.deleteOrganization(organization.id));
  await notFound(organizations.updateOrganization({ organization: organization.id, name: 'Late' }));
  await notFound(workos.userManagement.getOrganizationMembership(membership.id));
  assert.equal((await workos.userManagement.getUser(user.id)).id, user.id);
});

test('users are listed by organization', async () => {
  const { organization, user } = await createMember();
  await createUser();

  const found = await workos.userManagement.listUsers({ organizationId: organization.id });

  assert.deepEqual(ids(found.data), [user.id]);
});

test('what an organization must not have', async () => {
  const [domain, externalId, stripeCustomerId] = [`${unique('taken')}.com`, unique('taken'), unique('cus')];
  const owner = await createOrganization({ domainData: [{ domain, state: 'verified' }], externalId });
  await organizations.updateOrganization({ organization: owner.id, stripeCustomerId });
  const { id: organization } = await createOrganization();
  const coded = (code) => ({ name: 'GenericServerException', status: 400, code });

  await refused(createOrganization({ externalId }), coded('external_id_already_used'));
  await refused(organizations.updateOrganization({ organization, externalId }), coded('external_id_already_used'));
  await refused(
    organizations.updateOrganization({ organization, stripeCustomerId }),
    coded('stripe_customer_id_already_used'),
  );
  await refused(createOrganization({ metadata: { value: 'a'.repeat(601) } }), {
    name: 'GenericServerException', status: 400, code: 'invalid_metadata',
  });
  await refused(createOrganization({ domainData: [{ domain, state: 'pending' }] }), {
    name: 'ConflictException', status: 409, message: `An Organization with the domain ${domain} already exists.`,
  });
  for (const attributes of [{ name: '' }, { domainData: [{ domain: 'gmail.com', state: 'pending' }] }]) {
    await refused(createOrganization(attributes), {
      name: 'UnprocessableEntityException', status: 422, code: 'invalid_request_parameters',
    });
  }
});

test('unknown organizations are not found', async () => {
  await notFound(organizations.getOrganization('org_unknown'));
  await notFound(organizations.getOrganizationByExternalId('unknown'));
});
