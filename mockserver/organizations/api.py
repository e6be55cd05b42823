"""/organizations and /organization_domains"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import UNSET, UnsetType

from mockserver import deletion
from mockserver.core.bodies import Body, NonEmpty
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.pagination import Pagination
from mockserver.core.routing import delete, get, post, put
from mockserver.organizations import domains, service
from mockserver.organizations.domains import GivenDomain
from mockserver.organizations.models import Organization, OrganizationDomain


class DomainData(Body):
    domain: NonEmpty
    state: Literal["pending", "verified"]


class DomainMembers(Body):
    """`domains` is the deprecated form of `domain_data`: names only, which count as verified (recorded in 2024).

    One that the organization has already stays as it is.
    """

    domain_data: list[DomainData] | None = None
    domains: list[str] | None = None

    def given_domains(self) -> list[GivenDomain] | None:
        if self.domain_data is not None:
            return [GivenDomain(item.domain, item.state) for item in self.domain_data]
        return None if self.domains is None else [GivenDomain(domain, "legacy_verified") for domain in self.domains]

    def attributes(self) -> dict[str, Any]:
        """What was sent besides the domains."""
        return {name: value for name, value in self.changes().items() if name not in ("domain_data", "domains")}


class CreateOrganization(DomainMembers, kw_only=True):
    name: NonEmpty
    allow_profiles_outside_organization: bool = False
    external_id: str | None = None
    metadata: dict[str, Any] | None = None


class UpdateOrganization(DomainMembers, kw_only=True):
    name: NonEmpty | UnsetType = UNSET
    allow_profiles_outside_organization: bool | UnsetType = UNSET
    external_id: str | UnsetType | None = UNSET
    stripe_customer_id: NonEmpty | UnsetType | None = UNSET
    metadata: dict[str, Any] | UnsetType | None = UNSET


class OrganizationsQuery(Pagination, kw_only=True):
    domains: list[str] | None = None
    search: str | None = None


class CreateDomain(Body):
    domain: NonEmpty
    organization_id: NonEmpty


@post("/organizations", status=201)
def create_organization(env: Environment, body: CreateOrganization) -> JSON:
    organization = service.create_organization(env, domains=body.given_domains() or [], **body.attributes())
    return service.shown(env, organization)


@get("/organizations")
def list_organizations(env: Environment, query: OrganizationsQuery) -> JSON:
    return service.list_organizations(env, query, domains=query.domains or [], search=query.search)


@get("/organizations/{id}")
def get_organization(env: Environment, id: str) -> JSON:
    return service.shown(env, env.get(Organization, id))


@get("/organizations/external_id/{external_id}")
def get_organization_by_external_id(env: Environment, external_id: str) -> JSON:
    return service.shown(env, service.get_by_external_id(env, external_id))


@put("/organizations/{id}")
def update_organization(env: Environment, id: str, body: UpdateOrganization) -> JSON:
    organization = env.get(Organization, id)
    organization = service.update_organization(env, organization, domains=body.given_domains(), **body.attributes())
    return service.shown(env, organization)


@delete("/organizations/{id}", status=202)
def delete_organization(env: Environment, id: str) -> None:
    deletion.delete_organization(env, env.get(Organization, id))


@post("/organization_domains", status=201)
def create_domain(env: Environment, body: CreateDomain) -> OrganizationDomain:
    return domains.create_domain(env, env.get(Organization, body.organization_id), body.domain)


@get("/organization_domains/{id}")
def get_domain(env: Environment, id: str) -> OrganizationDomain:
    return domains.with_current_state(env, env.get(OrganizationDomain, id))


@post("/organization_domains/{id}/verify", status=201)
def verify_domain(env: Environment, id: str) -> OrganizationDomain:
    return domains.start_verification(env, env.get(OrganizationDomain, id))


@delete("/organization_domains/{id}", status=204)
def delete_domain(env: Environment, id: str) -> None:
    domains.delete_domain(env, env.get(OrganizationDomain, id))
