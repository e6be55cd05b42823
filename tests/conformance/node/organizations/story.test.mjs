// A company moves in: from its first administrator to the day on which somebody leaves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeJwt } from 'jose';

import { authorize } from '../browser.mjs';
import { mailTo } from '../control.mjs';
import { createOrganization, createRole, join, unique } from '../organizations.mjs';
import {
  clientId, cookiePassword, createUser, newEmail, password, redirectUri, refused, signIn, workos,
} from '../workos.mjs';

const users = workos.userManagement;
const session = { sealSession: true, cookiePassword };

async function authenticated({ sealedSession }) {
  return users.loadSealedSession({ sessionData: sealedSession, cookiePassword }).authenticate();
}

test('a company moves in', async (story) => {
  const domain = `${unique('acme')}.com`;
  const { role: administrator } = await createRole('admin', 'members:manage');
  const { role: editor, permission } = await createRole('editor', 'documents:write');
  const admin = await createUser({ email: `admin@${domain}` });
  const acme = await createOrganization({ name: 'Acme', domainData: [{ domain, state: 'verified' }] });
  await join(admin, acme, { roleSlug: administrator });

  const newcomer = `newcomer@${domain}`;
  const existing = await createUser({ email: `existing@${domain}` });
  const foreigner = newEmail('foreigner');
  const invited = {};
  const statusOf = async (user) => {
    const { data: [membership] } = await users.listOrganizationMemberships({
      userId: user.id, organizationId: acme.id, statuses: ['active', 'inactive', 'pending'],
    });
    return membership?.status;
  };
  const mailedToken = async (email) => new URL((await mailTo(email, 'invitation')).link).searchParams.get('invitation_token');

  await story.test('the administrator\'s session knows the organization', async () => {
    const read = await authenticated(await signIn(admin.email, { session }));

    assert.deepEqual([read.organizationId, read.role, read.roles], [acme.id, administrator, [administrator]]);
  });

  await story.test('three people are invited', async () => {
    for (const email of [newcomer, existing.email, foreigner]) {
      invited[email] = await users.sendInvitation({
        email, organizationId: acme.id, inviterUserId: admin.id, roleSlug: 'member',
      });
    }

    assert.equal(await statusOf(existing), 'pending');
    assert.equal((await users.listInvitations({ organizationId: acme.id })).data.length, 3);
  });

  await story.test('the newcomer is accepted by a call', async () => {
    const { acceptedUserId: userId } = await users.acceptInvitation(invited[newcomer].id);
    await users.updateUser({ userId, password, emailVerified: true });

    const signedIn = await signIn(newcomer, { session });

    assert.equal(signedIn.organizationId, acme.id);
    assert.equal((await authenticated(signedIn)).role, 'member');
  });

  await story.test('the existing user accepts by signing in with the token', async () => {
    const invitationToken = await mailedToken(existing.email);

    const signedIn = await signIn(existing.email, { invitationToken, session });

    assert.equal(signedIn.organizationId, acme.id);
    assert.equal(await statusOf(existing), 'active');
    assert.equal((await users.findInvitationByToken(invitationToken)).acceptedUserId, existing.id);
    await refused(signIn(existing.email, { invitationToken }), { status: 400 });
  });

  await story.test('somebody else cannot use the invitation of the foreign domain', async () => {
    const stranger = await createUser({ email: `stranger@${unique('other')}.com` });
    const invitationToken = await mailedToken(foreigner);

    await refused(signIn(stranger.email, { invitationToken }), {
      name: 'OauthException', status: 400, error: 'invitation_cannot_be_used_for_email',
    });
  });

  await story.test('the foreigner accepts on the way through the authorization URL', async () => {
    const url = users.getAuthorizationUrl({
      provider: 'authkit', clientId, redirectUri, invitationToken: await mailedToken(foreigner), loginHint: foreigner,
    });

    const code = (await authorize(url)).get('code');
    const signedIn = await users.authenticateWithCode({ clientId, code, session });

    assert.deepEqual([signedIn.user.email, signedIn.organizationId], [foreigner, acme.id]);
    assert.equal((await users.getInvitation(invited[foreigner].id)).state, 'accepted');
    assert.equal(await statusOf(signedIn.user), 'active');
  });

  const globex = await createOrganization({ name: 'Globex' });
  await join(existing, globex);
  const { data: [membership] } = await users.listOrganizationMemberships({
    userId: existing.id, organizationId: acme.id,
  });
  let chosen;

  await story.test('who belongs to two organizations is asked to choose', async () => {
    const error = await refused(signIn(existing.email), {
      name: 'AuthenticationException', status: 403, code: 'organization_selection_required',
    });
    const { pending_authentication_token: pendingAuthenticationToken, organizations } = error.rawData;

    chosen = await users.authenticateWithOrganizationSelection({
      clientId, organizationId: globex.id, pendingAuthenticationToken, session,
    });

    const offered = organizations.map(({ id, name }) => [id, name]);
    assert.deepEqual(offered.toSorted(), [[acme.id, 'Acme'], [globex.id, 'Globex']].toSorted());
    assert.equal((await authenticated(chosen)).organizationId, globex.id);
  });

  await story.test('a refresh switches the organization, and the role counts there', async () => {
    await users.updateOrganizationMembership(membership.id, { roleSlug: editor });
    const before = users.loadSealedSession({ sessionData: chosen.sealedSession, cookiePassword });

    const switched = await before.refresh({ organizationId: acme.id });
    const read = await authenticated(switched);

    assert.equal(switched.authenticated, true);
    assert.equal(read.sessionId, decodeJwt(chosen.accessToken).sid);
    assert.equal(read.organizationId, acme.id);
    assert.deepEqual([read.role, read.roles, read.permissions], [editor, [editor], [permission]]);
    chosen = switched;
  });

  await story.test('no refresh leads into a foreign organization', async () => {
    const foreign = await createOrganization();
    const { refreshToken } = await signIn(admin.email);
    const refresh = users.authenticateWithRefreshToken({ clientId, refreshToken, organizationId: foreign.id });

    await refused(refresh, { status: 400 });

    assert.ok((await users.authenticateWithRefreshToken({ clientId, refreshToken })).accessToken);
  });

  await story.test('who is deactivated is refused on the next refresh', async () => {
    await users.deactivateOrganizationMembership(membership.id);

    const refreshed = await users.loadSealedSession({
      sessionData: chosen.sealedSession, cookiePassword,
    }).refresh();

    assert.deepEqual([refreshed.authenticated, refreshed.reason], [false, 'invalid_grant']);
    const { accessToken } = await signIn(existing.email);
    assert.equal(decodeJwt(accessToken).org_id, globex.id);
  });
});
