"""Domains: which ones an organization says are its own, and which it has proved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from mockserver.core.clock import to_ms
from mockserver.core.environment import Environment
from mockserver.core.errors import ApiError, RequestInvalid, field_error
from mockserver.core.statements import Among, Query
from mockserver.events import service as events
from mockserver.organizations.models import Organization, OrganizationDomain

FailureReason = Literal["domain_verification_period_expired", "domain_verified_by_other_organization"]
VERIFIED = ("verified", "legacy_verified")
DAYS_TO_VERIFY = 30
_STRATEGIES = {"pending": "dns", "verified": "manual", "legacy_verified": None}

# Addresses here belong to their owners, never to an organization (contract: resources, section 4).
CONSUMER_DOMAINS = frozenset(
    {
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "msn.com",
        "yahoo.com",
        "icloud.com",
        "me.com",
        "aol.com",
        "proton.me",
        "protonmail.com",
        "gmx.com",
        "gmx.de",
        "gmx.net",
        "web.de",
        "mail.com",
        "yandex.com",
        "zoho.com",
    }
)

_columns = OrganizationDomain.table.c
_OF_ORGANIZATION = Query(
    OrganizationDomain,
    _columns.organization_id == sa.bindparam("organization_id"),
    order_by=(_columns.created_at, _columns.id),
)
_OF_ORGANIZATIONS = Among(OrganizationDomain, _columns.organization_id, order_by=(_columns.created_at, _columns.id))
_BY_DOMAIN = Query(
    OrganizationDomain, _columns.domain == sa.bindparam("domain"), order_by=(_columns.created_at, _columns.id)
)
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")


class DomainTaken(ApiError):
    """Another organization has verified the domain; mere claims may contradict each other."""

    status = 409

    def __init__(self, domain: str) -> None:
        super().__init__(f"An Organization with the domain {domain} already exists.")


class DomainAlreadyExists(ApiError):
    status, code = 409, "domain_already_exists"
    message = "Domain already exists for this organization."


class DomainAlreadyExistsElsewhere(DomainTaken):
    """DomainTaken with the code that the OpenAPI document has for `POST /organization_domains`."""

    code = "domain_already_exists"


class DomainAlreadyVerified(ApiError):
    status, code = 400, "domain_already_verified"
    message = "Domain is already verified."


@dataclass(frozen=True)
class GivenDomain:
    """A domain as a request names it; `state` is pending, verified or legacy_verified."""

    domain: str
    state: str = "pending"


def domains_of(env: Environment, organization_id: str) -> list[OrganizationDomain]:
    """Oldest first."""
    found = env.all(_OF_ORGANIZATION, organization_id=organization_id)
    return [with_current_state(env, domain) for domain in found]


def domains_by_organization(env: Environment, organization_ids: Sequence[str]) -> dict[str, list[OrganizationDomain]]:
    """Of each its own, oldest first."""
    found: dict[str, list[OrganizationDomain]] = {id: [] for id in organization_ids}
    for domain in env.among(_OF_ORGANIZATIONS, organization_ids):
        found[domain.organization_id].append(with_current_state(env, domain))
    return found


def verified_organization_ids(env: Environment, domain: str) -> list[str]:
    """The organizations that have proved the domain to be theirs."""
    claims = env.all(_BY_DOMAIN, domain=domain.lower())
    return [claim.organization_id for claim in claims if claim.state in VERIFIED]


def normal_domain(field: str, domain: str) -> str:
    """In lower case. Raises RequestInvalid for what is no domain, or one of a consumer mail service."""
    normal = domain.strip().lower()
    if not _DOMAIN.fullmatch(normal) or len(normal) > 253:
        raise RequestInvalid([field_error(field, f"{field}_invalid", f"'{domain}' is not a domain.")])
    if normal in CONSUMER_DOMAINS:
        raise RequestInvalid([field_error(field, f"{field}_invalid", f"'{domain}' is a consumer domain.")])
    return normal


def require_not_taken(env: Environment, domain: str, organization_id: str | None) -> None:
    """Raises DomainTaken."""
    if is_taken(env, domain, organization_id):
        raise DomainTaken(domain)


def is_taken(env: Environment, domain: str, organization_id: str | None) -> bool:
    """Whether another organization has verified it."""
    return any(other != organization_id for other in verified_organization_ids(env, domain))


def replace_domains(env: Environment, organization: Organization, given: Sequence[GivenDomain]) -> bool:
    """Makes these the organization's domains; those that stay keep their id. False when nothing changes."""
    wanted = {item.domain: item for item in given}
    existing = {item.domain: item for item in domains_of(env, organization.id)}
    changed = False
    for domain, item in existing.items():
        if domain not in wanted:
            delete_domain(env, item)
            changed = True
    for domain, asked in wanted.items():
        if domain not in existing:
            add_domain(env, organization, asked)
            changed = True
        elif asked.state == "verified" and existing[domain].state not in VERIFIED:
            mark_verified(env, existing[domain], strategy="manual")
            changed = True
    return changed


