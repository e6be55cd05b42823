"""Sending, accepting and revoking invitations."""

from __future__ import annotations

import sqlalchemy as sa

from mockserver.core.clock import later
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, NotFound, RequestInvalid, field_error
from mockserver.core.pagination import Listing, Pagination
from mockserver.core.statements import Query
from mockserver.core.urls import with_query
from mockserver.emails import service as emails
from mockserver.events import service as events
from mockserver.invitations import errors
from mockserver.invitations.locales import require_supported
from mockserver.invitations.models import Invitation
from mockserver.memberships import service as memberships
from mockserver.organizations.domains import CONSUMER_DOMAINS
from mockserver.organizations.models import Organization
from mockserver.roles import service as roles
from mockserver.roles.models import Role
from mockserver.users import service as users
from mockserver.users.models import User, email_key

DAY = 86400
DEFAULT_DAYS = 7

_columns = Invitation.table.c
_BY_TOKEN = Query(Invitation, _columns.token == sa.bindparam("token"))
_PENDING_FOR = Query(
    Invitation,
    _columns.email_key == sa.bindparam("email_key"),
    _columns.state == "pending",
    _columns.expires_at > sa.bindparam("now"),
)
_LISTING = Listing(
    Invitation,
    email=_columns.email_key == sa.bindparam("email"),
    organization_id=_columns.organization_id == sa.bindparam("organization_id"),
)


def list_invitations(
    env: Environment, pagination: Pagination, *, email: str | None, organization_id: str | None
) -> JSON:
    filters = {}
    if email is not None:
        filters["email"] = email_key(email)
    if organization_id is not None:
        filters["organization_id"] = organization_id
    now = env.clock.now()
    return env.page(_LISTING, pagination, **filters).shown_as(lambda invitation: invitation.shown_at(now))


def find_invitation(env: Environment, token: str) -> Invitation | None:
    return env.first(_BY_TOKEN, token=token)


def get_by_token(env: Environment, token: str) -> Invitation:
    """Raises NotFound."""
    invitation = find_invitation(env, token)
    if invitation is None:
        raise NotFound(Invitation.label, token)
    return invitation


def send_invitation(
    env: Environment,
    email: str,
    *,
    organization_id: str | None = None,
    role_slug: str | None = None,
    expires_in_days: int = DEFAULT_DAYS,
    inviter_user_id: str | None = None,
    locale: str | None = None,
) -> Invitation:
    """Mails the link; someone known becomes a pending member of the organization at once.

    Raises RequestInvalid, NotFound and the refusals of `errors.py`.
    """
    require_supported(locale)
    users.require_email(email)
    if role_slug is not None and organization_id is None:
        message = "Role Slug needs an organization_id."
        raise RequestInvalid([field_error("role_slug", "role_slug_invalid", message)])
    if expires_in_days < 1:
        raise errors.ExpiresTooSoon
    if expires_in_days > 30:
        raise errors.ExpiresTooLate
    organization = None if organization_id is None else env.get(Organization, organization_id)
    if inviter_user_id is not None:
        env.get(User, inviter_user_id)
    role = _role(env, role_slug, organization_id)
    invitee = users.find_user_by_email(env, email)
    _require_new(env, email, organization_id, invitee)
    invitation = _insert(env, email, organization_id, expires_in_days, inviter_user_id, role)
    _record(env, invitation, "created")
    if organization is not None and invitee is not None and role is not None:
        _make_pending_member(env, invitee, organization, role)
    _mail(env, invitation)
    return invitation


def _make_pending_member(env: Environment, invitee: User, organization: Organization, role: Role) -> None:
    membership = memberships.find_membership(env, invitee.id, organization.id)
    if membership is None:
        memberships.insert_membership(env, invitee, organization.id, "pending", [role])
    elif membership.status == "pending":
        memberships.give_roles(env, membership, [role])


def _role(env: Environment, slug: str | None, organization_id: str | None) -> Role | None:
    if organization_id is None:
        return None
    default = roles.default_role(env)
    role = default if slug is None else roles.find_role(env, slug, organization_id)
    if role is None or not role.is_of_organizations:
        raise errors.InvalidRole(slug or "")
    return role


def _require_new(env: Environment, email: str, organization_id: str | None, invitee: User | None) -> None:
    if find_pending(env, email, organization_id) is not None:
        raise errors.AlreadyInvited if organization_id is None else errors.AlreadyInvitedToOrganization
    if invitee is None:
        return
    if organization_id is None:
        raise errors.UserAlreadyExists
    if memberships.is_active_member(env, invitee.id, organization_id):
        raise errors.AlreadyMember


def find_pending(env: Environment, email: str, organization_id: str | None) -> Invitation | None:
    pending = env.all(_PENDING_FOR, email_key=email_key(email), now=env.clock.now())
    return next((invitation for invitation in pending if invitation.organization_id == organization_id), None)


def _insert(
    env: Environment,
    email: str,
    organization_id: str | None,
    expires_in_days: int,
    inviter_user_id: str | None,
    role: Role | None,
) -> Invitation:
    now, token = env.clock.now(), env.codes.token()
    return env.insert(
        Invitation(
            id=env.ids.new(Invitation.prefix),
            email=email.strip(),
            email_key=email_key(email),
            state="pending",
            accepted_at=None,
            revoked_at=None,
            expires_at=later(now, expires_in_days * DAY),
            organization_id=organization_id,
            inviter_user_id=inviter_user_id,
            accepted_user_id=None,
            role_slug=None if role is None else role.slug,
            token=token,
            url=link(env, token),
            created_at=now,
            updated_at=now,
        )
    )


def link(env: Environment, token: str) -> str:
    """What the mail leads to."""
    page = env.settings.invitation_url or f"{env.authkit_url}/invite"
    return with_query(page, {"invitation_token": token})


def _mail(env: Environment, invitation: Invitation) -> None:
    organization = env.find(Organization, invitation.organization_id or "")
    inviter = env.find(User, invitation.inviter_user_id or "")
    invitee = users.find_user_by_email(env, invitation.email)
    names = [] if inviter is None else [part for part in (inviter.first_name, inviter.last_name) if part]
    emails.send(
        env,
        "invitation",
        invitation.email,
        user_id=None if invitee is None else invitee.id,
        link=invitation.url,
        token=invitation.token,
        expires_at=invitation.expires_at,
        organization=None if organization is None else organization.name,
        inviter=None if inviter is None else " ".join(names) or inviter.email,
    )


def resend_invitation(env: Environment, invitation: Invitation, *, locale: str | None = None) -> Invitation:
    """The same token and expiry again (what production does to them is not documented)."""
    require_supported(locale)
    ended = errors.ENDED.get(invitation.state_at(env.clock.now()))
    if ended is not None:
        raise ended
    invitation = env.update(invitation)
    _record(env, invitation, "resent")
    _mail(env, invitation)
    return invitation


def revoke_invitation(env: Environment, invitation: Invitation) -> Invitation:
    """A membership that was waiting for it goes too."""
    if invitation.state_at(env.clock.now()) != "pending":
        raise errors.NotPending
    invitation = env.update(invitation, state="revoked", revoked_at=env.clock.now())
    _record(env, invitation, "revoked")
    invitee = users.find_user_by_email(env, invitation.email)
    if invitee is not None and invitation.organization_id is not None:
        membership = memberships.find_membership(env, invitee.id, invitation.organization_id)
        if membership is not None and membership.status == "pending":
            memberships.delete_membership(env, membership)
    return invitation


def accept_invitation(env: Environment, invitation: Invitation) -> Invitation:
    """On behalf of the invited address, whose user is made, unverified, where there is none."""
    state = invitation.state_at(env.clock.now())
    if state == "accepted":
        raise errors.HasAcceptedUser
    if state != "pending":
        raise errors.NotPending
    user = users.find_user_by_email(env, invitation.email) or users.create_user(env, email=invitation.email)
    return accept(env, invitation, user)


def accept(env: Environment, invitation: Invitation, user: User) -> Invitation:
    """Marks it accepted by the user, and makes the user an active member of its organization.

    A pending membership keeps its role, which may have been changed since the invitation was sent.
    """
    now = env.clock.now()
    invitation = env.update(invitation, state="accepted", accepted_at=now, accepted_user_id=user.id)
    _record(env, invitation, "accepted")
    if invitation.organization_id is None:
        return invitation
    membership = memberships.find_membership(env, user.id, invitation.organization_id)
    if membership is not None and membership.status == "pending":
        memberships.activate(env, membership)
        return invitation
    role = roles.find_role(env, invitation.role_slug or "", invitation.organization_id) or roles.default_role(env)
    if membership is None:
        memberships.insert_membership(env, user, invitation.organization_id, "active", [role])
    elif membership.status == "inactive":
        memberships.activate(env, membership, [role])
    return invitation


def require_valid_invitation(env: Environment, token: str, email: str | None = None) -> Invitation:
    """The pending invitation of a token, usable for the address where one is named.

    Raises InvitationInvalid, CannotBeUsedForEmail.
    """
    invitation = env.first(_BY_TOKEN, token=token)
    if invitation is None:
        raise errors.InvitationInvalid(f"The invitation token '{token}' is invalid.")
    ended = errors.ENDED.get(invitation.state_at(env.clock.now()))
    if ended is not None:
        raise errors.InvitationInvalid(ended.message)
    if email is not None and not covers(invitation, email):
        raise errors.CannotBeUsedForEmail(email)
    return invitation


def was_accepted_by(env: Environment, token: str, user: User) -> bool:
    invitation = find_invitation(env, token)
    return invitation is not None and invitation.accepted_user_id == user.id


def covers(invitation: Invitation, email: str) -> bool:
    """Without an organization any address; with one the same company's, or of a consumer domain the very same."""
    invited, asking = invitation.email_key, email_key(email)
    if invitation.organization_id is None or invited == asking:
        return True
    domain = invited.rpartition("@")[2]
    return domain not in CONSUMER_DOMAINS and domain == asking.rpartition("@")[2]


def _record(env: Environment, invitation: Invitation, what: str) -> None:
    events.record(env, f"invitation.{what}", invitation.event_data_at(env.clock.now()))
