"""The dispatcher: one ASGI application that turns a request into one call in one transaction.

Nothing awaits between the first read of a rule and its commit, so requests never interleave within an environment.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import Any
from urllib.parse import unquote_to_bytes

from mockserver.core import idempotency
from mockserver.core.bodies import decode_body, decode_query
from mockserver.core.cross_origin import cross_origin_headers, preflight
from mockserver.core.environment import Environment, Server
from mockserver.core.errors import ApiError
from mockserver.core.ids import request_id
from mockserver.core.pages import error_page, shown_parameters
from mockserver.core.replies import Reply, Stream, json_reply
from mockserver.core.requests import Request
from mockserver.core.routing import Endpoint, Router, public_operations, segments_of
from mockserver.core.waiting import Closed

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

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


class BodyTooLarge(ApiError):
    status, code = 413, "payload_too_large"


class NotImplementedYet(ApiError):
    """An operation that the public API has and this server has not: never to be mistaken for a missing object."""

    status, code = 501, "emulator_not_implemented"

    def __init__(self, operation: Endpoint) -> None:
        name = operation.function.__name__
        call = f"{operation.method} {operation.path}"
        super().__init__(f"This server does not implement {call} ({name}) yet.", operation=name)


class CutOff(Exception):
    """The client went away in the middle of its body: nothing is done, and nobody waits for an answer."""


class Dispatcher:
    def __init__(self, server: Server, endpoints: Iterable[Endpoint]) -> None:
        self._server = server
        self._router = Router(endpoints)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        try:
            reply = await self._reply(scope, receive)
        except CutOff:
            return
        except ApiError as error:
            reply = json_reply(error.status, error.body())
        except Exception:
            log.exception("%s %s failed", scope["method"], scope["path"])
            reply = json_reply(500, {"message": "Internal server error. The log of the server has the traceback."})
        headers = _headers(reply, cross_origin_headers(self._server, scope))
        if isinstance(reply, Stream):
            await _send_stream(scope, receive, send, reply, headers)
        else:
            await _send(send, reply, headers)
        if log.isEnabledFor(logging.INFO):
            milliseconds = (time.perf_counter() - started) * 1000
            log.info("%s %s %s %.1f ms", scope["method"], scope["path"], reply.status, milliseconds)

    async def _reply(self, scope: Scope, receive: Receive) -> Reply | Stream:
        method: str = scope["method"]
        segments = _segments(scope["raw_path"])
        if (refusal := self._server.gate.refusal(scope, segments)) is not None:
            return refusal
        if method == "OPTIONS":
            return preflight(scope, self._router.methods(segments))
        found = self._router.find(method, segments)
        if found is None:
            return self._unrouted(scope, segments)
        endpoint, values = found
        body = b"" if method in ("GET", "HEAD") else await _read(scope, receive, endpoint.max_body)
        request = Request(scope, values, body)
        try:
            env = scope["environment"] = endpoint.environment(self._server, request)
            if endpoint.is_async:
                result = await endpoint.function(**self._arguments(endpoint, env, request))
                return result if isinstance(result, Stream) else _to_reply(endpoint, result)
            if env is None:
                return _to_reply(endpoint, endpoint.function(**self._arguments(endpoint, env, request)))
        except ApiError as error:
            return _refusal(endpoint, request, error)
        return self._in_transaction(endpoint, env, request)

    def _in_transaction(self, endpoint: Endpoint, env: Environment, request: Request) -> Reply:
        is_repeatable = request.method == "POST" and not endpoint.is_control and request.header(b"idempotency-key")
        try:
            if is_repeatable and (stored := idempotency.stored_answer(env, request)):
                return stored
            try:
                reply = _to_reply(endpoint, endpoint.function(**self._arguments(endpoint, env, request)))
            except ApiError as error:
                if not error.keeps_changes:
                    env.rollback()
                reply = _refusal(endpoint, request, error)
            if is_repeatable and reply.status < 500:
                idempotency.store_answer(env, request, reply)
            env.commit()
        except ApiError as error:  # what can be said no earlier: the key was used otherwise, the disk is full
            env.rollback()
            return _refusal(endpoint, request, error)
        except BaseException:
            env.rollback()
            raise
        return reply

    def _arguments(self, endpoint: Endpoint, env: Environment | None, request: Request) -> dict[str, Any]:
        arguments: dict[str, Any] = {}
        for name, kind in endpoint.arguments:
            match kind:
                case "env":
                    arguments[name] = env
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
                    arguments[name] = self._server
        return arguments

    def _unrouted(self, scope: Scope, segments: list[str]) -> Reply:
        method: str = scope["method"]
        operation = public_operations().find(method, segments)
        if operation is not None:
            raise NotImplementedYet(operation[0])
        methods = sorted({*self._router.methods(segments), *public_operations().methods(segments)})
        if methods:
            reply = json_reply(405, MethodNotAllowed().body())
            return Reply(405, reply.body, reply.content_type, (("allow", ", ".join(methods)),))
        if segments[:1] == ["_emulate"]:
            raise ControlCallNotFound
        raise RouteNotFound("GET" if method == "HEAD" else method, _target(scope))


def _segments(raw_path: bytes) -> list[str]:
    if b"%" not in raw_path:
        return segments_of(raw_path.decode("latin-1"))
    # Split first: an external id may hold an encoded slash.
    return [unquote_to_bytes(part).decode("utf-8", "replace") for part in raw_path.split(b"/") if part]


def _target(scope: Scope) -> str:
    """Path and query as they were sent."""
    query: bytes = scope["query_string"]
    target: bytes = scope["raw_path"] + (b"?" + query if query else b"")
    return target.decode("latin-1")


async def _read(scope: Scope, receive: Receive, limit: int) -> bytes:
    """Raises BodyTooLarge, as early as the length is known, and CutOff."""
    too_large = BodyTooLarge(f"The body is larger than {limit >> 20} MiB.")
    for name, value in scope["headers"]:
        if name == b"content-length" and int(value) > limit:
            raise too_large
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise CutOff
        body += bytes(message.get("body", b""))
        if len(body) > limit:
            raise too_large
        if not message.get("more_body"):
            return body


def _to_reply(endpoint: Endpoint, result: Any) -> Reply:
    if result is None:
        return Reply(endpoint.status)
    if isinstance(result, Reply):
        return result
    if hasattr(result, "shown"):
        result = result.shown()
    return json_reply(endpoint.status, result)


def _refusal(endpoint: Endpoint, request: Request, error: ApiError) -> Reply:
    if error.hint is not None:
        log.warning("%s %s answers %s: %s", request.method, request.path, error.status, error.hint)
    is_page = endpoint.is_page and request.accepts_html
    reply = error_page(error, shown_parameters(request.query)) if is_page else json_reply(error.status, error.body())
    headers = (*reply.headers, *error.headers)
    if error.challenge is not None and request.accepts_html:
        headers += (("www-authenticate", error.challenge),)
    return replace(reply, headers=headers)


def _headers(reply: Reply | Stream, cross_origin_headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    headers = [
        (b"x-request-id", request_id().encode()),
        (b"vary", b"Origin"),
        (b"access-control-allow-credentials", b"true"),
    ]
    if isinstance(reply, Reply) and reply.status != 204:
        headers.append((b"content-length", b"%d" % len(reply.body)))
    if reply.content_type is not None:
        headers.append((b"content-type", reply.content_type.encode()))
    headers += cross_origin_headers
    headers += [(name.encode(), value.encode("latin-1", "replace")) for name, value in reply.headers]
    return headers


async def _send(send: Send, reply: Reply, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})


async def _send_stream(
    scope: Scope, receive: Receive, send: Send, stream: Stream, headers: list[tuple[bytes, bytes]]
) -> None:
    """Two tasks, one that sends and one that hears when the client leaves; both are over at the end."""
    await send({"type": "http.response.start", "status": stream.status, "headers": headers})
    if scope["method"] == "HEAD":
        await send({"type": "http.response.body"})
        return
    sending = asyncio.create_task(_send_parts(send, stream))
    leaving = asyncio.create_task(_disconnected(receive))
    try:
        await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
    finally:
        sending.cancel()
        leaving.cancel()
        await asyncio.wait((sending, leaving))
    if not sending.cancelled():
        sending.result()  # raises what went wrong


async def _send_parts(send: Send, stream: Stream) -> None:
    async with aclosing(stream.parts) as parts:
        with suppress(Closed):
            async for part in parts:
                await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body"})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
