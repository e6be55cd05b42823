import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createMember, createOrganization, ids, join, notFound } from '../organizations.mjs';
import { createUser, refused, workos } from '../workos.mjs';

const { groups } = workos;

async function createGroup(attributes = {}) {
  const { id: organizationId } = await createOrganization();
  const group = await groups.createGroup({ organizationId, name: 'Engineers', ...attributes });
  return { organizationId: group.organizationId, groupId: group.id, group };
}

test('a group is created, read, changed and deleted', async () => {
  const { group: created, ...place } = await createGroup({ description: 'They build' });

  const updated = await groups.updateGroup({ ...place, name: 'Builders', description: null });

  assert.match(created.id, /^group_/);
  assert.deepEqual([created.name, created.description], ['Engineers', 'They build']);
  assert.deepEqual([updated.name, updated.description], ['Builders', null]);
  assert.deepEqual(await groups.getGroup(place), updated);
  await groups.deleteGroup(place);
  await notFound(groups.getGroup(place));
  await notFound(groups.deleteGroup(place));
  await notFound(groups.updateGroup({ ...place, name: 'Late' }));
});

test('groups are paged', async () => {
  const { organizationId, groupId: first } = await createGroup();
  const { groupId: second } = await createGroup({ organizationId });
  const { groupId: third } = await createGroup({ organizationId });

  const page = await groups.listGroups({ organizationId, limit: 2 });
  const next = await groups.listGroups({ organizationId, limit: 2, after: page.listMetadata.after });
  const back = await groups.listGroups({ organizationId, limit: 2, before: first });

  assert.deepEqual([ids(page.data), ids(next.data)], [[third, second], [first]]);
  assert.deepEqual(back.data, page.data);
  assert.equal((await (await groups.listGroups({ organizationId })).autoPagination()).length, 3);
});

test('a membership joins a group, once, and leaves it', async () => {
  const { organization, membership } = await createMember();
  const { group, ...place } = await createGroup({ organizationId: organization.id });
  const member = { ...place, organizationMembershipId: membership.id };

  assert.equal((await groups.addOrganizationMembership(member)).id, group.id);
  await groups.addOrganizationMembership(member);

  const { data: members } = await groups.listOrganizationMemberships(place);
  const { data: [shown] } = await workos.userManagement.listGroupsForOrganizationMembership(member);
  assert.deepEqual(members.map(({ id, userId, status }) => [id, userId, status]), [
    [membership.id, membership.userId, 'active'],
  ]);
  assert.deepEqual(shown, group);
  await groups.removeOrganizationMembership(member);
  assert.deepEqual((await groups.listOrganizationMemberships(place)).data, []);
  await notFound(groups.removeOrganizationMembership(member));
});

test('a membership of another organization does not join', async () => {
  const { membership } = await createMember();
  const { organizationId, groupId } = await createGroup();

  await notFound(groups.addOrganizationMembership({ organizationId, groupId, organizationMembershipId: membership.id }));
});

test('the memberships of a group are paged', async () => {
  const organization = await createOrganization();
  const { organizationId, groupId } = await createGroup({ organizationId: organization.id });
  const made = [];
  for (let number = 0; number < 3; number += 1) {
    const { id: organizationMembershipId } = await join(await createUser(), organization);
    await groups.addOrganizationMembership({ organizationId, groupId, organizationMembershipId });
    made.push(organizationMembershipId);
  }

  const page = await groups.listOrganizationMemberships({ organizationId, groupId, limit: 2, order: 'asc' });
  const all = await (await groups.listOrganizationMemberships({ organizationId, groupId })).autoPagination();

  assert.deepEqual(ids(page.data), made.slice(0, 2));
  assert.deepEqual(ids(all), made.toReversed());
});

test('a group has a name of at most 256 characters and an organization', async () => {
  await refused(createGroup({ name: 'a'.repeat(257) }), {
    name: 'GenericServerException', status: 400, code: 'bad_request',
  });
  await notFound(createGroup({ organizationId: 'org_unknown' }));
  await notFound(groups.listGroups({ organizationId: 'org_unknown' }));
  const { groupId } = await createGroup();
  await notFound(groups.getGroup({ organizationId: (await createOrganization()).id, groupId }));
});
