import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createMember, createOrganization, createRole, notFound, slugs, unique } from '../organizations.mjs';
import { refused, workos } from '../workos.mjs';

const { authorization } = workos;

async function createPermission(name) {
  const slug = unique(name);
  await authorization.createPermission({ slug, name });
  return slug;
}

async function createOrganizationRole(attributes = {}) {
  const organization = await createOrganization();
  const role = await authorization.createOrganizationRole(organization.id, { name: 'Auditor', ...attributes });
  return { organization, role };
}

test('every environment has the role member', async () => {
  const { data } = await authorization.listEnvironmentRoles();

  assert.equal(data[0].slug, 'member');
  assert.deepEqual([data[0].type, data[0].resourceTypeSlug], ['EnvironmentRole', 'organization']);
});

test('an environment role is created, listed, changed and read', async () => {
  const slug = unique('editor');

  const created = await authorization.createEnvironmentRole({ slug, name: 'Editor', description: 'Edits' });
  const updated = await authorization.updateEnvironmentRole(slug, { name: 'Chief editor', description: null });

  assert.match(created.id, /^role_/);
  assert.deepEqual([created.slug, created.name, created.description], [slug, 'Editor', 'Edits']);
  assert.deepEqual(created.permissions, []);
  assert.deepEqual([updated.id, updated.name, updated.description], [created.id, 'Chief editor', null]);
  assert.deepEqual(await authorization.getEnvironmentRole(slug), updated);
  assert.ok(slugs((await authorization.listEnvironmentRoles()).data).includes(slug));
});

test('an environment role gets permissions, one by one and all together', async () => {
  const [read, write] = [await createPermission('read'), await createPermission('write')];
  const { role, permission } = await createRole('editor', 'edit');

  const more = await authorization.addEnvironmentRolePermission(role, { permissionSlug: read });
  const same = await authorization.addEnvironmentRolePermission(role, { permissionSlug: read });
  const replaced = await authorization.setEnvironmentRolePermissions(role, { permissions: [write] });

  assert.deepEqual(more.permissions.toSorted(), [permission, read].toSorted());
  assert.deepEqual(same.permissions, more.permissions);
  assert.deepEqual(replaced.permissions, [write]);
  await notFound(authorization.addEnvironmentRolePermission(role, { permissionSlug: 'unknown' }));
  await notFound(authorization.setEnvironmentRolePermissions(role, { permissions: ['unknown'] }));
});

test('the slug of an environment role is taken once and well-formed', async () => {
  const { role: slug } = await createRole('editor', 'edit');

  await refused(authorization.createEnvironmentRole({ slug, name: 'Editor' }), {
    name: 'ConflictException', status: 409, code: 'role_slug_conflict',
  });
  await refused(authorization.createEnvironmentRole({ slug: 'No Slug', name: 'Editor' }), {
    name: 'GenericServerException', status: 400, code: 'bad_request',
  });
  await notFound(authorization.getEnvironmentRole('unknown'));
  await notFound(authorization.updateEnvironmentRole('unknown', { name: 'Unknown' }));
});

test('the roles of an organization come behind those of the environment', async () => {
  const { organization, role } = await createOrganizationRole();

  const { data } = await authorization.listOrganizationRoles(organization.id);

  assert.equal(data[0].slug, 'member');
  assert.equal(data.at(-1).id, role.id);
  assert.ok(!slugs((await authorization.listEnvironmentRoles()).data).includes(role.slug));
});

test('a role of an organization is created, read, changed and deleted', async () => {
  const { organization, role: created } = await createOrganizationRole({ description: 'Looks at everything' });

  const updated = await authorization.updateOrganizationRole(organization.id, created.slug, { name: 'Inspector' });

  assert.deepEqual([created.slug, created.type], ['org-auditor', 'OrganizationRole']);
  assert.deepEqual([updated.id, updated.name, updated.description], [created.id, 'Inspector', 'Looks at everything']);
  assert.deepEqual(await authorization.getOrganizationRole(organization.id, created.slug), updated);
  await authorization.deleteOrganizationRole(organization.id, created.slug);
  await notFound(authorization.getOrganizationRole(organization.id, created.slug));
  await notFound(authorization.deleteOrganizationRole(organization.id, created.slug));
});

test('a role of an organization gets permissions and loses them', async () => {
  const [read, write] = [await createPermission('read'), await createPermission('write')];
  const { organization: { id }, role: { slug } } = await createOrganizationRole();

  const set = await authorization.setOrganizationRolePermissions(id, slug, { permissions: [read] });
  const more = await authorization.addOrganizationRolePermission(id, slug, { permissionSlug: write });
  await authorization.removeOrganizationRolePermission(id, slug, { permissionSlug: read });

  assert.deepEqual(set.permissions, [read]);
  assert.deepEqual(more.permissions.toSorted(), [read, write].toSorted());
  assert.deepEqual((await authorization.getOrganizationRole(id, slug)).permissions, [write]);
  await notFound(authorization.removeOrganizationRolePermission(id, slug, { permissionSlug: read }));
});

test('what an organization role must not be', async () => {
  const { organization: { id }, role: { slug } } = await createOrganizationRole();

  await refused(authorization.createOrganizationRole(id, { slug, name: 'Auditor' }), {
    name: 'ConflictException', status: 409, code: 'organization_role_slug_conflict',
  });
  await refused(authorization.createOrganizationRole(id, { slug: 'auditor', name: 'Auditor' }), {
    name: 'GenericServerException', status: 400, code: 'bad_request',
  });
  await refused(authorization.deleteOrganizationRole(id, 'member'), { status: 400, code: 'bad_request' });
  await notFound(authorization.listOrganizationRoles('org_unknown'));
});

test('a role that a member has is not deleted', async () => {
  const { organization, membership } = await createMember();
  const { slug } = await authorization.createOrganizationRole(organization.id, { name: 'Auditor' });
  await workos.userManagement.updateOrganizationMembership(membership.id, { roleSlug: slug });

  await refused(authorization.deleteOrganizationRole(organization.id, slug), {
    name: 'ConflictException', status: 409, code: 'role_has_assignments',
  });
});
