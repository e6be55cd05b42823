"""Answers that are not simply an object as JSON."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from string import punctuation
from typing import Any
from urllib.parse import quote

import msgspec

to_json = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Reply:
    """`content_type` is None for an answer without a body: SDKs parse whatever claims to be JSON."""

    status: int
    body: bytes = b""
    content_type: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Stream:
    """Parts that are sent as they come, until there are no more, the client leaves, or one raises Closed."""

    parts: AsyncGenerator[bytes, None]
    content_type: str
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("cache-control", "no-store"),)


def json_reply(status: int, content: Any, *, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    return Reply(status, to_json(content), "application/json; charset=utf-8", headers)


def redirect(url: str, *, status: int = 302, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    """A header takes ASCII alone, so other characters are encoded, as browsers encode them."""
    return Reply(status, headers=(("location", quote(url, safe=punctuation)), *headers))


def event_stream(events: AsyncGenerator[bytes, None]) -> Stream:
    """Server-sent events, each made by `event` or a comment line."""
    return Stream(events, "text/event-stream")


def event(name: str, data: Any, *, id: str | None = None) -> bytes:
    """One event of an `event_stream`. Browsers overlook one without data."""
    head = b"" if id is None else b"id: %s\n" % id.encode()
    return head + b"event: %s\ndata: %s\n\n" % (name.encode(), to_json(data))


def html(text: str, *, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    return Reply(status, text.encode(), "text/html; charset=utf-8", headers)
