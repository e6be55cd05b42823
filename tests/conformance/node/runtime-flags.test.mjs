// The runtime client of feature flags, with the version of the SDK that the variable SDK names.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { seed } from './control.mjs';
import { createOrganization, unique } from './organizations.mjs';
import { createUser, workos } from './workos.mjs';

test('the runtime client becomes ready and evaluates flags by itself', async () => {
  const [user, organization] = [await createUser(), await createOrganization()];
  const [forAll, forSome, off] = [unique('all'), unique('some'), unique('off')];
  const targets = { users: [{ id: user.id, enabled: true }], organizations: [{ id: organization.id, enabled: true }] };
  await seed({
    featureFlags: [
      { slug: forAll, name: 'For all', enabled: true, default_value: true },
      { slug: forSome, name: 'For some', enabled: true, default_value: false, targets },
      { slug: off, name: 'Off', enabled: false, default_value: true, targets },
    ],
  });

  const client = workos.featureFlags.createRuntimeClient();
  try {
    await client.waitUntilReady({ timeoutMs: 30_000 });

    const on = (context) => [forAll, forSome, off].filter((slug) => client.isEnabled(slug, context));
    assert.deepEqual(on({}), [forAll]);
    assert.deepEqual(on({ userId: user.id }), [forAll, forSome]);
    assert.deepEqual(on({ organizationId: organization.id }), [forAll, forSome]);
    assert.deepEqual(on({ userId: 'user_another' }), [forAll]);
    assert.equal(client.getFlag(forSome).targets.users[0].id, user.id);
    assert.equal(client.getStats().flagCount, 3);
  } finally {
    client.close();
  }
});
