// What users have observed of production, with the version of the SDK that the variable SDK names.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeJwt } from 'jose';

import { authorize } from './browser.mjs';
import { advanceClock, control } from './control.mjs';
import { createMember, createOrganization, join, unique } from './organizations.mjs';
import { clientId, createUser, newEmail, redirectUri, refused, signIn, workos } from './workos.mjs';

const { organizations, sso, userManagement: users } = workos;

const refresh = async (signedIn, options = {}) =>
  users.authenticateWithRefreshToken({ clientId, refreshToken: signedIn.refreshToken, ...options });

test('a refresh without an organization leads back to that of the sign-in', async () => {
  const { organization, user } = await createMember();
  const signedIn = await signIn(user.email);
  const other = await createOrganization();
  await join(user, other);

  const switched = await refresh(signedIn, { organizationId: other.id });
  const back = await refresh(switched);

  assert.equal(decodeJwt(switched.accessToken).org_id, other.id);
  assert.deepEqual([back.organizationId, decodeJwt(back.accessToken).org_id], [organization.id, organization.id]);
});

test('a refresh without an organization leads back to none', async () => {
  const user = await createUser();
  const signedIn = await signIn(user.email);
  const organization = await createOrganization();
  await join(user, organization);

  const switched = await refresh(signedIn, { organizationId: organization.id });
  const back = await refresh(switched);

  assert.equal(switched.organizationId, organization.id);
  assert.equal(back.organizationId, undefined);
  assert.equal(decodeJwt(back.accessToken).org_id, undefined);
});

test('metadata is read from the user, not from a sign-in', async () => {
  const user = await createUser();
  await users.updateUser({ userId: user.id, metadata: { plan: 'pro' } });

  const signedIn = await signIn(user.email);

  assert.deepEqual((await users.getUser(user.id)).metadata, { plan: 'pro' });
  assert.deepEqual(signedIn.user.metadata ?? {}, {});
});

test('a code of standalone SSO signs its user in, once', async () => {
  const domain = `${unique('acme')}.com`;
  const organization = await createOrganization({ domainData: [{ domain, state: 'verified' }] });
  const { id: connection } = await control('POST', '/sso_connections', {
    connection_type: 'OktaSAML', name: 'Acme SSO', organization_id: organization.id,
    profiles: [{ email: `ada@${domain}`, first_name: 'Ada', last_name: 'Lovelace' }],
  });
  const code = (await authorize(sso.getAuthorizationUrl({ clientId, connection, redirectUri }))).get('code');

  const signedIn = await users.authenticateWithCode({ clientId, code });

  assert.deepEqual([signedIn.user.email, signedIn.user.emailVerified], [`ada@${domain}`, true]);
  assert.deepEqual([signedIn.authenticationMethod, signedIn.organizationId], ['SSO', organization.id]);
  const spent = { name: 'OauthException', status: 400, error: 'invalid_grant' };
  await refused(sso.getProfileAndToken({ clientId, code }), spent);
  await refused(users.authenticateWithCode({ clientId, code }), spent);
});

test('domains without a state count as verified', async () => {
  const domain = `${unique('acme')}.com`;

  const { id } = await createWithDomains([domain]);

  const { domains: [shown] } = await organizations.getOrganization(id);
  assert.deepEqual([shown.domain, shown.state], [domain, 'legacy_verified']);
  assert.deepEqual([shown.verificationStrategy, shown.verificationToken], [undefined, undefined]);
});

/** Version 7 is the last that sends them. */
async function createWithDomains(domains) {
  if (process.env.SDK === 'workos-7') {
    return organizations.createOrganization({ name: 'Acme', domains });
  }
  return (await workos.post('/organizations', { name: 'Acme', domains })).data;
}

test('a code of AuthKit takes no invitation', async () => {
  const [user, organization] = [await createUser(), await createOrganization()];
  const { token: invitationToken } = await users.sendInvitation({ email: user.email, organizationId: organization.id });
  const url = users.getAuthorizationUrl({ provider: 'authkit', clientId, redirectUri, loginHint: user.email });
  const code = (await authorize(url)).get('code');

  await refused(users.authenticateWithCode({ clientId, code, invitationToken }), {
    name: 'UnprocessableEntityException',
    status: 422,
    message: '`invite_token` cannot be specified for an AuthKit authorization code.',
  });

  assert.equal((await users.authenticateWithCode({ clientId, code })).user.id, user.id);
});

test('an invitation that has ended is not sent again', async () => {
  const [revoked, accepted, expired] = [await invite(), await invite(), await invite({ expiresInDays: 1 })];
  await users.revokeInvitation(revoked.id);
  await users.acceptInvitation(accepted.id);
  await advanceClock(86_400);

  const told = async ({ id }, message) => refused(users.resendInvitation(id), { status: 400, message });
  await told(revoked, 'Invite has been revoked.');
  await told(accepted, 'Invite has already been accepted.');
  await told(expired, 'Invite has expired.');
});

async function invite(options = {}) {
  return users.sendInvitation({ email: newEmail('grace'), ...options });
}
