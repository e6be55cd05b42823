// Connections, and SSO both standalone and through AuthKit.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { control } from '../control.mjs';
import { createOrganization, ids, notFound, unique } from '../organizations.mjs';
import { clientId, createUser, password, publicWorkos, redirectUri, refused, workos } from '../workos.mjs';

const { sso, userManagement: users } = workos;

/** A connection of an organization that has verified its domain, and somebody whom its provider knows. */
async function createConnection(attributes = {}) {
  const domain = `${unique('acme')}.com`;
  const organization = await createOrganization({ domainData: [{ domain, state: 'verified' }] });
  const connection = await control('POST', '/sso_connections', {
    connection_type: 'OktaSAML',
    name: unique('SSO'),
    organization_id: organization.id,
    profiles: [{ email: `ada@${domain}`, idp_id: '00u1', first_name: 'Ada', last_name: 'Lovelace', groups: ['admins'] }],
    ...attributes,
  });
  return { organization, connection: connection.id, name: connection.name, domain };
}

/** What the visit to an authorization URL sends to the app. */
async function visit(url) {
  const { status, headers } = await fetch(url, { redirect: 'manual' });
  assert.equal(status, 302);
  return Object.fromEntries(new URL(headers.get('location')).searchParams);
}

test('a connection is listed, read and deleted', async () => {
  const { organization, connection, name, domain } = await createConnection();

  const { data } = await sso.listConnections({ organizationId: organization.id, connectionType: 'OktaSAML' });
  const found = await sso.getConnection(connection);

  assert.deepEqual(data, [found]);
  assert.deepEqual([found.name, found.type, found.state], [name, 'OktaSAML', 'active']);
  assert.deepEqual(found.domains.map((item) => item.domain), [domain]);
  assert.deepEqual(ids((await sso.listConnections({ domain })).data), [connection]);
  await sso.deleteConnection(connection);
  await notFound(sso.getConnection(connection));
  await notFound(sso.deleteConnection(connection));
});

test('a code becomes a profile, and its token reads the profile again', async () => {
  const { organization, connection } = await createConnection();

  const sent = await visit(sso.getAuthorizationUrl({ clientId, connection, redirectUri, state: 'a b' }));
  const { profile, accessToken, oauthTokens } = await sso.getProfileAndToken({ clientId, code: sent.code });

  assert.equal(sent.state, 'a b');
  assert.deepEqual([profile.organizationId, profile.connectionId, profile.idpId], [organization.id, connection, '00u1']);
  assert.deepEqual([profile.firstName, profile.lastName, profile.groups], ['Ada', 'Lovelace', ['admins']]);
  assert.equal(oauthTokens, undefined);
  assert.deepEqual(await sso.getProfile({ accessToken }), profile);
  await refused(sso.getProfile({ accessToken: 'unknown' }), { name: 'UnauthorizedException', status: 401 });
  await refused(sso.getProfileAndToken({ clientId, code: sent.code }), {
    name: 'OauthException',
    status: 400,
    error: 'invalid_grant',
  });
});

test('a public client signs in with PKCE', async () => {
  const { connection } = await createConnection();

  const { url, codeVerifier } = await sso.getAuthorizationUrlWithPKCE({ clientId, connection, redirectUri });
  const { code } = await visit(url);
  const { profile } = await publicWorkos().sso.getProfileAndToken({ clientId, code, codeVerifier });

  assert.equal(profile.connectionId, connection);
});

test('a provider may return its tokens', async () => {
  await control('PATCH', '/settings', { oauth_tokens: 'on' });
  const asked = { clientId, provider: 'GoogleOAuth', redirectUri, providerScopes: ['email', 'calendar'] };

  const { code } = await visit(sso.getAuthorizationUrl(asked));
  const { oauthTokens } = await sso.getProfileAndToken({ clientId, code });

  await control('PATCH', '/settings', { oauth_tokens: 'off' });
  assert.deepEqual(oauthTokens.scopes, ['email', 'calendar']);
  assert.ok(oauthTokens.expiresAt > Date.now() / 1000);
});

test('an organization without a connection is told to the app', async () => {
  const organization = await createOrganization();

  const sent = await visit(sso.getAuthorizationUrl({ clientId, organization: organization.id, redirectUri }));

  assert.equal(sent.error, 'organization_invalid');
});

test('AuthKit makes a member of who signs in by SSO', async () => {
  const { organization } = await createConnection();

  const url = users.getAuthorizationUrl({ clientId, organizationId: organization.id, redirectUri });
  const answer = await users.authenticateWithCode({ clientId, code: (await visit(url)).code });

  assert.deepEqual([answer.authenticationMethod, answer.organizationId], ['SSO', organization.id]);
  const { data } = await users.listOrganizationMemberships({ userId: answer.user.id });
  assert.deepEqual(data.map((member) => [member.organizationId, member.status]), [[organization.id, 'active']]);
});

test('a password of the domain is refused with the connection to use', async () => {
  const { connection, domain } = await createConnection();
  const user = await createUser({ email: `grace@${domain}` });

  const error = await refused(users.authenticateWithPassword({ clientId, email: user.email, password }), {
    name: 'AuthenticationException',
    status: 400,
  });

  assert.equal(error.rawData.error, 'sso_required');
  assert.deepEqual(error.rawData.connection_ids, [connection]);
});

test('a profile is logged out at its provider', async () => {
  const { connection } = await createConnection({ connection_type: 'GenericOIDC' });
  const { code } = await visit(sso.getAuthorizationUrl({ clientId, connection, redirectUri }));
  const { profile } = await sso.getProfileAndToken({ clientId, code });

  const { data } = await workos.post('/sso/logout/authorize', { profile_id: profile.id });
  const { status } = await fetch(data.logout_url, { redirect: 'manual' });

  assert.ok(data.logout_url.endsWith(data.logout_token));
  assert.equal(status, 302);
});
