"""Which hosts and pages the server answers: the first thing that is asked of every request.

A browser visits pages of all kinds, and any of them can have it send requests to a server on its own machine or
network. By a host name of its own, which suddenly leads here (DNS rebinding), a page could read the answers too. So the
host must be one that no page elsewhere can bear, and the control plane, which needs no key, is for pages of this
machine alone.
"""

from __future__ import annotations

import ipaddress
import logging
import re
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from mockserver.core.errors import ApiError
from mockserver.core.origins import address_of
from mockserver.core.pages import error_page
from mockserver.core.replies import Reply, json_reply
from mockserver.core.urls import is_loopback

log = logging.getLogger("mockserver.requests")

# Names that nobody can register: of this machine, of tests and of local networks and clusters.
LOCAL = (".localhost", ".test", ".internal", ".local", ".lan", ".svc", ".cluster.local", ".home.arpa")
EVERY_HOST = "*"
_HOST = re.compile(r"\[?([0-9a-f:.]+(?=\])|[a-z0-9_.-]*[a-z0-9_])\]?\.?(:[0-9]{0,5})?", re.I)
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:[0-9]{1,5})?", re.I)
_ALWAYS = (b"/health", b"/readyz")
_REMEMBERED = 1024


class HostNotAllowed(ApiError):
    status, code = 403, "host_not_allowed"

    def __init__(self, host: str) -> None:
        super().__init__(
            f"This server does not answer for the host '{host}', which any page could lead here. If the name is yours, "
            f"start with --allowed-host {host} (or MOCKSERVER_ALLOWED_HOST)."
        )


class PageNotAllowed(ApiError):
    status, code = 403, "origin_not_allowed"

    def __init__(self, origin: str) -> None:
        super().__init__(
            f"Pages of {origin} may not use the control plane. If the page is yours, start with "
            f"--control-origin {origin} (or MOCKSERVER_CONTROL_ORIGIN)."
            if origin != "null"
            else "Pages without an origin of their own (Origin: null) may not use the control plane. Serve the page "
            "from http://localhost instead."
        )


class CrossSiteCall(ApiError):
    """Without an `Origin`: an image, a script, a frame or a prefetch."""

    status, code = 403, "cross_site_call"
    message = (
        "A page of another site made this call, and only a link to the control plane may be there. Open the address in "
        "a tab of its own, or start with --control-origin and the page's origin, and call with fetch."
    )


class Gate:
    """`hosts` are names besides the local ones, or `*` for all; `control_origins` origins besides loopback."""

    def __init__(self, public_url: str, hosts: Iterable[str] = (), control_origins: Iterable[str] = ()) -> None:
        self.hosts = {urlsplit(public_url).hostname or "", *(host.lower() for host in hosts)}
        self._public = address_of(public_url)
        self._control = {address_of(origin) for origin in control_origins}
        self.allows_host = lru_cache(_REMEMBERED)(self._allows_host)
        self.is_own_origin = lru_cache(_REMEMBERED)(self._is_own_origin)
        self.allows_control = lru_cache(_REMEMBERED)(self._allows_control)

    def refusal(self, scope: MutableMapping[str, Any], segments: list[str]) -> Reply | None:
        """The answer to a request that goes no further; None for all others."""
        for name, host in scope["headers"]:
            if name == b"host" and not self.allows_host(host) and scope["raw_path"] not in _ALWAYS:
                return _refuse(scope, HostNotAllowed(_named(host)))
        if segments and segments[0] != "_emulate":
            return None
        scope["is_control"] = True
        headers = dict(scope["headers"])
        origin, site = headers.get(b"origin", b""), headers.get(b"sec-fetch-site")
        if site == b"same-origin" or is_same_host(scope["headers"], origin):
            return None
        if origin:
            return None if self.allows_control(origin) else _refuse(scope, PageNotAllowed(_shown(origin)))
        if site == b"cross-site" and not (scope["method"] == "GET" and _is_link(headers)):
            return _refuse(scope, CrossSiteCall())
        return None

    def _allows_host(self, header: bytes) -> bool:
        if EVERY_HOST in self.hosts:
            return True
        named = _HOST.fullmatch(header.decode("latin-1"))
        host = named[1].lower() if named is not None else ""
        return host in self.hosts or (host != "" and _is_local(host)) or header == b""  # no browser leaves it out

    def _is_own_origin(self, origin: bytes) -> bool:
        """Of this machine or the public URL's own."""
        text = origin.decode("latin-1")
        return is_loopback(text) or address_of(text) == self._public

    def _allows_control(self, origin: bytes) -> bool:
        return self.is_own_origin(origin) or address_of(origin.decode("latin-1")) in self._control


def is_same_host(headers: Iterable[tuple[bytes, bytes]], origin: bytes) -> bool:
    """Whether it is a page of this server itself, under the name that the browser calls it by."""
    named = origin.lower().partition(b"://")[2]
    return named != b"" and any(name == b"host" and host.lower() == named for name, host in headers)


def is_host(text: str) -> bool:
    """A name or an IP address, without a port; or `*`."""
    named = _HOST.fullmatch(text)
    return text == EVERY_HOST or (named is not None and named[2] is None)


def is_origin(text: str) -> bool:
    """As browsers write it: of a page, an extension or an app."""
    return _ORIGIN.fullmatch(text) is not None


def _is_local(host: str) -> bool:
    return "." not in host or f".{host}".endswith(LOCAL) or _is_address(host)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_link(headers: Mapping[bytes, bytes]) -> bool:
    """A person has clicked on it, and sees the page in a tab of its own."""
    return headers.get(b"sec-fetch-mode") == b"navigate" and headers.get(b"sec-fetch-dest") == b"document"


def _refuse(scope: MutableMapping[str, Any], error: ApiError) -> Reply:
    log.warning("%s %s answers %s: %s", scope["method"], scope["path"], error.status, error.message)
    accepts_html = any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])
    reply = error_page(error) if accepts_html else json_reply(error.status, error.body())
    return replace(reply, note=error.code or "")


def _named(header: bytes) -> str:
    """The host without its port, as `--allowed-host` takes it."""
    named = _HOST.fullmatch(header.decode("latin-1"))
    return _shown(header) if named is None else named[1]


def _shown(header: bytes) -> str:
    text = header.decode("latin-1")
    return text if len(text) <= 100 else f"{text[:100]}…"
