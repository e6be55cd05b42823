"""Which policy binds a sign-in."""

from __future__ import annotations

from mockserver.connections.service import active_connections_of
from mockserver.core.environment import Environment
from mockserver.organizations.domains import verified_organization_ids
from mockserver.policies.models import Policy
from mockserver.users.models import email_key


def policy_of(env: Environment, organization_id: str) -> Policy:
    """The organization's policy; one that demands nothing where none was set."""
    return env.find(Policy, organization_id) or Policy(organization_id, None, False, False, False)


def domain_policy_of(env: Environment, email: str) -> Policy | None:
    """The policy of the organization that has verified the domain of the address, members or not."""
    for organization_id in verified_organization_ids(env, email_key(email).rpartition("@")[2]):
        policy = env.find(Policy, organization_id) or _implied_policy(env, organization_id)
        if policy is not None and policy.binds_domain:
            return policy
    return None


def _implied_policy(env: Environment, organization_id: str) -> Policy | None:
    """Setting up a connection leaves the users of the domain no other method, until a policy says otherwise.

    The docs say so of the domain policy, so guests, whom it doesn't bind, keep theirs.
    """
    if not active_connections_of(env, organization_id):
        return None
    return Policy(organization_id, [], sso_required=False, mfa_required=False, binds_domain=True)


def set_policy(
    env: Environment,
    organization_id: str,
    *,
    allowed_methods: list[str] | None = None,
    sso_required: bool = False,
    mfa_required: bool = False,
    binds_domain: bool = False,
) -> Policy:
    return env.db.replace(Policy(organization_id, allowed_methods, sso_required, mfa_required, binds_domain))
