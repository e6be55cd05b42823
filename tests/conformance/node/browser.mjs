// The steps of a browser, one at a time: where a redirect leads is looked at and not gone to.
import assert from 'node:assert/strict';

import { redirectUri } from './workos.mjs';

async function redirectOf(url) {
  const response = await fetch(url, { redirect: 'manual' });
  await response.arrayBuffer();
  return { status: response.status, location: response.headers.get('location') };
}

/** Opens an authorization URL and returns the query that comes back to the app. */
export async function authorize(url, expected = redirectUri) {
  const { status, location } = await redirectOf(url);
  assert.equal(status, 302);
  assert.ok(location.startsWith(`${expected}?`), location);
  return new URL(location).searchParams;
}

/** Opens a sign-out URL and returns where it leads. */
export async function logOut(url) {
  const { status, location } = await redirectOf(url);
  assert.equal(status, 302);
  return location;
}

export async function expectNoRedirect(url, to) {
  const { location } = await redirectOf(url);
  assert.ok(!location?.startsWith(to), `${location} should not be reached`);
}
