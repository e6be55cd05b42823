"""What several pages offer or tell: the social providers, an organization, an invitation."""

from __future__ import annotations

from mockserver.core.environment import Environment
from mockserver.invitations.models import Invitation
from mockserver.invitations.service import find_invitation
from mockserver.organizations.models import Organization
from mockserver.settings import OAUTH_PROVIDERS
from mockserver.users.models import User


def provider_name(slug: str) -> str:
    """`VercelMarketplaceOAuth` as people call it: Vercel Marketplace."""
    name = slug.removesuffix("OAuth")
    return name.replace("VercelMarketplace", "Vercel Marketplace")


def providers(env: Environment) -> list[dict[str, str]]:
    """Those that the setting `methods` has."""
    return [{"slug": slug, "name": provider_name(slug)} for slug in OAUTH_PROVIDERS if slug in env.settings.methods]


def organization_name(env: Environment, organization_id: str | None) -> str | None:
    organization = env.find(Organization, organization_id or "")
    return None if organization is None else organization.name


def invitation_of(env: Environment, token: str | None) -> dict[str, str | None] | None:
    """What a page says of the invitation, whatever has become of it."""
    invitation = find_invitation(env, token) if token else None
    return None if invitation is None else shown_invitation(env, invitation)


def shown_invitation(env: Environment, invitation: Invitation) -> dict[str, str | None]:
    inviter = env.find(User, invitation.inviter_user_id or "")
    names = [] if inviter is None else [part for part in (inviter.first_name, inviter.last_name) if part]
    return {
        "organization": organization_name(env, invitation.organization_id),
        "inviter": None if inviter is None else " ".join(names) or inviter.email,
        "email": invitation.email,
    }
