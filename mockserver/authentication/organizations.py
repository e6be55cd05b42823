"""Which organization a sign-in leads into, and what that organization demands of it."""

from __future__ import annotations

from typing import Protocol

from mockserver.authentication.errors import (
    MethodsRequired,
    OrganizationMembershipNotFound,
    PolicyRefusal,
    SsoRequired,
)
from mockserver.connections.models import Connection
from mockserver.connections.service import active_connections_of
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.invitations.models import Invitation
from mockserver.memberships import service as memberships
from mockserver.organizations.models import Organization
from mockserver.policies.models import METHODS, Policy
from mockserver.users.models import User


class SignIn(Protocol):
    """What of a proof decides."""

    @property
    def user(self) -> User: ...
    @property
    def method(self) -> str: ...
    @property
    def organization_id(self) -> str | None: ...


def choices(env: Environment, sign_in: SignIn, invitation: Invitation | None) -> list[Organization]:
    """None, one, or several to choose from: the invitation's wins, then the one asked for, then active memberships.

    Raises OrganizationMembershipNotFound when the one asked for has no such active member.
    """
    if invitation is not None and invitation.organization_id is not None:
        return [env.get(Organization, invitation.organization_id)]
    if sign_in.organization_id is not None:
        require_active_member(env, sign_in.user, sign_in.organization_id)
        return [env.get(Organization, sign_in.organization_id)]
    active = [item for item in memberships.memberships_of_user(env, sign_in.user.id) if item.status == "active"]
    return [env.get(Organization, membership.organization_id) for membership in active]


def require_active_member(env: Environment, user: User, organization_id: str) -> None:
    """Raises OrganizationMembershipNotFound."""
    if not memberships.is_active_member(env, user.id, organization_id):
        raise OrganizationMembershipNotFound(user.id, organization_id)


def policy_refusal(
    env: Environment, policy: Policy, user: User, method: str, connection_id: str | None
) -> PolicyRefusal | None:
    """The refusal of a method that the policy leaves out. It names the connections to sign in with instead."""
    is_foreign = policy.leaves_only_sso and _is_of_another(env, connection_id, policy.organization_id)
    if policy.allows(method) and not is_foreign:
        return None
    members: JSON = {"email": user.email}
    connection_ids = [connection.id for connection in active_connections_of(env, policy.organization_id)]
    if policy.sso_required or not policy.allowed_methods:
        return SsoRequired(policy.organization_id, **members, connection_ids=connection_ids)
    allowed = {name: name in policy.allowed_methods for name in METHODS}
    return MethodsRequired(policy.organization_id, **members, sso_connection_ids=connection_ids, auth_methods=allowed)


def _is_of_another(env: Environment, connection_id: str | None, organization_id: str) -> bool:
    """Whether an SSO sign-in came by another organization's connection, or by one that is gone."""
    if connection_id is None:
        return False
    connection = env.find(Connection, connection_id)
    return connection is None or connection.organization_id != organization_id
