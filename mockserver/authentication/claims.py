"""What an access token says beyond its session: organization, role, permissions, flags, the template's claims."""

from __future__ import annotations

from typing import Any

from mockserver.configuration.service import claims_for, template_context
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.feature_flags.service import enabled_slugs
from mockserver.identities.service import PROVIDERS, identities_of
from mockserver.memberships import service as memberships
from mockserver.memberships.models import Membership
from mockserver.organizations import service as organizations
from mockserver.organizations.models import Organization
from mockserver.roles import service as roles
from mockserver.sessions.models import Session
from mockserver.users.models import User


def claims_of(env: Environment, user: User, session: Session) -> dict[str, Any]:
    """Computed afresh for each token; the claims of the environment's JWT template win. Raises TokenTooBig."""
    claims: dict[str, Any] = {}
    organization = membership = None
    if session.organization_id is not None:
        organization = env.get(Organization, session.organization_id)
        membership = memberships.find_membership(env, user.id, organization.id)
        claims |= _organization_claims(env, organization, membership)
    flags = enabled_slugs(env, user.id, session.organization_id)
    if flags:
        claims["feature_flags"] = flags
    return {**claims, **claims_for(env, lambda: _context(env, user, organization, membership))}


def _organization_claims(env: Environment, organization: Organization, membership: Membership | None) -> JSON:
    """Role and permissions come with an active membership only."""
    claims: JSON = {"org_id": organization.id}
    if membership is not None and membership.status == "active":
        held = memberships.roles_of(env, membership)
        permissions = {slug for role in held for slug in roles.permissions_of(env, role)}
        claims["role"] = held[0].slug
        claims["roles"] = [role.slug for role in held]
        claims["permissions"] = sorted(permissions)
    if organization.entitlements:
        claims["entitlements"] = organization.entitlements
    return claims


def _context(env: Environment, user: User, organization: Organization | None, membership: Membership | None) -> JSON:
    """What the template can name."""
    linked = {identity.provider: identity.idp_id for identity in identities_of(env, user)}
    shown_membership = None
    if membership is not None:
        slugs = memberships.role_slugs(env, membership)
        shown_membership = {
            "object": "organization_membership",  # probable: the template's own check knows the path
            "id": membership.id,
            "role": slugs[0],
            "roles": slugs,
            "custom_attributes": membership.custom_attributes,
            "created_at": membership.created_at,
            "updated_at": membership.updated_at,
        }
    return template_context(
        user,
        identities={provider: linked.get(provider) for provider in PROVIDERS},
        organization=None if organization is None else organizations.shown(env, organization),
        membership=shown_membership,
    )
