import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createRole, notFound, slugs, unique } from '../organizations.mjs';
import { refused, workos } from '../workos.mjs';

const { authorization } = workos;

test('a permission is created, read and changed', async () => {
  const slug = unique('documents:read');

  const created = await authorization.createPermission({ slug, name: 'Read documents', description: 'All of them' });
  const updated = await authorization.updatePermission(slug, { name: 'Read', description: null });

  assert.match(created.id, /^perm_/);
  assert.deepEqual([created.slug, created.description, created.system], [slug, 'All of them', false]);
  assert.deepEqual([updated.id, updated.name, updated.description], [created.id, 'Read', null]);
  assert.deepEqual(await authorization.getPermission(slug), updated);
});

test('permissions are paged', async () => {
  const made = [];
  for (let number = 0; number < 3; number += 1) {
    made.push((await authorization.createPermission({ slug: unique(`paged-${number}`), name: 'Paged' })).slug);
  }

  const first = await authorization.listPermissions({ limit: 2 });
  const next = await authorization.listPermissions({ limit: 1, after: first.listMetadata.after });
  const back = await authorization.listPermissions({ limit: 2, before: next.data[0].id });

  assert.deepEqual(slugs([...first.data, ...next.data]), made.toReversed());
  assert.deepEqual(back.data, first.data);
  const all = await (await authorization.listPermissions()).autoPagination();
  assert.deepEqual(slugs(all.slice(0, 3)), made.toReversed());
});

test('a deleted permission is gone, also from roles', async () => {
  const { role, permission } = await createRole('editor', 'edit');

  await authorization.deletePermission(permission);

  await notFound(authorization.getPermission(permission));
  await notFound(authorization.deletePermission(permission));
  await notFound(authorization.updatePermission(permission, { name: 'Late' }));
  assert.deepEqual((await authorization.getEnvironmentRole(role)).permissions, []);
});

test('the slug of a permission is taken once and well-formed', async () => {
  const { permission: slug } = await createRole('editor', 'edit');

  await refused(authorization.createPermission({ slug, name: 'Edit' }), {
    name: 'ConflictException', status: 409, code: 'permission_slug_conflict',
  });
  await refused(authorization.createPermission({ slug: 'No Slug', name: 'Edit' }), {
    name: 'GenericServerException', status: 400, code: 'bad_request',
  });
});
