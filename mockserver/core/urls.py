"""Addresses: what may be registered, set or led to, and which of them a list of URIs with wildcards allows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING
from unicodedata import category
from urllib.parse import SplitResult, quote, urlencode, urlsplit

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_LABEL = "[A-Za-z0-9_-]*"


class InvalidUri(ValueError):
    """Says what is wrong with a URI or wildcard pattern."""


def is_loopback(url: str) -> bool:
    """`http(s)` on this machine, which every environment allows as a redirect.

    Browsers and RFC 6761 look up no name that ends in `.localhost`. One with a user name or without a usable port is
    nobody's redirect URI.
    """
    parts = _split(url)
    if parts is None or parts.scheme not in ("http", "https") or "@" in parts.netloc:
        return False
    return _is_this_machine(parts.hostname or "") and _has_port(parts) and _port(parts) != "*"


def origin_of(url: str) -> str:
    """Scheme, host and port of an `http(s)` url."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def is_allowed(url: str, patterns: Iterable[str]) -> bool:
    """Whether the url is loopback or equals one of the patterns, wildcards considered."""
    return is_loopback(url) or is_listed(url, patterns)


def is_listed(url: str, patterns: Iterable[str]) -> bool:
    """Whether it equals one of the patterns, wildcards considered."""
    return any(matches(url, pattern) for pattern in patterns)


def matches(url: str, pattern: str) -> bool:
    """One `*` stands for letters, digits, `-` and `_` in the left-most label of the host, or for a loopback's port."""
    if "*" not in pattern:
        return url == pattern
    before, _, after = pattern.partition("*")
    is_port = before.endswith(":") and "//" in before
    return re.fullmatch(re.escape(before) + (r"\d+" if is_port else _LABEL) + re.escape(after), url) is not None


def is_base_url(url: str) -> bool:
    """Whether it is an address of a server, to which paths can be added."""
    parts = _split(url)
    if parts is None or parts.scheme not in ("http", "https") or "@" in parts.netloc or "*" in parts.netloc:
        return False
    return bool(parts.hostname) and _has_port(parts) and not parts.query and not parts.fragment


def require_uri(uri: str) -> None:
    """Raises InvalidUri for what can't be registered (contract: authentication, section 5.3)."""
    parts = _require_absolute(uri)
    if "@" in parts.netloc:
        raise InvalidUri(f"'{uri}' has a user name, which a redirect URI can't have.")
    if parts.fragment:
        raise InvalidUri(f"'{uri}' has a fragment, which a redirect URI can't have.")
    if "*" in uri:
        _require_wildcard(uri, parts)


def require_address(url: str) -> None:
    """Raises InvalidUri for what nobody can be sent to."""
    if "*" in _require_absolute(url).netloc:
        raise InvalidUri(f"'{url}' has a '*' in its host, so it leads nowhere.")


def _require_absolute(uri: str) -> SplitResult:
    parts = _split(uri)
    if parts is None or not parts.scheme or not (parts.netloc or parts.path):
        raise InvalidUri(f"'{uri}' is not an absolute URI such as https://app.example.com/callback.")
    if parts.scheme in ("javascript", "data", "vbscript"):
        raise InvalidUri(f"The scheme '{parts.scheme}' can't be redirected to.")
    if parts.scheme in ("http", "https") and not (parts.hostname or "").strip("*"):
        raise InvalidUri(f"'{uri}' names no host.")
    if not _has_port(parts):
        raise InvalidUri(f"'{uri}' has a port that is no number up to 65535.")
    return parts


def _require_wildcard(uri: str, parts: SplitResult) -> None:
    if uri.count("*") > 1:
        raise InvalidUri(f"'{uri}' has more than one '*'.")
    host = parts.hostname or ""
    if _port(parts) == "*":
        if not _is_this_machine(host):
            raise InvalidUri("'*' as the port is only for localhost.")
        return
    label, _, domain = host.partition(".")
    if "*" not in label:
        raise InvalidUri("'*' may only stand in the left-most label of the host.")
    if not domain or _public_suffixes().privatesuffix(domain) is None:
        raise InvalidUri(f"'*' may not stand directly before the public suffix '{domain}'.")


@cache
def _public_suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList  # 30 ms that only wildcards need pay

    return PublicSuffixList()


def _is_this_machine(host: str) -> bool:
    return host in _LOOPBACK or host.endswith(".localhost")


def _port(parts: SplitResult) -> str:
    return parts.netloc.rpartition("@")[2].rpartition("]")[2].partition(":")[2]


def _has_port(parts: SplitResult) -> bool:
    """A usable one, the wildcard, or none."""
    port = _port(parts)
    return port in ("", "*") or (port.isascii() and port.isdecimal() and len(port) <= 5 and int(port) <= 65535)


def with_query(url: str, parameters: dict[str, str | None]) -> str:
    """The url with parameters added to the query it has; those that are None are left out."""
    query = urlencode({name: value for name, value in parameters.items() if value is not None}, quote_via=quote)
    base, hash, fragment = url.partition("#")
    separator = "" if not query else "&" if "?" in base else "?"
    return f"{base}{separator}{query}{hash}{fragment}"


def _split(url: str) -> SplitResult | None:
    # Browsers read a backslash as a slash: of http://evil.example\@localhost they would go to evil.example.
    if any(character.isspace() or character == "\\" or category(character) == "Cc" for character in url):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.hostname
    except ValueError:
        return None
    # Not every Python refuses what follows the bracket: the host of http://[::1]evil.example/ would be ::1.
    after_bracket = parts.netloc.rpartition("]")[2] if "]" in parts.netloc else ""
    return parts if not after_bracket or after_bracket.startswith(":") else None
