"""What an access token says of the user's place in an organization."""

from __future__ import annotations

from typing import Any

from mockserver.core.environment import Environment
from mockserver.memberships import service as memberships
from mockserver.organizations.models import Organization
from mockserver.roles import service as roles
from mockserver.sessions.models import Session


def claims_of(env: Environment, session: Session) -> dict[str, Any]:
    """Computed afresh for each token. Role and permissions come with an active membership only."""
    if session.organization_id is None:
        return {}
    claims: dict[str, Any] = {"org_id": session.organization_id}
    membership = memberships.find_membership(env, session.user_id, session.organization_id)
    if membership is not None and membership.status == "active":
        held = memberships.roles_of(env, membership)
        permissions = {slug for role in held for slug in roles.permissions_of(env, role)}
        claims |= {
            "role": held[0].slug,
            "roles": [role.slug for role in held],
            "permissions": sorted(permissions),
        }
    organization = env.get(Organization, session.organization_id)
    if organization.entitlements:
        claims["entitlements"] = organization.entitlements
    return claims
