// An application with authkit-session. Listens on a free port and prints its URL.
import { once } from 'node:events';

import express from 'express';

import { createSessions } from './sessions.mjs';

const app = express();
const listener = app.listen(0, 'localhost');
await once(listener, 'listening');
const url = `http://localhost:${listener.address().port}`;
const sessions = createSessions({ redirectUri: `${url}/callback` });

function page(response, heading, ...lines) {
  const icon = '<link rel="icon" href="data:,">';
  response.send(`<!doctype html><html lang="en"><title>Express app</title>${icon}<h1>${heading}</h1>${lines.join('')}`);
}

const button = (action, text, fields = '') =>
  `<form method="post" action="${action}">${fields}<button>${text}</button></form>`;

/** Lets in who is signed in, with tokens that are refreshed where the old one has expired. */
async function requireSession(request, response, next) {
  const { auth, refreshedSessionData } = await sessions.withAuth(request);
  if (!auth.user) {
    return response.redirect(303, '/');
  }
  if (refreshedSessionData) {
    await sessions.saveSession(response, refreshedSessionData);
  }
  request.auth = auth;
  next();
}

app.use(express.urlencoded({ extended: false }));

app.get('/', (request, response) => {
  page(response, 'Signed out', button('/sign-in', 'Sign in'));
});

app.post('/sign-in', async (request, response) => {
  const { url } = await sessions.createSignIn(response, { returnPathname: '/account' });
  response.redirect(303, url);
});

app.get('/callback', async (request, response) => {
  const { code, state } = request.query;
  if (!code) {
    await sessions.clearPendingVerifier(response, { state });
    return page(response, 'Not signed in', `<p>${request.query.error}</p>`);
  }
  const { returnPathname } = await sessions.handleCallback(request, response, { code, state });
  response.redirect(303, returnPathname);
});

app.get('/account', requireSession, (request, response) => {
  const { user, organizationId, claims } = request.auth;
  page(
    response,
    `Signed in as ${user.email}`,
    `<p data-testid="organization">${organizationId ?? 'no organization'}</p>`,
    `<pre data-testid="claims">${JSON.stringify(claims)}</pre>`,
    button('/refresh', 'Refresh'),
    button('/switch', 'Switch', '<label>Organization <input name="organization"></label>'),
    button('/sign-out', 'Sign out'),
  );
});

app.post('/refresh', async (request, response) => {
  const { encryptedSession } = await sessions.refreshSession(await sessions.getSession(request));
  await sessions.saveSession(response, encryptedSession);
  response.redirect(303, '/account');
});

app.post('/switch', async (request, response) => {
  const { organization } = request.body;
  const { encryptedSession } = await sessions.switchOrganization(await sessions.getSession(request), organization);
  await sessions.saveSession(response, encryptedSession);
  response.redirect(303, '/account');
});

app.post('/sign-out', requireSession, async (request, response) => {
  const { logoutUrl, headers } = await sessions.signOut(request.auth.sessionId, { returnTo: url });
  response.append('Set-Cookie', headers['Set-Cookie']);
  response.redirect(303, logoutUrl);
});

console.log(url);
