"""Where a browser's request comes from: forms that change something are for pages of this server alone."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mockserver.core.errors import ApiError

if TYPE_CHECKING:
    from mockserver.core.requests import Request

_PORTS = {"http": 80, "https": 443}


class CrossSitePost(ApiError):
    status, code = 403, "cross_site_post"

    def __init__(self, origin: str, public_url: str) -> None:
        sender = f"a page of {origin}" if origin else "a page of another site"
        super().__init__(f"The form was sent by {sender}; only pages of {public_url} may send it.")
        self.hint = f"open the page at {public_url}, or start with the --public-url that the browser shows"


def require_same_origin(request: Request, public_url: str) -> None:
    """Raises CrossSitePost for a request that a page of another origin has made. Programs other than browsers pass."""
    if not is_same_origin(request, public_url):
        raise CrossSitePost(request.header(b"origin"), public_url)


def is_same_origin(request: Request, public_url: str) -> bool:
    """By what the browser says: no page can write `Origin` or `Sec-Fetch-Site` itself."""
    site, origin = request.header(b"sec-fetch-site"), request.header(b"origin")
    if site in ("cross-site", "same-site"):
        return False
    if origin == "null":  # a form of a page whose policy is to send no referrer
        return site == "same-origin"
    if not origin:
        return True
    own = f"{origin.partition(':')[0]}://{request.header(b'host')}"  # by http or https, whichever the browser speaks
    return address_of(origin) in (address_of(own), address_of(public_url))


def address_of(url: str) -> tuple[str, str | None, int | None]:
    """Scheme, host and port of an origin or URL."""
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)
    except ValueError:  # neither host nor port are any
        return url, None, None
