"""/connections"""

from __future__ import annotations

from mockserver.connections import service
from mockserver.connections.models import Connection
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.pagination import Pagination
from mockserver.core.routing import delete, get


class ConnectionsQuery(Pagination, kw_only=True):
    connection_type: str | None = None
    domain: str | None = None
    organization_id: str | None = None
    search: str | None = None


@get("/connections")
def list_connections(env: Environment, query: ConnectionsQuery) -> JSON:
    return service.list_connections(
        env,
        query,
        connection_type=query.connection_type,
        domain=query.domain,
        organization_id=query.organization_id,
        search=query.search,
    )


@get("/connections/{id}")
def get_connection(env: Environment, id: str) -> JSON:
    return service.shown(env, env.get(Connection, id))


@delete("/connections/{id}", status=204)
def delete_connection(env: Environment, id: str) -> None:
    service.delete_connection(env, env.get(Connection, id))
