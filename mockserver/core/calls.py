"""A call: a request on its way to its answer, with all that is found out about it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Hashable
from typing import Any, TypeAlias
from urllib.parse import unquote_to_bytes

from mockserver.core.bodies import decode_body, decode_query
from mockserver.core.environment import Environment
from mockserver.core.replies import Reply, Stream, json_reply
from mockserver.core.requests import Request, of_none
from mockserver.core.routing import Endpoint, segments_of
from mockserver.core.server import Server
from mockserver.core.wire import Scope

Answer: TypeAlias = Reply | Stream

_NOWHERE = Endpoint("GET", "", lambda: None, 404, of_none)


class Call:
    """`segments` are those of its path; `derived` is what was computed for it so far, by key."""

    def __init__(self, scope: Scope) -> None:
        self.started = time.perf_counter()
        self.scope = scope
        self.request = Request(scope)
        self.segments = _segments(scope["raw_path"])
        self.endpoint = _NOWHERE
        self.env: Environment | None = None
        self.derived: dict[Hashable, asyncio.Future[Any]] = {}

    def arguments(self, server: Server) -> dict[str, Any]:
        endpoint, request = self.endpoint, self.request
        arguments: dict[str, Any] = {}
        for name, kind in endpoint.arguments:
            match kind:
                case "env":
                    arguments[name] = self.env
                case "path":
                    arguments[name] = request.path_parameters[name]
                case "body":
                    assert endpoint.body is not None
                    arguments[name] = decode_body(endpoint.body, request.content, strict=not request.is_form)
                case "query":
                    assert endpoint.query is not None
                    arguments[name] = decode_query(endpoint.query, request.query)
                case "content":
                    arguments[name] = request.content
                case "request":
                    arguments[name] = request
                case "server":
                    arguments[name] = server
        return arguments

    def answer_of(self, result: Any) -> Answer:
        """What the endpoint's function gave back, as an answer."""
        if result is None:
            return Reply(self.endpoint.status)
        if isinstance(result, Reply | Stream):
            return result
        if hasattr(result, "shown"):
            result = result.shown()
        return json_reply(self.endpoint.status, result)


def _segments(raw_path: bytes) -> list[str]:
    if b"%" not in raw_path:
        return segments_of(raw_path.decode("latin-1"))
    # Split first: an external id may hold an encoded slash.
    return [unquote_to_bytes(part).decode("utf-8", "replace") for part in raw_path.split(b"/") if part]
