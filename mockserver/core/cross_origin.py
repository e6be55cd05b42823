"""Calls from pages of another origin: what their browsers are told (contract: authentication, section 1.4)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from mockserver.core.environment import Environment
from mockserver.core.gate import is_same_host
from mockserver.core.replies import Reply
from mockserver.core.server import Server

log = logging.getLogger("mockserver.requests")


def preflight(scope: Mapping[str, Any], methods: list[str]) -> Reply:
    """Browsers ask before the call itself, without a key."""
    asked = dict(scope["headers"]).get(b"access-control-request-headers", b"").decode("latin-1")
    headers = [
        ("access-control-allow-methods", ", ".join(methods or ["GET", "POST", "PUT", "PATCH", "DELETE"])),
        ("access-control-max-age", "600"),
    ]
    if asked:
        headers.append(("access-control-allow-headers", asked))
    return Reply(204, headers=tuple(headers))


def cross_origin_headers(server: Server, scope: Mapping[str, Any]) -> list[tuple[bytes, bytes]]:
    """None of them makes the browser keep the answer from the page."""
    origin = next((value for name, value in scope["headers"] if name == b"origin"), None)
    if origin is None:
        return []
    text = origin.decode("latin-1")
    environment: Environment | None = scope.get("environment")
    if environment is not None and environment.name not in server.environments:  # deleted while the call waited
        environment = None
    is_control = scope.get("is_control", False)
    if server.gate.allows_control(origin) if is_control else server.allows_origin(environment, text):
        return [(b"access-control-allow-origin", origin), (b"access-control-expose-headers", b"X-Request-ID")]
    if not is_control and not is_same_host(scope["headers"], origin):
        log.warning(
            "%s %s: no answer for pages of %s; register it with POST /user_management/cors_origins",
            scope["method"],
            scope["path"],
            text,
        )
    return []
