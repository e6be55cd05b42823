"""How to connect, what there is, and whether the server is well."""

from __future__ import annotations

from mockserver import __version__
from mockserver.control.connections import SDKS, connection
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.requests import of_control, of_none
from mockserver.core.routing import get
from mockserver.core.server import Server


@get("/_emulate", environment=of_none)
def list_calls(server: Server) -> JSON:
    """The calls of the control plane."""
    return {"object": "list", "data": server.control_calls}


@get("/_emulate/connections", environment=of_control)
def get_connections(env: Environment) -> JSON:
    """Environment variables and code per SDK."""
    found = {sdk: connection(sdk, env.server.public_url, env.keys) for sdk in SDKS}
    return {sdk: {"variables": item.variables, "code": item.code} for sdk, item in found.items()}


@get("/health", environment=of_none)
@get("/_emulate/health", environment=of_none)
def get_health(server: Server) -> JSON:
    """200 as long as the process answers."""
    return {"status": "ok", "version": __version__, "environments": len(server.environments)}


@get("/readyz", environment=of_none)
def get_readiness(server: Server) -> JSON:
    """200 once the default environment answers queries, fixtures loaded."""
    server.default.recall("keys")
    return {"status": "ready"}
