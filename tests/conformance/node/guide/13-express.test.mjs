import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { app } from '../express-app.mjs';
import { createUser, password, workos } from '../workos.mjs';

let server;

before(async () => {
  server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});

after(() => {
  server.closeAllConnections();
  server.close();
});

async function ask(method, path, { cookie, body } = {}) {
  const response = await fetch(`http://127.0.0.1:${server.address().port}${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', ...(cookie && { Cookie: cookie }) },
    body: body && JSON.stringify(body),
  });
  return { status: response.status, cookies: response.headers.getSetCookie(), body: await response.json() };
}

async function login() {
  const user = await createUser();
  const { cookies } = await ask('POST', '/login', { body: { email: user.email, password } });
  return { user, cookie: cookies[0].split(';')[0] };
}

test('a login answers the user and sets the cookie', async () => {
  const user = await createUser();

  const answer = await ask('POST', '/login', { body: { email: user.email, password } });

  assert.equal(answer.status, 200);
  assert.equal(answer.body.user.id, user.id);
  const [cookie, ...attributes] = answer.cookies[0].split('; ');
  assert.match(cookie, /^wos-session=Fe26\.2/);
  assert.deepEqual(new Set(attributes), new Set(['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']));
});

test('a login with a wrong password is refused', async () => {
  const { email } = await createUser();

  const answer = await ask('POST', '/login', { body: { email, password: 'another-password' } });

  assert.deepEqual(answer, { status: 401, cookies: [], body: { error: 'Invalid credentials' } });
});

test('the profile is shown to who is signed in', async () => {
  const { user, cookie } = await login();

  const answer = await ask('GET', '/profile', { cookie });

  assert.equal(answer.status, 200);
  assert.equal(answer.body.user.email, user.email);
});

test('the profile is shown to nobody else', async () => {
  for (const cookie of [undefined, 'wos-session=tampered']) {
    assert.equal((await ask('GET', '/profile', { cookie })).status, 401);
  }
});

test("the guide's logout sends no session id, which the API refuses in its form", async () => {
  const { user, cookie } = await login();

  const { body } = await ask('POST', '/logout', { cookie });

  assert.equal(body.exception, 'UnprocessableEntityException');
  assert.equal(body.status, 422);
  assert.match(body.message, /session_id_string_required/);
  assert.equal((await workos.userManagement.listSessions(user.id)).data.length, 1);
});

test("the guide's logout works without a cookie", async () => {
  assert.deepEqual((await ask('POST', '/logout')).body, { success: true });
});

test('a logout that loads the session ends it and clears the cookie', async () => {
  const { user, cookie } = await login();

  const answer = await ask('POST', '/logout-loaded', { cookie });

  assert.deepEqual(answer.body, { success: true });
  assert.match(answer.cookies[0], /^wos-session=; Path=\/; Expires=Thu, 01 Jan 1970/);
  assert.deepEqual((await workos.userManagement.listSessions(user.id)).data, []);
});
