"""Answers that are not simply an object as JSON."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass
from string import punctuation
from tempfile import SpooledTemporaryFile, gettempdir
from typing import Any
from urllib.parse import quote

import msgspec

from mockserver.core.failures import DiskFailure

_PART = 1 << 18
_KEPT_IN_MEMORY = 1 << 23

to_json = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Reply:
    """`content_type` is None for an answer without a body: SDKs parse whatever claims to be JSON.

    `note` is for the log line alone.
    """

    status: int
    body: bytes = b""
    content_type: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Stream:
    """Parts that are sent as they come, until there are no more, the client leaves, or one raises Closed."""

    parts: AsyncGenerator[bytes, None]
    content_type: str
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("cache-control", "no-store"),)
    note: str = ""


def json_reply(status: int, content: Any, *, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    return Reply(status, to_json(content), "application/json; charset=utf-8", headers)


def redirect(url: str, *, status: int = 302, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    """A header takes ASCII alone, so other characters are encoded, as browsers encode them."""
    return Reply(status, headers=(("location", quote(url, safe=punctuation)), *headers))


def spooled(parts: Iterable[bytes], content_type: str) -> Stream:
    """For an answer that is too large for memory, and must be whole before the first of it is sent: what is larger than
    a few megabytes waits in a temporary file. Raises DiskFailure.
    """
    file = SpooledTemporaryFile(_KEPT_IN_MEMORY)  # noqa: SIM115  # closed when all of it is sent
    try:
        file.writelines(parts)
        file.seek(0)
    except OSError as error:
        file.close()
        raise DiskFailure(gettempdir(), error.strerror or str(error)) from error
    return Stream(_read(file), content_type)


async def _read(file: SpooledTemporaryFile[bytes]) -> AsyncGenerator[bytes, None]:
    with file:
        while part := file.read(_PART):
            yield part
            await asyncio.sleep(0)  # sending alone lets nobody else go on, nor hears that the client has left


def event_stream(events: AsyncGenerator[bytes, None]) -> Stream:
    """Server-sent events, each made by `event` or a comment line."""
    return Stream(events, "text/event-stream")


def event(name: str, data: Any, *, id: str | None = None) -> bytes:
    """One event of an `event_stream`. Browsers overlook one without data."""
    head = b"" if id is None else b"id: %s\n" % id.encode()
    return head + b"event: %s\ndata: %s\n\n" % (name.encode(), to_json(data))


def html(text: str, *, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    return Reply(status, text.encode(), "text/html; charset=utf-8", headers)
