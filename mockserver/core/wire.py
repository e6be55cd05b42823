"""Bodies on their way in, answers on their way out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import aclosing, suppress
from typing import Any

from mockserver.core.errors import ApiError
from mockserver.core.ids import request_id
from mockserver.core.replies import Reply, Stream
from mockserver.core.waiting import Closed

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_OF_EVERY_ANSWER = ((b"vary", b"Origin"), (b"access-control-allow-credentials", b"true"))
_NEVER_IN_A_HEADER = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class BodyTooLarge(ApiError):
    status, code = 413, "payload_too_large"


class CutOff(Exception):
    """The client went away in the middle of its body: nothing is done, and nobody waits for an answer."""


async def read_body(scope: Scope, receive: Receive, limit: int) -> list[bytes]:
    """Its pieces. Raises BodyTooLarge, as early as the length is known, and CutOff."""
    too_large = BodyTooLarge(f"The body is larger than {limit >> 20} MiB.")
    for name, value in scope["headers"]:
        if name == b"content-length" and int(value) > limit:
            raise too_large
    pieces: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise CutOff
        pieces.append(message.get("body", b""))
        size += len(pieces[-1])
        if size > limit:
            raise too_large
        if not message.get("more_body"):
            return pieces


def headers_of(reply: Reply | Stream, cross_origin_headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    headers = [(b"x-request-id", request_id().encode()), *_OF_EVERY_ANSWER]
    if isinstance(reply, Reply) and reply.status != 204:
        headers.append((b"content-length", b"%d" % len(reply.body)))
    if reply.content_type is not None:
        headers.append((b"content-type", reply.content_type.encode()))
    headers += cross_origin_headers
    for name, text in reply.headers:
        headers.append((name.encode(), _NEVER_IN_A_HEADER.sub(" ", text).encode("latin-1", "replace")))
    return headers


async def send_reply(send: Send, reply: Reply, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})


async def send_stream(
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
