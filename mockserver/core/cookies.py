"""Cookies: as browsers send them, and the headers that set and clear them."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256


def parse_cookies(headers: Iterable[str]) -> dict[str, str]:
    """Names and values of the `Cookie` headers. Of equal names the first wins: browsers send the closest path first.

    Any text will do, because apps of all kinds set cookies for the same host: what has no name is left out.
    """
    cookies: dict[str, str] = {}
    for header in headers:
        for pair in header.split(";"):
            name, equals, value = pair.partition("=")
            if equals and name.strip():
                cookies.setdefault(name.strip(), _unquoted(value.strip()))
    return cookies


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value


def name_for(client_id: str, name: str) -> str:
    """The cookie's name in one environment, as all of them share a host."""
    return f"{name}-{sha256(client_id.encode()).hexdigest()[:12]}"


def set_cookie(
    name: str, value: str, *, max_age: int, path: str = "/", is_http_only: bool = True, is_secure: bool = False
) -> tuple[str, str]:
    """The header. `value` needs no quoting; `max_age` is in seconds, and 0 makes the browser forget the cookie.

    A secure one is sent from pages of other sites too. Without https browsers would not keep such a cookie; there an
    app on another port of the same host still counts as the same site.
    """
    attributes = [f"{name}={value}", f"Path={path}", f"Max-Age={max_age}"]
    if is_http_only:
        attributes.append("HttpOnly")
    attributes.append("SameSite=None; Secure" if is_secure else "SameSite=Lax")
    return "set-cookie", "; ".join(attributes)


def clear_cookie(name: str, *, path: str = "/", is_secure: bool = False) -> tuple[str, str]:
    """The header. Browsers clear the cookie of the same name and path only."""
    return set_cookie(name, "", max_age=0, path=path, is_secure=is_secure)
