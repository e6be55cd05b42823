// A client of the environment that the variables name, and what several steps of the guide need to get going.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

export const { MOCKSERVER_URL: url, WORKOS_API_KEY: apiKey, WORKOS_CLIENT_ID: clientId } = process.env;
export const cookiePassword = 'a cookie password of more than 32 characters';
export const password = 'secure-password';
export const redirectUri = 'http://localhost:3000/callback';

const { WorkOS } = await import(process.env.SDK ?? 'workos-11');

/** Where the server is, as the SDK's options say it. */
export function location() {
  const { hostname, port } = new URL(url);
  return { apiHostname: hostname, port: Number(port), https: false };
}

export const workos = new WorkOS(apiKey, { ...location(), clientId });

/** A public client, as in a browser or an app: without an API key, also without the environment's. */
export function publicWorkos() {
  const { WORKOS_API_KEY } = process.env;
  delete process.env.WORKOS_API_KEY;
  try {
    return new WorkOS({ ...location(), clientId });
  } finally {
    process.env.WORKOS_API_KEY = WORKOS_API_KEY;
  }
}

export function newEmail(name = 'ada') {
  return `${name}-${randomUUID()}@example.com`;
}

export async function createUser(attributes = {}) {
  return workos.userManagement.createUser({
    email: newEmail(),
    password,
    firstName: 'Ada',
    lastName: 'Lovelace',
    emailVerified: true,
    ...attributes,
  });
}

export async function signIn(email, attributes = {}) {
  return workos.userManagement.authenticateWithPassword({ clientId, email, password, ...attributes });
}

/** A sealed session of a new user. */
export async function sealedSession() {
  const user = await createUser();
  return signIn(user.email, { session: { sealSession: true, cookiePassword } });
}

/** Checks that a call is refused with an exception that has these members, and returns the exception. */
export async function refused(call, members) {
  try {
    await call;
  } catch (error) {
    const seen = Object.fromEntries(Object.keys(members).map((name) => [name, error[name]]));
    assert.deepEqual(seen, members, `${error.name}: ${error.message}`);
    return error;
  }
  assert.fail(`This was accepted, and should be refused with ${JSON.stringify(members)}`);
}

/** Another six digits. */
export function wrong(code) {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0');
}
