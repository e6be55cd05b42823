import assert from 'node:assert/strict';
import { test } from 'node:test';

import { changeSettings, mailTo } from '../control.mjs';
import { createMember, createOrganization, createRole, ids, join, notFound, unique } from '../organizations.mjs';
import { createUser, refused, workos } from '../workos.mjs';

const users = workos.userManagement;

async function pendingMembership() {
  const [organization, user] = [await createOrganization(), await createUser()];
  await users.sendInvitation({ email: user.email, organizationId: organization.id });
  const { data: [membership] } = await users.listOrganizationMemberships({ userId: user.id, statuses: ['pending'] });
  return { organization, user, membership };
}

test('a membership is created with the default role', async () => {
  const { organization, user, membership } = await createMember();

  assert.match(membership.id, /^om_/);
  assert.deepEqual([membership.userId, membership.organizationId], [user.id, organization.id]);
  assert.deepEqual([membership.organizationName, membership.status], [organization.name, 'active']);
  assert.deepEqual([membership.role, membership.roles], [{ slug: 'member' }, [{ slug: 'member' }]]);
  assert.deepEqual([membership.directoryManaged, membership.customAttributes], [false, {}]);
  assert.deepEqual(await users.getOrganizationMembership(membership.id), membership);
});

test('a membership is created with a role and gets another', async () => {
  const [{ role: first }, { role: second }] = [await createRole('first', 'read'), await createRole('second', 'write')];
  const { membership } = await createMember({ roleSlug: first });

  const updated = await users.updateOrganizationMembership(membership.id, { roleSlug: second });

  assert.equal(membership.role.slug, first);
  assert.deepEqual(updated.roles, [{ slug: second }]);
});

test('several roles need the setting, and the highest of them is the role', async (context) => {
  context.after(() => changeSettings({ multiple_roles: 'off' }));
  const [{ role: high }, { role: low }] = [await createRole('high', 'read'), await createRole('low', 'write')];
  const { membership } = await createMember();
  const update = () => users.updateOrganizationMembership(membership.id, { roleSlugs: [low, high] });

  await refused(update(), {
    name: 'UnprocessableEntityException', status: 422, code: 'multiple_roles_not_enabled',
  });
  await changeSettings({ multiple_roles: 'on' });
  const updated = await update();

  assert.deepEqual(updated.roles, [{ slug: high }, { slug: low }]);
  assert.equal(updated.role.slug, high);
});

test('memberships are listed by user, by organization and by both', async () => {
  const { organization, user, membership } = await createMember();
  const elsewhere = await join(user, await createOrganization());
  const colleague = await join(await createUser(), organization);
  const list = async (filters) => ids((await users.listOrganizationMemberships({ order: 'asc', ...filters })).data);

  assert.deepEqual(await list({ userId: user.id }), [membership.id, elsewhere.id]);
  assert.deepEqual(await list({ organizationId: organization.id }), [membership.id, colleague.id]);
  assert.deepEqual(await list({ userId: user.id, organizationId: organization.id }), [membership.id]);
});

test('memberships are listed by status, active ones unless told otherwise', async () => {
  const { organization, membership: active } = await createMember();
  const inactive = await join(await createUser(), organization);
  await users.deactivateOrganizationMembership(inactive.id);
  const invited = await createUser();
  await users.sendInvitation({ email: invited.email, organizationId: organization.id });
  const list = async (filters) => {
    const { data } = await users.listOrganizationMemberships({ organizationId: organization.id, order: 'asc', ...filters });
    return data.map(({ userId, status }) => [userId, status]);
  };

  const everyone = [[active.userId, 'active'], [inactive.userId, 'inactive'], [invited.id, 'pending']];
  assert.deepEqual(await list(), everyone.slice(0, 1));
  assert.deepEqual(await list({ statuses: ['inactive', 'pending'] }), everyone.slice(1));
  assert.deepEqual(await list({ statuses: ['active', 'inactive', 'pending'] }), everyone);
});

