"""Domains, as if their DNS records had been looked up."""

from __future__ import annotations

from mockserver.core.environment import Environment
from mockserver.core.requests import of_control
from mockserver.core.routing import post
from mockserver.organizations import domains
from mockserver.organizations.models import OrganizationDomain


@post("/_emulate/domains/{id}/verify", environment=of_control)
def verify_domain(env: Environment, id: str) -> OrganizationDomain:
    """The domain's DNS record was found: it is verified. For the setting `domain_verification: manual`."""
    return domains.mark_verified(env, env.get(OrganizationDomain, id), strategy="dns")


@post("/_emulate/domains/{id}/fail", environment=of_control)
def fail_domain(env: Environment, id: str) -> OrganizationDomain:
    """The domain's DNS record wasn't found in time: its verification has failed."""
    return domains.mark_failed(env, env.get(OrganizationDomain, id))
