"""The policy of an organization, which production keeps in its dashboard."""

from __future__ import annotations

from typing import Literal

from mockserver.core.bodies import Body
from mockserver.core.environment import Environment
from mockserver.core.requests import of_control
from mockserver.core.routing import get, put
from mockserver.organizations.models import Organization
from mockserver.policies import service
from mockserver.policies.models import Policy

AllowedMethod = Literal["apple_oauth", "github_oauth", "google_oauth", "magic_auth", "microsoft_oauth", "password"]


class SetPolicy(Body):
    """What is left out is demanded no longer; `allowed_methods` null allows all."""

    allowed_methods: list[AllowedMethod] | None = None
    sso_required: bool = False
    mfa_required: bool = False
    binds_domain: bool = False


@get("/_emulate/organizations/{id}/policy", environment=of_control)
def get_policy(env: Environment, id: str) -> Policy:
    """What the organization demands of its members' sign-ins."""
    return service.policy_of(env, env.get(Organization, id).id)


@put("/_emulate/organizations/{id}/policy", environment=of_control)
def set_policy(env: Environment, id: str, body: SetPolicy) -> Policy:
    """Replaces it: {allowed_methods, sso_required, mfa_required, binds_domain}."""
    return service.set_policy(env, env.get(Organization, id).id, **body.changes())
