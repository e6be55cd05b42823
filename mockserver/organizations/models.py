"""An organization, and a domain that it says is its own."""

from __future__ import annotations

from mockserver.core.errors import JSON
from mockserver.core.schema import Model, stored


@stored(
    "organizations",
    label="Organization",
    prefix="org",
    unique=[("external_id",), ("stripe_customer_id",)],
    indexes=[("created_at", "id", "search_key")],
)
class Organization(Model):
    """Shown together with its domains: see `service.shown`."""

    id: str
    name: str
    search_key: str
    external_id: str | None
    stripe_customer_id: str | None
    allow_profiles_outside_organization: bool
    metadata: dict[str, str]
    entitlements: list[str]
    created_at: str
    updated_at: str

    def shown_with(self, domains: list[OrganizationDomain]) -> JSON:
        return {
            **self.event_data_with(domains),
            "allow_profiles_outside_organization": self.allow_profiles_outside_organization,
        }

    def event_data_with(self, domains: list[OrganizationDomain]) -> JSON:
        stripe = {} if self.stripe_customer_id is None else {"stripe_customer_id": self.stripe_customer_id}
        return {
            "object": "organization",
            "id": self.id,
            "name": self.name,
            "domains": [domain.shown() for domain in domains],
            "metadata": self.metadata,
            "external_id": self.external_id,
            **stripe,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }


@stored(
    "organization_domains",
    label="Organization Domain",
    prefix="org_domain",
    references={"organization_id": "organizations.id"},
    unique=[("organization_id", "domain")],
    indexes=[("domain",)],
)
class OrganizationDomain(Model):
    """`state` is pending, verified, legacy_verified, failed or unverified.

    The strategy is `manual` or `dns`; a legacy_verified domain has none, and no token (recorded answers).
    """

    id: str
    organization_id: str
    domain: str
    state: str
    verification_strategy: str | None
    verification_token: str | None
    verification_prefix: str | None
    created_at: str
    updated_at: str

    def shown(self) -> JSON:
        strategy = {} if self.verification_strategy is None else {"verification_strategy": self.verification_strategy}
        token = {} if self.verification_token is None else {"verification_token": self.verification_token}
        prefix = {} if self.verification_prefix is None else {"verification_prefix": self.verification_prefix}
        return {
            "object": "organization_domain",
            "id": self.id,
            "organization_id": self.organization_id,
            "domain": self.domain,
            "state": self.state,
            **prefix,
            **token,
            **strategy,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }
