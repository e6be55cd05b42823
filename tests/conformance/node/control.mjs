// The control plane: what a test may do and an app of production may not.
import assert from 'node:assert/strict';

import { apiKey, url } from './workos.mjs';

export async function control(method, path, body) {
  const response = await fetch(`${url}/_emulate${path}`, {
    method,
    headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  const answer = text && JSON.parse(text);
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

/** The first mail of this kind to this address, or the first one after that message. */
export async function mailTo(to, kind, { after } = {}) {
  return control('GET', `/inbox/wait?${new URLSearchParams({ to, kind, ...(after && { after: after.id }) })}`);
}

export async function advanceClock(seconds) {
  await control('POST', '/clock/advance', { seconds });
}

/** The environment's time, in milliseconds. */
export async function now() {
  return Date.parse((await control('GET', '/clock')).now);
}

export async function changeSettings(settings) {
  await control('PATCH', '/settings', settings);
}

/** Loads fixtures: what production lets people make in the dashboard only. */
export async function seed(fixtures) {
  await control('POST', '/seed', fixtures);
}
