import assert from 'node:assert/strict';
import { test } from 'node:test';

import { clientId, cookiePassword, createUser, password, workos } from '../workos.mjs';

test('the session comes sealed, for the cookie', async () => {
  const user = await createUser();

  const { sealedSession, accessToken, refreshToken } = await workos.userManagement.authenticateWithPassword({
    clientId,
    email: user.email,
    password,
    session: { sealSession: true, cookiePassword },
  });

  assert.match(sealedSession, /^Fe26\.2\*/);
  const opened = await workos.userManagement.getSessionFromCookie({ sessionData: sealedSession, cookiePassword });
  assert.deepEqual(opened, { user: { ...opened.user }, accessToken, refreshToken, authenticationMethod: 'Password' });
  assert.equal(opened.user.id, user.id);
});
