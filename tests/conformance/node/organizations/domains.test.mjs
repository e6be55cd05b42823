import assert from 'node:assert/strict';
import { test } from 'node:test';

import { changeSettings, control } from '../control.mjs';
import { createOrganization, notFound, unique } from '../organizations.mjs';
import { refused, workos } from '../workos.mjs';

const domains = workos.organizationDomains;

async function createDomain(attributes = {}) {
  const { id: organizationId } = await createOrganization();
  return domains.createOrganizationDomain({ domain: `${unique('acme')}.com`, organizationId, ...attributes });
}

test('a new domain waits for its proof', async () => {
  const created = await createDomain();

  assert.match(created.id, /^org_domain_/);
  assert.deepEqual([created.state, created.verificationStrategy], ['pending', 'dns']);
  assert.match(created.verificationToken, /^[A-Za-z0-9]{25}$/);
  assert.match(created.verificationPrefix, /-domain-verification-[A-Za-z0-9]{6}$/);
  assert.deepEqual(await domains.getOrganizationDomain(created.id), created);
  const { domains: [shown] } = await workos.organizations.getOrganization(created.organizationId);
  assert.equal(shown.id, created.id);
});

test('a domain is verified at once, and only once', async () => {
  const { id } = await createDomain();

  await domains.verifyOrganizationDomain(id);

  assert.equal((await domains.getOrganizationDomain(id)).state, 'verified');
  await refused(domains.verifyOrganizationDomain(id), {
    name: 'GenericServerException', status: 400, code: 'domain_already_verified', message: 'Domain is already verified.',
  });
});

test('a domain is verified by hand where the setting says so, and a failed one starts again', async (context) => {
  context.after(() => changeSettings({ domain_verification: 'immediate' }));
  await changeSettings({ domain_verification: 'manual' });
  const { id } = await createDomain();

  assert.equal((await domains.verifyOrganizationDomain(id)).state, 'pending');
  await control('POST', `/domains/${id}/fail`);
  assert.equal((await domains.getOrganizationDomain(id)).state, 'failed');
  assert.equal((await domains.verifyOrganizationDomain(id)).state, 'pending');
  await control('POST', `/domains/${id}/verify`);
  assert.equal((await domains.getOrganizationDomain(id)).state, 'verified');
});

test('an organization has a domain once', async () => {
  const { domain, organizationId } = await createDomain();

  await refused(createDomain({ domain: domain.toUpperCase(), organizationId }), {
    name: 'ConflictException', status: 409, code: 'domain_already_exists',
  });
});

test('a verified domain belongs to one organization', async () => {
  const { id, domain } = await createDomain();
  await domains.verifyOrganizationDomain(id);

  await refused(createDomain({ domain }), { name: 'ConflictException', status: 409 });
});

test('consumer domains and what is no domain are refused', async () => {
  for (const domain of ['gmail.com', 'not a domain', '']) {
    await refused(createDomain({ domain }), {
      name: 'UnprocessableEntityException', status: 422, code: 'invalid_request_parameters',
    });
  }
});

test('a deleted domain is gone', async () => {
  const { id, organizationId } = await createDomain();

  await domains.deleteOrganizationDomain(id);

  await notFound(domains.getOrganizationDomain(id));
  await notFound(domains.deleteOrganizationDomain(id));
  await notFound(domains.verifyOrganizationDomain(id));
  assert.deepEqual((await workos.organizations.getOrganization(organizationId)).domains, []);
});

test('an unknown organization gets no domain', async () => {
  await notFound(createDomain({ organizationId: 'org_unknown' }));
});
