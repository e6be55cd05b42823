"""What may happen to connections, and what follows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from mockserver.connections.models import STATES, Connection, ConnectionDomain
from mockserver.connections.types import TYPES, normal_type
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, RequestInvalid, field_error
from mockserver.core.pagination import Listing, Pagination, containing
from mockserver.core.statements import Among, Query
from mockserver.events import service as events
from mockserver.organizations.domains import domains_of as organization_domains
from mockserver.organizations.domains import normal_domain
from mockserver.organizations.models import Organization

_columns = Connection.table.c
_domains = ConnectionDomain.table.c
_OF_ORGANIZATION = Query(
    Connection,
    _columns.organization_id == sa.bindparam("organization_id"),
    order_by=(_columns.created_at, _columns.id),
)
_DOMAINS = Query(ConnectionDomain, _domains.connection_id == sa.bindparam("connection_id"), order_by=(_domains.id,))
_DOMAINS_OF_EACH = Among(ConnectionDomain, _domains.connection_id, order_by=(_domains.id,))
_LISTING = Listing(
    Connection,
    connection_type=_columns.connection_type == sa.bindparam("connection_type"),
    domain=_columns.id.in_(sa.select(_domains.connection_id).where(_domains.domain == sa.bindparam("domain"))),
    organization_id=_columns.organization_id == sa.bindparam("organization_id"),
    search=[_columns.search_key.like(sa.bindparam("search"), escape="\\")],
)

# What a new state of a connection is told as.
_EVENTS = {"active": "connection.activated", "inactive": "connection.deactivated"}


def shown(env: Environment, connection: Connection) -> JSON:
    return connection.shown_with(domains_of(env, connection))


def domains_of(env: Environment, connection: Connection) -> list[ConnectionDomain]:
    return env.all(_DOMAINS, connection_id=connection.id)


def list_connections(
    env: Environment,
    pagination: Pagination,
    *,
    connection_type: str | None = None,
    domain: str | None = None,
    organization_id: str | None = None,
    search: str | None = None,
) -> JSON:
    """`search`: part of the name, in any case. Raises RequestInvalid for an unknown type."""
    values: dict[str, Any] = {}
    if connection_type is not None:
        values["connection_type"] = _known_type(connection_type)
    if domain is not None:
        values["domain"] = domain.lower()
    if organization_id is not None:
        values["organization_id"] = organization_id
    if search is not None:
        values["search"] = containing(search.lower())
    page = env.page(_LISTING, pagination, **values)
    domains_of_each: dict[str, list[ConnectionDomain]] = {connection.id: [] for connection in page.data}
    for item in env.among(_DOMAINS_OF_EACH, domains_of_each):
        domains_of_each[item.connection_id].append(item)
    return page.shown_as(lambda connection: connection.shown_with(domains_of_each[connection.id]))


def connections_of(env: Environment, organization_id: str) -> list[Connection]:
    """Oldest first."""
    return env.all(_OF_ORGANIZATION, organization_id=organization_id)


def active_connections_of(env: Environment, organization_id: str) -> list[Connection]:
    return [connection for connection in connections_of(env, organization_id) if connection.state == "active"]


def create_connection(
    env: Environment,
    *,
    connection_type: str,
    name: str,
    organization_id: str | None = None,
    state: str = "active",
    domains: Sequence[str] | None = None,
) -> Connection:
    """Without `domains` it has those of its organization. Raises NotFound, RequestInvalid."""
    connection_type = _known_type(connection_type)
    if organization_id is not None:
        env.get(Organization, organization_id)
    if domains is not None:
        domains = [normal_domain("domains", domain) for domain in domains]
    connection = insert_connection(env, connection_type, name, organization_id=organization_id, state=state)
    add_domains(env, connection, domains)
    _record_state(env, connection)
    return connection


def insert_connection(
    env: Environment, connection_type: str, name: str, *, organization_id: str | None = None, state: str = "active"
) -> Connection:
    """Without domains, and without an event."""
    now = env.clock.now()
    return env.insert(
        Connection(
            id=env.ids.new(Connection.prefix),
            organization_id=organization_id,
            connection_type=connection_type,
            name=name,
            search_key=name.lower(),
            state=state,
            external_key=env.codes.token(),
            created_at=now,
            updated_at=now,
        )
    )


def add_domains(env: Environment, connection: Connection, domains: Sequence[str] | None) -> None:
    """In their normal form; None stands for the domains of the organization."""
    if domains is None:
        owned = [] if connection.organization_id is None else organization_domains(env, connection.organization_id)
        domains = [domain.domain for domain in owned]
    for domain in dict.fromkeys(domains):
        env.insert(ConnectionDomain(env.ids.new(ConnectionDomain.prefix), connection.id, domain))


def update_connection(
    env: Environment, connection: Connection, *, name: str | None = None, state: str | None = None
) -> Connection:
    if name is not None and name != connection.name:
        connection = env.update(connection, name=name, search_key=name.lower())
    return connection if state is None else set_state(env, connection, state)


def set_state(env: Environment, connection: Connection, state: str) -> Connection:
    """Raises RequestInvalid for an unknown state."""
    if state not in STATES:
        message = f"'{state}' is none of {', '.join(STATES)}."
        raise RequestInvalid([field_error("state", "state_invalid", message)])
    if state == connection.state:
        return connection
    connection = env.update(connection, state=state)
    _record_state(env, connection)
    return connection


def mark_used(env: Environment, connection: Connection) -> Connection:
    """The first sign-in proves a new connection."""
    return set_state(env, connection, "active") if connection.state == "validating" else connection


def delete_connection(env: Environment, connection: Connection) -> None:
    """Its profiles go with it."""
    env.delete(connection)
    data = connection.deleted_data()
    events.record(env, "connection.deleted", data)


def _record_state(env: Environment, connection: Connection) -> None:
    if connection.state in _EVENTS:
        events.record(env, _EVENTS[connection.state], connection.event_data_with(domains_of(env, connection)))


def _known_type(connection_type: str) -> str:
    normal = normal_type(connection_type)
    if normal not in TYPES:
        message = f"'{connection_type}' is no type of connection, such as GenericSAML or OktaOIDC."
        raise RequestInvalid([field_error("connection_type", "connection_type_invalid", message)])
    return normal