def add_domain(env: Environment, organization: Organization, given: GivenDomain) -> OrganizationDomain:
    domain = insert_domain(env, organization, given)
    record_new_domain(env, domain)
    return domain


def insert_domain(env: Environment, organization: Organization, given: GivenDomain) -> OrganizationDomain:
    now = env.clock.now()
    is_verified = given.state in VERIFIED
    return env.insert(
        OrganizationDomain(
            id=env.ids.new(OrganizationDomain.prefix),
            organization_id=organization.id,
            domain=given.domain,
            state=given.state,
            verification_strategy=_STRATEGIES[given.state],
            verification_token=None if is_verified else env.codes.token(),
            verification_prefix=None if is_verified else verification_prefix(env),
            created_at=now,
            updated_at=now,
        )
    )


def record_new_domain(env: Environment, domain: OrganizationDomain) -> None:
    events.record(env, "organization_domain.created", domain)
    if domain.state in VERIFIED:
        events.record(env, "organization_domain.verified", domain)


def verification_prefix(env: Environment) -> str:
    """Of the DNS record that proves a domain."""
    slug = re.sub(r"[^a-z0-9]+", "-", env.settings.product_name.lower()).strip("-") or "app"
    return f"{slug}-domain-verification-{env.codes.token(6).lower()}"


def create_domain(env: Environment, organization: Organization, domain: str) -> OrganizationDomain:
    """Raises DomainAlreadyExists, DomainAlreadyExistsElsewhere, RequestInvalid."""
    domain = normal_domain("domain", domain)
    if any(existing.domain == domain for existing in domains_of(env, organization.id)):
        raise DomainAlreadyExists
    if is_taken(env, domain, organization.id):
        raise DomainAlreadyExistsElsewhere(domain)
    return add_domain(env, organization, GivenDomain(domain))


def delete_domain(env: Environment, domain: OrganizationDomain) -> None:
    env.delete(domain)
    events.record(env, "organization_domain.deleted", domain)


def start_verification(env: Environment, domain: OrganizationDomain) -> OrganizationDomain:
    """Verifies at once, or waits for `/_emulate/domains/{id}/verify` (setting `domain_verification: manual`)."""
    domain = with_current_state(env, domain)
    if domain.state in VERIFIED:
        raise DomainAlreadyVerified
    if env.settings.domain_verification == "immediate":
        return mark_verified(env, domain, strategy="dns")
    if domain.state == "pending":
        return domain
    domain = env.update(domain, state="pending")
    events.record(env, "organization_domain.updated", domain)
    return domain


def mark_verified(env: Environment, domain: OrganizationDomain, *, strategy: str) -> OrganizationDomain:
    """What another organization has verified meanwhile fails; the OpenAPI document has no refusal for it."""
    if domain.state in VERIFIED:
        return domain
    if is_taken(env, domain.domain, domain.organization_id):
        return mark_failed(env, domain, reason="domain_verified_by_other_organization")
    domain = env.update(domain, state="verified", verification_strategy=strategy)
    events.record(env, "organization_domain.verified", domain)
    return domain


def mark_failed(
    env: Environment, domain: OrganizationDomain, *, reason: FailureReason = "domain_verification_period_expired"
) -> OrganizationDomain:
    """Raises DomainAlreadyVerified."""
    if domain.state in VERIFIED:
        raise DomainAlreadyVerified
    if domain.state == "failed":
        return domain
    domain = env.update(domain, state="failed")
    failure = {"reason": reason, "organization_domain": domain.shown()}
    name = "organization_domain.verification_failed"
    events.record(env, name, failure, organization_id=domain.organization_id)
    return domain


def with_current_state(env: Environment, domain: OrganizationDomain) -> OrganizationDomain:
    """A domain that nobody verified within 30 days has failed by now.

    A pending one was last changed when its verification started.
    """
    if domain.state != "pending":
        return domain
    age_ms = env.clock.now_ms() - to_ms(domain.updated_at)
    return mark_failed(env, domain) if age_ms >= DAYS_TO_VERIFY * 86_400_000 else domain
