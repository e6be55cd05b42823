"""Signing in by SSO: from a profile to its user, who becomes a member just in time."""

from __future__ import annotations

from typing import Any, Literal

from mockserver.authentication.service import Device, Proof, attempt
from mockserver.connections.models import Connection, Profile
from mockserver.connections.service import mark_used
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, Refused
from mockserver.events import service as events
from mockserver.invitations import service as invitations
from mockserver.invitations.models import Invitation
from mockserver.memberships import service as memberships
from mockserver.memberships.models import Membership
from mockserver.organizations.domains import verified_organization_ids
from mockserver.roles import service as roles
from mockserver.roles.models import Role
from mockserver.users import service as users
from mockserver.users.models import User


class MembershipInactive(Refused):
    def __init__(self) -> None:
        super().__init__("access_denied", "The user's membership of the organization is inactive.")


class GuestNotInvited(Refused):
    """Only verified domains make members; whoever has another address must have been invited."""

    def __init__(self, email: str) -> None:
        super().__init__(
            "access_denied",
            f"'{email}' is not of a verified domain of the organization, and has not been invited to it.",
        )


class SignUpClosed(Refused):
    def __init__(self) -> None:
        super().__init__("access_denied", "Sign-up is closed, and no such user exists.")


def prove(env: Environment, connection: Connection, profile: Profile, device: Device) -> Proof:
    """The first factor of somebody whom the connection's identity provider vouches for, on record. Raises Refused."""
    proof = prove_vouched(env, connection, profile, device)
    connection = mark_used(env, connection)
    record_success(env, connection, profile, proof.user, device)
    return proof


def prove_vouched(env: Environment, connection: Connection, profile: Profile, device: Device) -> Proof:
    """The same where the identity provider's success is on record already; a failure is recorded. Raises Refused."""
    try:
        user, proves_email = user_of_profile(env, connection, profile)
    except Refused as refused:
        record_failure(env, connection, refused, profile.email, device)
        raise
    return Proof(
        user=user,
        method="SSO",
        device=device,
        proves_email=proves_email,
        organization_id=connection.organization_id,
        connection_id=connection.id,
    )


def user_of_profile(env: Environment, connection: Connection, profile: Profile) -> tuple[User, bool]:
    """The user that the profile is linked with from now on, and whether the sign-in proves the user's address.

    It does where the organization has verified the domain; it also makes the user a member then (contract: resources,
    section 11.5). Raises MembershipInactive, GuestNotInvited, SignUpClosed, and then nothing has been made.
    """
    user = _known_user(env, profile)
    is_own = _is_own_domain(env, connection, profile)
    organization_id = connection.organization_id
    invitation = None if organization_id is None else invitations.find_pending(env, profile.email, organization_id)
    membership = None
    if organization_id is not None:
        membership = None if user is None else memberships.find_membership(env, user.id, organization_id)
        _require_welcome(profile, membership, is_own or invitation is not None)
    if user is None:
        if env.settings.sign_up == "closed" and not is_own and invitation is None:
            raise SignUpClosed
        names: dict[str, Any] = {"first_name": profile.first_name, "last_name": profile.last_name}
        user = users.create_user(env, email=profile.email, **names)
    else:
        user = _with_names(env, user, profile)
    if profile.user_id != user.id:
        env.update(profile, user_id=user.id)
    if organization_id is not None:
        _join(env, organization_id, profile, user, membership, invitation)
    return user, is_own and user.email_key == profile.email_key


def _known_user(env: Environment, profile: Profile) -> User | None:
    """The one it has signed in before, else the one with the address."""
    linked = None if profile.user_id is None else env.find(User, profile.user_id)
    return linked or users.find_user_by_email(env, profile.email)


def _is_own_domain(env: Environment, connection: Connection, profile: Profile) -> bool:
    return connection.organization_id in verified_organization_ids(env, profile.domain)


def _require_welcome(profile: Profile, membership: Membership | None, is_expected: bool) -> None:
    """Raises MembershipInactive, GuestNotInvited."""
    if membership is not None and membership.status == "inactive":
        raise MembershipInactive
    if membership is None and not is_expected:
        raise GuestNotInvited(profile.email)


def _with_names(env: Environment, user: User, profile: Profile) -> User:
    """What the user has stays as it is."""
    missing = {name: getattr(profile, name) for name in ("first_name", "last_name") if getattr(user, name) is None}
    return users.update_user(env, user, **missing)


def _join(
    env: Environment,
    organization_id: str,
    profile: Profile,
    user: User,
    membership: Membership | None,
    invitation: Invitation | None,
) -> None:
    """A role of the identity provider's wins over the invitation's, and is given anew with each sign-in."""
    role = roles.find_role(env, profile.role_slug, organization_id) if profile.role_slug else None
    if invitation is not None:
        invitations.accept(env, invitation, user)
    elif membership is None:
        _insert_member(env, organization_id, profile, user, role)
    elif membership.status == "pending":
        memberships.activate(env, membership)
    joined = memberships.find_membership(env, user.id, organization_id)
    if role is not None and joined is not None:
        memberships.give_roles(env, joined, [role])


def _insert_member(env: Environment, organization_id: str, profile: Profile, user: User, role: Role | None) -> None:
    chosen = [role or roles.default_role(env)]
    memberships.insert_membership(env, user, organization_id, "active", chosen, profile.custom_attributes)


def record_started(env: Environment, connection: Connection, email: str | None) -> None:
    _record(env, connection, "started", None, email, Device())


def record_success(
    env: Environment, connection: Connection, profile: Profile, user: User | None, device: Device
) -> None:
    """Standalone SSO knows no user."""
    _record(env, connection, "succeeded", user, profile.email, device)


def record_failure(
    env: Environment, connection: Connection, refused: Refused, email: str | None, device: Device
) -> None:
    error = {"code": refused.error, "message": refused.description}
    _record(env, connection, "failed", None, email, device, error=error)


def _record(
    env: Environment,
    connection: Connection,
    status: Literal["started", "succeeded", "failed"],
    user: User | None,
    email: str | None,
    device: Device,
    **more: JSON,
) -> None:
    organization_id = connection.organization_id
    data = attempt("sso", status, None if user is None else user.id, email, device)
    data["sso"] = {"organization_id": organization_id, "connection_id": connection.id, "session_id": None}
    events.record(env, f"authentication.sso_{status}", {**data, **more}, organization_id=organization_id)
