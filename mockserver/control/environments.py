"""Environments: isolated worlds, one per test worker or developer."""

from __future__ import annotations

from functools import partial
from typing import Any

from mockserver import fixtures
from mockserver.core import making
from mockserver.core.bodies import ControlBody
from mockserver.core.clock import Clock
from mockserver.core.environment import Environment, Keys
from mockserver.core.errors import JSON, ApiError
from mockserver.core.ids import Codes, Ids
from mockserver.core.requests import of_control_server
from mockserver.core.routing import delete, get, post
from mockserver.core.server import DEFAULT, Server
from mockserver.core.waiting import Closed
from mockserver.sessions.tokens import issuer


class CreateEnvironment(ControlBody):
    name: str | None = None
    api_key: str | None = None
    client_id: str | None = None
    fixtures: dict[str, Any] | None = None


class LiveKeyRefused(ApiError):
    status, code = 422, "live_key_refused"
    message = "A key that starts with 'sk_live_' belongs to production; use one such as 'sk_test_worker_1'."


class DefaultNotDeletable(ApiError):
    status, code = 409, "default_environment"
    message = "The default environment can't be deleted. POST /_emulate/reset empties it."


class EnvironmentNotFound(ApiError):
    status, code = 404, "environment_not_found"

    def __init__(self, name: str) -> None:
        super().__init__(f"No environment is named '{name}'. GET /_emulate/environments lists them.")


def _shown(environment: Environment) -> JSON:
    keys = environment.keys
    return {
        "object": "environment",
        "name": environment.name,
        "api_key": keys.api_key,
        "client_id": keys.client_id,
        "issuer": issuer(environment),
    }


@get("/_emulate/environments", environment=of_control_server)
def list_environments(server: Server) -> JSON:
    """Every environment with its keys."""
    return {
        "object": "list",
        "data": [_shown(environment) for environment in server],
        "list_metadata": {"before": None, "after": None},
    }


@post("/_emulate/environments", environment=of_control_server, status=201, max_body=64 << 20)
async def create_environment(server: Server, body: CreateEnvironment) -> JSON:
    """Makes an environment; name, key and client id are made up where they are missing, `fixtures` is a document."""
    token = Ids(Clock()).ulid().lower()
    name = body.name or f"env-{token}"
    keys = Keys(body.api_key or f"sk_test_{Codes().token()}", body.client_id or f"client_{token.upper()}")
    if keys.api_key.startswith("sk_live_"):
        raise LiveKeyRefused
    document = fixtures.Document(body.fixtures or {})
    keys = fixtures.with_listed_keys(keys, document, is_made_up=body.api_key is None)
    start = partial(fixtures.start_with, document=document)
    with server.reserved(name, keys):
        environment = await server.workers.run(making.make_database, server, name, keys, start)
        server.register(environment)
    return _shown(environment)


@delete("/_emulate/environments/{name}", environment=of_control_server, status=204)
async def delete_environment(server: Server, name: str) -> None:
    """Deletes an environment with all that is in it, and ends the waits for its mails."""
    environment = server.environments.get(name)
    if environment is None:
        raise EnvironmentNotFound(name)
    if name == DEFAULT:
        raise DefaultNotDeletable
    try:
        async with environment.turn():
            await making.remove(server, environment)
    except Closed:  # by another call
        raise EnvironmentNotFound(name) from None
