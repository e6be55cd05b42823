"""What the hosted pages load: a stylesheet, a script, and the colours of an environment."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from mockserver.core.environment import Environment
from mockserver.core.errors import NotFound
from mockserver.core.replies import Reply
from mockserver.core.requests import Request, of_client_id_in_path, of_none
from mockserver.core.routing import get
from mockserver.hosted import branding

STATIC = Path(__file__).parent / "static"
CONTENT_TYPES = {"authkit.css": "text/css; charset=utf-8", "authkit.js": "text/javascript; charset=utf-8"}
NOSNIFF = ("x-content-type-options", "nosniff")


@cache
def content(name: str) -> bytes:
    """Raises NotFound for whatever is not one of the fixed files."""
    if name not in CONTENT_TYPES:
        raise NotFound("File", name)
    return STATIC.joinpath(name).read_bytes()


@cache
def version(name: str) -> str:
    return sha256(content(name)).hexdigest()[:12]


def address(name: str) -> str:
    """Where a page loads the file from; it changes with the content, so that the answer can be kept for long."""
    return f"/authkit/static/{name}?v={version(name)}"


@get("/authkit/static/{name}", environment=of_none)
def show_static_file(request: Request, name: str) -> Reply:
    body = content(name)
    is_current = request.parameter("v") == version(name)
    cache_control = "public, max-age=31536000, immutable" if is_current else "no-cache"
    return Reply(200, body, CONTENT_TYPES[name], (("cache-control", cache_control), NOSNIFF))


@get("/authkit/{client_id}/branding.css", environment=of_client_id_in_path)
def show_branding(env: Environment) -> Reply:
    body = branding.stylesheet(env.settings.branding.color).encode()
    return Reply(200, body, CONTENT_TYPES["authkit.css"], (("cache-control", "no-cache"), NOSNIFF))
