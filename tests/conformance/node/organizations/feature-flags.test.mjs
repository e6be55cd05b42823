import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeJwt } from 'jose';

import { seed } from '../control.mjs';
import { createMember, createOrganization, notFound, slugs, unique } from '../organizations.mjs';
import { createUser, signIn, workos } from '../workos.mjs';

const { featureFlags } = workos;

async function seedFlag(attributes = {}) {
  const slug = unique('flag');
  await seed({ featureFlags: [{ slug, name: 'Flag', enabled: true, default_value: false, ...attributes }] });
  return slug;
}

const onForUser = async ({ id: userId }) => slugs((await featureFlags.listUserFeatureFlags({ userId })).data);
const onForOrganization = async ({ id: organizationId }) =>
  slugs((await featureFlags.listOrganizationFeatureFlags({ organizationId })).data);

test('a flag is read, listed and switched', async () => {
  const slug = await seedFlag({ description: 'New editor', tags: ['beta'] });

  const flag = await featureFlags.getFeatureFlag(slug);

  assert.deepEqual([flag.slug, flag.description, flag.tags, flag.enabled], [slug, 'New editor', ['beta'], true]);
  assert.ok(slugs((await featureFlags.listFeatureFlags()).data).includes(slug));
  assert.equal((await featureFlags.disableFeatureFlag(slug)).enabled, false);
  assert.equal((await featureFlags.enableFeatureFlag(slug)).enabled, true);
});

test('a flag is on for its targets only', async () => {
  const [slug, user, organization] = [await seedFlag(), await createUser(), await createOrganization()];

  await featureFlags.addFlagTarget({ slug, targetId: user.id });
  await featureFlags.addFlagTarget({ slug, targetId: organization.id });

  assert.deepEqual([await onForUser(user), await onForOrganization(organization)], [[slug], [slug]]);
  assert.deepEqual(await onForUser(await createUser()), []);
  await featureFlags.removeFlagTarget({ slug, targetId: user.id });
  assert.deepEqual(await onForUser(user), []);
});

test('the flags of an organization are its members\', and in their tokens', async () => {
  const [slug, { organization, user }] = [await seedFlag(), await createMember()];
  await featureFlags.addFlagTarget({ slug, targetId: organization.id });

  const { accessToken } = await signIn(user.email);

  assert.deepEqual(await onForUser(user), [slug]);
  assert.deepEqual(decodeJwt(accessToken).feature_flags, [slug]);
});

test('a flag by default is on for everybody', async () => {
  const slug = await seedFlag({ default_value: true });

  assert.ok((await onForUser(await createUser())).includes(slug));
  await featureFlags.disableFeatureFlag(slug);
  assert.ok(!(await onForUser(await createUser())).includes(slug));
});

test('flags are paged', async () => {
  const made = [await seedFlag(), await seedFlag(), await seedFlag()].toReversed();

  const page = await featureFlags.listFeatureFlags({ limit: 2 });
  const next = await featureFlags.listFeatureFlags({ limit: 1, after: page.listMetadata.after });

  assert.deepEqual(slugs([...page.data, ...next.data]), made);
});

test('unknown flags, users and organizations are not found', async () => {
  await notFound(featureFlags.getFeatureFlag('unknown'));
  await notFound(featureFlags.enableFeatureFlag('unknown'));
  await notFound(featureFlags.listUserFeatureFlags({ userId: 'user_unknown' }));
  await notFound(featureFlags.listOrganizationFeatureFlags({ organizationId: 'org_unknown' }));
});
