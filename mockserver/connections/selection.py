"""Which connection an app means."""

from __future__ import annotations

import sqlalchemy as sa

from mockserver.connections import service
from mockserver.connections.models import Connection
from mockserver.core.environment import Environment
from mockserver.core.errors import Refused
from mockserver.core.statements import Query
from mockserver.organizations.models import Organization
from mockserver.settings import OAUTH_PROVIDERS

_columns = Connection.table.c
_OF_PROVIDER = Query(
    Connection,
    _columns.connection_type == sa.bindparam("connection_type"),
    _columns.organization_id.is_(None),
    order_by=(_columns.created_at, _columns.id),
)


class SelectionRefused(Refused):
    """No connection, or more than one, is meant (contract: resources, section 11.2)."""


def select(
    env: Environment,
    *,
    connection_id: str | None = None,
    organization_id: str | None = None,
    provider: str | None = None,
    domain: str | None = None,
) -> Connection:
    """The one usable connection that exactly one selector names. Raises SelectionRefused."""
    if domain is not None:
        raise SelectionRefused(
            "domain_connection_selector_not_allowed",
            "The domain parameter is no longer valid. Use connection or organization instead.",
        )
    if sum(selector is not None for selector in (connection_id, organization_id, provider)) != 1:
        message = "Exactly one connection selector is required: a connection, an organization or a provider."
        raise SelectionRefused("invalid_connection_selector", message)
    if connection_id is not None:
        return _by_id(env, connection_id)
    if organization_id is not None:
        return _of_organization(env, organization_id)
    return _of_provider(env, provider or "")


def _by_id(env: Environment, connection_id: str) -> Connection:
    connection = env.find(Connection, connection_id)
    if connection is None:
        raise SelectionRefused("connection_invalid", f"No connection has the id '{connection_id}'.")
    return _usable(connection)


def _of_organization(env: Environment, organization_id: str) -> Connection:
    if env.find(Organization, organization_id) is None:
        raise SelectionRefused("organization_invalid", f"No organization has the id '{organization_id}'.")
    usable = [connection for connection in service.connections_of(env, organization_id) if connection.is_usable]
    if not usable:
        raise SelectionRefused("organization_invalid", "No connection associated with organization.")
    if len(usable) > 1:
        message = "The organization has several connections. Use the id of one instead."
        raise SelectionRefused("ambiguous_connection_selector", message)
    return usable[0]


def _of_provider(env: Environment, provider: str) -> Connection:
    """The environment's own connection of this type, which is made when there is none."""
    if provider not in OAUTH_PROVIDERS:
        raise SelectionRefused("invalid_connection_selector", f"'{provider}' is no provider to sign in with.")
    connections = env.all(_OF_PROVIDER, connection_type=provider)
    if not connections:
        return service.insert_connection(env, provider, provider)
    if len([connection for connection in connections if connection.is_usable]) > 1:
        raise SelectionRefused("connection_strategy_invalid", f"Several connections are of the type {provider}.")
    return _usable(next((connection for connection in connections if connection.is_usable), connections[0]))


def _usable(connection: Connection) -> Connection:
    if not connection.is_usable:
        raise SelectionRefused("connection_unlinked", f"The connection '{connection.id}' is {connection.state}.")
    return connection
