"""The pages for people: their templates, their static files, and what a browser may do with them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from mockserver import __version__
from mockserver.core.environment import Environment
from mockserver.core.errors import ApiError
from mockserver.core.replies import Reply, html
from mockserver.core.requests import of_none
from mockserver.core.routing import get
from mockserver.core.urls import with_query

STATIC = Path(__file__).parent / "static"
TYPES = {
    "pages.css": "text/css; charset=utf-8",
    "pages.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}

# Not form-action: Chromium applies it to redirects after a form, and an impersonation leads to the app.
HEADERS = (
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "frame-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("referrer-policy", "same-origin"),
    ("x-content-type-options", "nosniff"),
    ("cache-control", "no-store"),
)


class NoSuchFile(ApiError):
    status, code = 404, "file_not_found"

    def __init__(self, name: str) -> None:
        super().__init__(f"No static file is named '{name}'; there are {', '.join(TYPES)}.")


@get("/_emulate/ui/static/{name}", environment=of_none)
def get_static_file(name: str) -> Reply:
    """Style and script of the pages for people; needs no control token."""
    if name not in TYPES:
        raise NoSuchFile(name)
    return Reply(200, _content(name), TYPES[name], (("cache-control", "public, max-age=31536000, immutable"),))


def render(template: str, env: Environment, *, status: int = 200, **context: Any) -> Reply:
    """The page of a template, which links to pages of the same environment with `url(path, name=value)`."""
    page = _templates().get_template(template)
    text = page.render(context, current=env, now=env.clock.now(), version=__version__, url=_url(env), static=_static)
    return html(text, status=status, headers=HEADERS)


def page_url(env: Environment, path: str, **parameters: str | None) -> str:
    """Relative to the host; parameters that are None are left out."""
    return with_query(path, {"client_id": env.keys.client_id, **parameters})


def _url(env: Environment) -> Callable[..., str]:
    return lambda path, **parameters: page_url(env, path, **parameters)


@cache
def _content(name: str) -> bytes:
    return STATIC.joinpath(name).read_bytes()


@cache
def _static(name: str) -> str:
    """Another one whenever the file is: browsers keep it for good."""
    return f"/_emulate/ui/static/{name}?v={sha256(_content(name)).hexdigest()[:12]}"


@cache
def _templates() -> Any:
    from jinja2 import Environment as Templates  # 50 ms that only a look at a page need pay
    from jinja2 import PackageLoader, StrictUndefined

    loader = PackageLoader("mockserver.control")
    return Templates(
        loader=loader,
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
