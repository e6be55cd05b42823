"""SSO connections, which production sets up in its dashboard and Admin Portal, and who their providers know."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import UNSET, UnsetType

from mockserver.connections import service
from mockserver.connections.models import Connection
from mockserver.connections.profiles import profiles_of, save_profile
from mockserver.core.bodies import ControlBody, NonEmpty
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.pagination import Pagination
from mockserver.core.requests import of_control
from mockserver.core.routing import get, patch, post

State = Literal["requires_type", "draft", "active", "validating", "inactive", "deleting"]


class SaveProfile(ControlBody):
    email: NonEmpty
    idp_id: NonEmpty | None = None
    first_name: str | None = None
    last_name: str | None = None
    groups: list[str] | None = None
    role_slug: str | None = None
    custom_attributes: dict[str, Any] | None = None
    raw_attributes: dict[str, Any] | None = None


class CreateConnection(ControlBody):
    connection_type: NonEmpty
    name: NonEmpty
    organization_id: str | None = None
    state: State = "active"
    domains: list[str] | None = None
    profiles: list[SaveProfile] | None = None

    def attributes(self) -> dict[str, Any]:
        return {name: value for name, value in self.changes().items() if name != "profiles"}


class UpdateConnection(ControlBody):
    name: NonEmpty | UnsetType = UNSET
    state: State | UnsetType = UNSET


@get("/_emulate/sso_connections", environment=of_control)
def list_connections(env: Environment, query: Pagination) -> JSON:
    """Every SSO connection, as GET /connections lists them."""
    return service.list_connections(env, query)


@post("/_emulate/sso_connections", environment=of_control, status=201)
def create_connection(env: Environment, body: CreateConnection) -> JSON:
    """Sets one up: {connection_type, name, organization_id, state, domains, profiles}."""
    connection = service.create_connection(env, **body.attributes())
    for profile in body.profiles or ():
        save_profile(env, connection, **profile.changes())
    return service.shown(env, connection)


@patch("/_emulate/sso_connections/{id}", environment=of_control)
def update_connection(env: Environment, id: str, body: UpdateConnection) -> JSON:
    """Renames it, activates it or switches it off: {name, state}."""
    return service.shown(env, service.update_connection(env, env.get(Connection, id), **body.changes()))


@get("/_emulate/sso_connections/{id}/profiles", environment=of_control)
def list_profiles(env: Environment, id: str) -> JSON:
    """Whom its identity provider knows, oldest first."""
    connection = env.get(Connection, id)
    profiles = [profile.shown_with(connection) for profile in profiles_of(env, connection)]
    return {"object": "list", "data": profiles}


@post("/_emulate/sso_connections/{id}/profiles", environment=of_control, status=201)
def save_profile_of_connection(env: Environment, id: str, body: SaveProfile) -> JSON:
    """Makes or changes the one with this idp_id, or this email: {email, idp_id, first_name, last_name, groups, …}."""
    connection = env.get(Connection, id)
    return save_profile(env, connection, **body.changes()).shown_with(connection)
