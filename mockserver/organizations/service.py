"""What may happen to organizations, and what follows. Deleting one is `deletion.py`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, ApiError, NotFound, RequestInvalid, field_error
from mockserver.core.metadata import merged_metadata
from mockserver.core.pagination import Listing, Pagination, containing
from mockserver.core.statements import Query
from mockserver.events import service as events
from mockserver.organizations.domains import (
    GivenDomain,
    domains_by_organization,
    domains_of,
    insert_domain,
    normal_domain,
    record_new_domain,
    replace_domains,
    require_not_taken,
)
from mockserver.organizations.models import Organization, OrganizationDomain

_MOST_DOMAINS = 100  # in one filter; each number of them is a statement of its own

_columns = Organization.table.c
_BY_EXTERNAL_ID = Query(Organization, _columns.external_id == sa.bindparam("external_id"))
_BY_STRIPE_ID = Query(Organization, _columns.stripe_customer_id == sa.bindparam("stripe_customer_id"))


class ExternalIdTaken(ApiError):
    status, code = 400, "external_id_already_used"
    message = "The external_id provided has already been assigned to another organization."


class StripeCustomerTaken(ApiError):
    status, code = 400, "stripe_customer_id_already_used"
    message = "The stripe_customer_id provided has already been assigned to another organization."


def shown(env: Environment, organization: Organization) -> JSON:
    return organization.shown_with(domains_of(env, organization.id))


def get_by_external_id(env: Environment, external_id: str) -> Organization:
    """Raises NotFound."""
    organization = env.first(_BY_EXTERNAL_ID, external_id=external_id)
    if organization is None:
        raise NotFound(Organization.label, external_id)
    return organization


def list_organizations(env: Environment, pagination: Pagination, *, domains: Sequence[str], search: str | None) -> JSON:
    """`domains`: those that have any of them. `search`: part of the name, in any case."""
    wanted = list(dict.fromkeys(domain.lower() for domain in domains))[:_MOST_DOMAINS]
    values: dict[str, Any] = {f"domain_{index}": domain for index, domain in enumerate(wanted)}
    if wanted:
        values["domains"] = True
    if search is not None:
        values["search"] = containing(search.lower())
    page = env.page(_listing(len(wanted)), pagination, **values)
    domains_of_each = domains_by_organization(env, [organization.id for organization in page.data])
    return page.shown_as(lambda organization: organization.shown_with(domains_of_each[organization.id]))


@cache
def _listing(domains: int) -> Listing[Organization]:
    claims = OrganizationDomain.table.c
    any_of = claims.domain.in_([sa.bindparam(f"domain_{index}", type_=sa.Text) for index in range(domains)])
    return Listing(
        Organization,
        domains=_columns.id.in_(sa.select(claims.organization_id).where(any_of)),
        search=[_columns.search_key.like(sa.bindparam("search"), escape="\\")],
    )


def create_organization(
    env: Environment, *, name: str, domains: Sequence[GivenDomain] = (), **attributes: Any
) -> Organization:
    require_free_external_id(env, attributes.get("external_id"))
    metadata = merged_metadata({}, attributes.pop("metadata", None))
    given = _acceptable(env, domains, None)
    organization = env.insert(new_organization(env, name, metadata=metadata, **attributes))
    added = [insert_domain(env, organization, item) for item in given]
    _record(env, organization, "created", added)
    for domain in added:
        record_new_domain(env, domain)
    return organization


def new_organization(env: Environment, name: str, **attributes: Any) -> Organization:
    """An organization that is not stored yet, with the defaults for what `attributes` lacks."""
    now = env.clock.now()
    defaults = {
        "id": env.ids.new(Organization.prefix),
        "name": name,
        "search_key": name.lower(),
        "allow_profiles_outside_organization": False,
        "metadata": {},
        "entitlements": [],
        "created_at": now,
        "updated_at": now,
    }
    return Organization(**{**dict.fromkeys(Organization.__struct_fields__), **defaults, **attributes})


def update_organization(
    env: Environment, organization: Organization, *, domains: Sequence[GivenDomain] | None = None, **attributes: Any
) -> Organization:
    """Changes the members named; `domains` replaces the whole set. A call that changes nothing records no event."""
    if attributes.get("external_id") != organization.external_id:
        require_free_external_id(env, attributes.get("external_id"))
    if "stripe_customer_id" in attributes:
        _require_free_stripe_customer(env, organization, attributes["stripe_customer_id"])
    if "metadata" in attributes:
        attributes["metadata"] = merged_metadata(organization.metadata, attributes["metadata"])
    if "name" in attributes:
        attributes["search_key"] = attributes["name"].lower()
    given = None if domains is None else _acceptable(env, domains, organization.id)
    has_new_domains = given is not None and replace_domains(env, organization, given)
    changes = {name: value for name, value in attributes.items() if value != getattr(organization, name)}
    if not changes and not has_new_domains:
        return organization
    organization = env.update(organization, **changes)
    _record(env, organization, "updated", domains_of(env, organization.id))
    return organization


def delete_organization(env: Environment, organization: Organization, last_domains: list[OrganizationDomain]) -> None:
    """Of one that nothing hangs on any more: see `deletion.py`. `last_domains` are those it had, for the event."""
    env.delete(organization)
    _record(env, organization, "deleted", last_domains)


def _record(env: Environment, organization: Organization, what: str, domains: list[OrganizationDomain]) -> None:
    data = organization.event_data_with(domains)
    events.record(env, f"organization.{what}", data, organization_id=organization.id)


def _acceptable(env: Environment, given: Sequence[GivenDomain], organization_id: str | None) -> list[GivenDomain]:
    """In normal form; of a domain that is given twice the last one. Raises RequestInvalid, DomainTaken."""
    normal = [GivenDomain(normal_domain("domain_data", item.domain), item.state) for item in given]
    for item in normal:
        require_not_taken(env, item.domain, organization_id)
    return list({item.domain: item for item in normal}.values())


def require_free_external_id(env: Environment, external_id: str | None) -> None:
    """At most 128 ASCII characters, of one organization only."""
    if external_id is None:
        return
    if not 1 <= len(external_id) <= 128 or not external_id.isascii():
        message = "External Id must have 1 to 128 ASCII characters."
        raise RequestInvalid([field_error("external_id", "external_id_invalid", message)])
    if env.first(_BY_EXTERNAL_ID, external_id=external_id) is not None:
        raise ExternalIdTaken


def _require_free_stripe_customer(env: Environment, organization: Organization, customer: str | None) -> None:
    if customer is None or customer == organization.stripe_customer_id:
        return
    if env.first(_BY_STRIPE_ID, stripe_customer_id=customer) is not None:
        raise StripeCustomerTaken
