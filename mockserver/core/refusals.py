"""Refusals as answers, and those of paths that are nobody's."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mockserver.core.errors import ApiError
from mockserver.core.pages import error_page, shown_parameters
from mockserver.core.replies import Reply, json_reply
from mockserver.core.requests import Request
from mockserver.core.routing import Endpoint, Router, public_operation, public_operations

log = logging.getLogger("mockserver.requests")


class RouteNotFound(ApiError):
    """As production's router answers (workos-node 1334), with the query: for the client alone, never for the log."""

    status = 404

    def __init__(self, method: str, target: str) -> None:
        super().__init__(f"Cannot {method} {target}", error="Not Found")


class ControlCallNotFound(ApiError):
    status = 404
    message = "Not Found. GET /_emulate lists the calls."


class MethodNotAllowed(ApiError):
    status = 405
    message = "Method Not Allowed"

    def __init__(self, methods: list[str]) -> None:
        super().__init__()
        self.headers = (("allow", ", ".join(methods)),)


class NotImplementedYet(ApiError):
    """An operation that the public API has and this server has not: never to be mistaken for a missing object."""

    status, code = 501, "emulator_not_implemented"

    def __init__(self, operation: Endpoint) -> None:
        name = operation.function.__name__
        call = f"{operation.method} {operation.path}"
        super().__init__(f"This server does not implement {call} ({name}) yet.", operation=name)


def unrouted(router: Router, scope: Mapping[str, Any], segments: list[str]) -> ApiError:
    """Of a path that no endpoint has, or none by this method."""
    method: str = scope["method"]
    operation = public_operation(method, segments)
    if operation is not None:
        return NotImplementedYet(operation)
    methods = sorted({*router.methods(segments), *public_operations().methods(segments)})
    if methods:
        return MethodNotAllowed(methods)
    if segments[:1] == ["_emulate"]:
        return ControlCallNotFound()
    return RouteNotFound("GET" if method == "HEAD" else method, _target(scope))


def _target(scope: Mapping[str, Any]) -> str:
    """Path and query as they were sent."""
    query: bytes = scope["query_string"]
    target: bytes = scope["raw_path"] + (b"?" + query if query else b"")
    return target.decode("latin-1")


def refusal(endpoint: Endpoint, request: Request, error: ApiError) -> Reply:
    if error.hint is not None:
        log.warning("%s %s answers %s: %s", request.method, request.path, error.status, error.hint)
    is_page = endpoint.is_page and request.accepts_html
    reply = error_page(error, shown_parameters(request.query)) if is_page else json_reply(error.status, error.body())
    headers = (*reply.headers, *error.headers)
    if error.challenge is not None and request.accepts_html:
        headers += (("www-authenticate", error.challenge),)
    return replace(reply, headers=headers, note=_note(error))


def _note(error: ApiError) -> str:
    """What a log line says of a refusal: its code, and the first field that was wrong, unless that is no name."""
    errors = error.extra.get("errors")
    field = errors[0].get("field") if isinstance(errors, list) and errors and isinstance(errors[0], dict) else None
    is_name = isinstance(field, str) and re.fullmatch(r"[A-Za-z0-9_.\[\]-]{1,64}", field)
    return " ".join(part for part in (error.code, field if is_name else None) if part)
