// What several programs about organizations need to get going.
import { randomUUID } from 'node:crypto';

import { createUser, refused, workos } from './workos.mjs';

/** A name that nothing else in the environment has, usable as slug, domain label and external id. */
export function unique(name) {
  return `${name}-${randomUUID().slice(0, 8)}`;
}

export async function createOrganization(attributes = {}) {
  return workos.organizations.createOrganization({ name: 'Acme', ...attributes });
}

export async function join(user, organization, attributes = {}) {
  return workos.userManagement.createOrganizationMembership({
    userId: user.id,
    organizationId: organization.id,
    ...attributes,
  });
}

/** An organization, a new user and the membership of the one in the other. */
export async function createMember(attributes = {}) {
  const [organization, user] = [await createOrganization(), await createUser()];
  return { organization, user, membership: await join(user, organization, attributes) };
}

/** A permission and a role that grants it, by their slugs. */
export async function createRole(name, permission) {
  const [role, granted] = [unique(name), unique(permission)];
  await workos.authorization.createPermission({ slug: granted, name: permission });
  await workos.authorization.createEnvironmentRole({ slug: role, name });
  await workos.authorization.setEnvironmentRolePermissions(role, { permissions: [granted] });
  return { role, permission: granted };
}

export const ids = (objects) => objects.map(({ id }) => id);
export const slugs = (objects) => objects.map(({ slug }) => slug);

/** Checks that nothing of this id is found. */
export async function notFound(call, members = {}) {
  return refused(call, { name: 'NotFoundException', status: 404, code: 'entity_not_found', ...members });
}