test('memberships are paged', async () => {
  const organization = await createOrganization();
  const made = [];
  for (let number = 0; number < 5; number += 1) {
    made.push((await join(await createUser(), organization)).id);
  }
  const list = (options) => users.listOrganizationMemberships({ organizationId: organization.id, ...options });

  const first = await list({ limit: 2 });
  const second = await list({ limit: 2, after: first.listMetadata.after });
  const back = await list({ limit: 2, before: second.listMetadata.before });

  assert.deepEqual(ids([...first.data, ...second.data]), made.toReversed().slice(0, 4));
  assert.deepEqual(back.data, first.data);
  assert.deepEqual(ids(await (await list()).autoPagination()), made.toReversed());
});

test('a list needs a filter that exists and known statuses', async () => {
  const refusal = (code) => ({ name: 'GenericServerException', status: 400, code });
  await refused(users.listOrganizationMemberships({}), refusal('missing_user_id_or_organization_id'));
  const { user } = await createMember();
  const unknownStatus = users.listOrganizationMemberships({ userId: user.id, statuses: ['gone'] });
  await refused(unknownStatus, { status: 400, code: 'invalid_request_parameters' });
});

test('deactivating and reactivating are idempotent and keep the role', async () => {
  const { role } = await createRole('editor', 'edit');
  const { membership } = await createMember({ roleSlug: role });

  const inactive = await users.deactivateOrganizationMembership(membership.id);
  const again = await users.deactivateOrganizationMembership(membership.id);
  const active = await users.reactivateOrganizationMembership(membership.id);

  assert.equal(inactive.status, 'inactive');
  assert.deepEqual(again, inactive);
  assert.deepEqual([active.status, active.role.slug], ['active', role]);
  assert.deepEqual(await users.reactivateOrganizationMembership(membership.id), active);
});

test('creating an inactive membership again reactivates it', async () => {
  const { organization, user, membership } = await createMember();
  await users.deactivateOrganizationMembership(membership.id);

  const revived = await join(user, organization);

  assert.deepEqual([revived.id, revived.status], [membership.id, 'active']);
});

test('a pending membership waits for its invitation', async () => {
  const { organization, user, membership } = await pendingMembership();
  const reactivate = 'cannot_reactivate_pending_organization_membership';

  await refused(users.reactivateOrganizationMembership(membership.id), { status: 400, code: reactivate });
  await refused(join(user, organization), { status: 400, code: reactivate });
  await refused(users.deactivateOrganizationMembership(membership.id), {
    status: 400, code: 'cannot_deactivate_pending_organization_membership',
  });
  assert.ok((await mailTo(user.email, 'invitation')).link);
  await users.deleteOrganizationMembership(membership.id);
  await notFound(users.getOrganizationMembership(membership.id));
});

test('an active member cannot join again', async () => {
  const { organization, user } = await createMember();

  await refused(join(user, organization), {
    name: 'ConflictException', status: 409, code: 'organization_membership_already_exists',
  });
});

test('unknown roles, users and organizations are refused', async () => {
  const { organization, user, membership } = await createMember();
  const invalidRole = { name: 'UnprocessableEntityException', status: 422, code: 'invalid_role' };
  const roleSlug = unique('unknown');

  await refused(join(await createUser(), organization, { roleSlug }), invalidRole);
  await refused(users.updateOrganizationMembership(membership.id, { roleSlug }), invalidRole);
  await notFound(join({ id: 'user_unknown' }, organization));
  await notFound(join(user, { id: 'org_unknown' }));
  await refused(users.createOrganizationMembership({}), {
    name: 'UnprocessableEntityException', status: 422, code: 'invalid_request_parameters',
  });
});

test('a deleted membership is gone', async () => {
  const { membership } = await createMember();

  await users.deleteOrganizationMembership(membership.id);

  await notFound(users.getOrganizationMembership(membership.id));
  await notFound(users.deleteOrganizationMembership(membership.id));
  await notFound(users.deactivateOrganizationMembership(membership.id));
});
