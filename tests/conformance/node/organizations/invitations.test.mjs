import assert from 'node:assert/strict';
import { test } from 'node:test';

import { advanceClock, mailTo } from '../control.mjs';
import { createMember, createOrganization, createRole, ids, join, notFound, unique } from '../organizations.mjs';
import { createUser, newEmail, refused, workos } from '../workos.mjs';

const users = workos.userManagement;
const DAY = 86_400;

async function invite(attributes = {}) {
  return users.sendInvitation({ email: newEmail('grace'), ...attributes });
}

async function inviteTo(organization, attributes = {}) {
  return invite({ organizationId: organization.id, ...attributes });
}

const coded = (code) => ({ name: 'GenericServerException', status: 400, code });

test('an invitation is sent, mailed and read', async () => {
  const { role } = await createRole('editor', 'edit');
  const { organization, user } = await createMember();

  const sent = await inviteTo(organization, {
    expiresInDays: 3, inviterUserId: user.id, roleSlug: role, locale: 'de',
  });

  assert.match(sent.id, /^invitation_/);
  assert.match(sent.token, /^[A-Za-z0-9]{25}$/);
  assert.ok(sent.acceptInvitationUrl.endsWith(`invitation_token=${sent.token}`));
  assert.deepEqual([sent.state, sent.organizationId, sent.roleSlug], ['pending', organization.id, role]);
  assert.deepEqual([sent.inviterUserId, sent.acceptedAt, sent.revokedAt], [user.id, null, null]);
  assert.equal(Date.parse(sent.expiresAt) - Date.parse(sent.createdAt), 3 * DAY * 1000);
  assert.equal((await mailTo(sent.email, 'invitation')).link, sent.acceptInvitationUrl);
  assert.deepEqual(await users.getInvitation(sent.id), sent);
  assert.deepEqual(await users.findInvitationByToken(sent.token), sent);
});

test('an invitation to the application has no organization and no role', async () => {
  const sent = await invite();

  assert.deepEqual([sent.organizationId, sent.roleSlug], [null, null]);
  assert.equal(Date.parse(sent.expiresAt) - Date.parse(sent.createdAt), 7 * DAY * 1000);
});

test('invitations are listed by address and by organization, in every state', async () => {
  const organization = await createOrganization();
  const [first, second] = [await inviteTo(organization), await inviteTo(organization)];
  await users.revokeInvitation(first.id);
  const list = async (filters) => ids((await users.listInvitations({ order: 'asc', ...filters })).data);

  assert.deepEqual(await list({ organizationId: organization.id }), [first.id, second.id]);
  assert.deepEqual(await list({ email: second.email.toUpperCase() }), [second.id]);
  assert.deepEqual(await list({ email: first.email, organizationId: organization.id }), [first.id]);
  const page = await users.listInvitations({ organizationId: organization.id, limit: 1 });
  assert.equal(page.listMetadata.after, second.id);
});

test('an accepted invitation makes a user and a member', async () => {
  const { role } = await createRole('editor', 'edit');
  const organization = await createOrganization();
  const sent = await inviteTo(organization, { roleSlug: role });

  const accepted = await users.acceptInvitation(sent.id);

  assert.equal(accepted.state, 'accepted');
  assert.ok(accepted.acceptedAt);
  assert.equal((await users.getUser(accepted.acceptedUserId)).email, sent.email);
  const { data: [member] } = await users.listOrganizationMemberships({ organizationId: organization.id });
  assert.deepEqual([member.userId, member.role.slug], [accepted.acceptedUserId, role]);
  await refused(users.acceptInvitation(sent.id), coded('invite_has_accepted_user_id'));
  await refused(users.resendInvitation(sent.id), coded('invite_accepted'));
  await refused(users.revokeInvitation(sent.id), coded('invite_not_pending'));
});

test('an invitation is mailed again', async () => {
  const sent = await invite();
  const first = await mailTo(sent.email, 'invitation');

  const resent = await users.resendInvitation(sent.id, { locale: 'fr' });

  assert.deepEqual([resent.token, resent.expiresAt], [sent.token, sent.expiresAt]);
  assert.equal((await mailTo(sent.email, 'invitation', { after: first })).link, sent.acceptInvitationUrl);
});

test('a revoked invitation takes the pending membership with it', async () => {
  const [organization, user] = [await createOrganization(), await createUser()];
  const sent = await inviteTo(organization, { email: user.email });

  const revoked = await users.revokeInvitation(sent.id);

  assert.equal(revoked.state, 'revoked');
  assert.ok(revoked.revokedAt);
  const { data } = await users.listOrganizationMemberships({ userId: user.id, statuses: ['pending'] });
  assert.deepEqual(data, []);
  await refused(users.acceptInvitation(sent.id), coded('invite_not_pending'));
  await refused(users.resendInvitation(sent.id), coded('invite_revoked'));
  await refused(users.revokeInvitation(sent.id), coded('invite_not_pending'));
});

test('an invitation expires', async () => {
  const sent = await invite({ expiresInDays: 1 });
  await advanceClock(DAY);

  assert.equal((await users.getInvitation(sent.id)).state, 'expired');
  await refused(users.acceptInvitation(sent.id), coded('invite_not_pending'));
  await refused(users.resendInvitation(sent.id), coded('invite_expired'));
  assert.equal((await users.sendInvitation({ email: sent.email })).state, 'pending');
});

test('whom nobody invites', async () => {
  const { organization, user } = await createMember();
  const { email } = await inviteTo(organization);
  const { email: application } = await invite();

  await refused(inviteTo(organization, { email }), coded('email_already_invited_to_organization'));
  await refused(inviteTo(organization, { email: user.email }), coded('user_already_organization_member'));
  await refused(invite({ email: application }), coded('email_already_invited'));
  await refused(invite({ email: user.email }), coded('user_already_exists'));
});

test('how nobody invites', async () => {
  const organization = await createOrganization();

  await refused(invite({ expiresInDays: 0 }), coded('expires_in_days_too_short'));
  await refused(invite({ expiresInDays: 31 }), coded('expires_in_days_too_long'));
  await refused(inviteTo(organization, { roleSlug: unique('unknown') }), coded('invalid_role'));
  await notFound(inviteTo({ id: 'org_unknown' }));
  await notFound(invite({ inviterUserId: 'user_unknown' }));
  for (const attributes of [{ email: 'nobody' }, { locale: 'klingon' }, { roleSlug: 'member' }]) {
    await refused(invite(attributes), {
      name: 'UnprocessableEntityException', status: 422, code: 'invalid_request_parameters',
    });
  }
});

test('a member who was deactivated can be invited back', async () => {
  const organization = await createOrganization();
  const user = await createUser();
  const { id } = await join(user, organization);
  await users.deactivateOrganizationMembership(id);

  const sent = await inviteTo(organization, { email: user.email });
  await users.acceptInvitation(sent.id);

  assert.equal((await users.getOrganizationMembership(id)).status, 'active');
});

test('unknown invitations are not found', async () => {
  const unknown = { message: "Invitation not found: 'unknown'." };
  await notFound(users.getInvitation('unknown'), unknown);
  await notFound(users.findInvitationByToken('unknown'), unknown);
  await notFound(users.acceptInvitation('unknown'), unknown);
  await notFound(users.resendInvitation('unknown'), unknown);
  await notFound(users.revokeInvitation('unknown'), unknown);
});
