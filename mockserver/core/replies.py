"""Answers that are not simply an object as JSON."""

from __future__ import annotations

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


def json_reply(status: int, content: Any) -> Reply:
    return Reply(status, to_json(content), "application/json; charset=utf-8")


def redirect(url: str) -> Reply:
    """A header takes ASCII alone, so other characters are encoded, as browsers encode them."""
    return Reply(302, headers=(("location", quote(url, safe=punctuation)),))


def html(text: str, *, status: int = 200) -> Reply:
    return Reply(status, text.encode(), "text/html; charset=utf-8")
