"""`GET /`: a page for people with URLs, keys and the latest mails."""

from __future__ import annotations

from functools import cache
from typing import Any

from mockserver import __version__
from mockserver.control.connections import SDKS, connection
from mockserver.core.environment import Environment
from mockserver.core.pagination import Pagination
from mockserver.core.replies import Reply, html, json_reply
from mockserver.core.requests import Request, of_control
from mockserver.core.routing import get
from mockserver.emails import service as emails


@get("/", environment=of_control, is_page=True)
def show_console(env: Environment, request: Request) -> Reply:
    """JSON for those who don't ask for HTML."""
    if not request.accepts_html:
        keys = env.keys
        links = {name: f"{env.server.public_url}{path}" for name, path in _LINKS.items()}
        return json_reply(200, {"name": "mockserver", "version": __version__, "client_id": keys.client_id, **links})
    messages = emails.list_messages(env, Pagination(limit=20), to=None, kind=None).data
    page = _template().render(
        url=env.server.public_url,
        version=__version__,
        keys=env.keys,
        clock=env.clock,
        messages=messages,
        environments=list(env.server),
        current=env,
        connections={sdk: connection(sdk, env.server.public_url, env.keys) for sdk in SDKS},
    )
    return html(page)


_LINKS = {"inbox": "/_emulate/inbox", "control": "/_emulate", "health": "/health"}


@cache
def _template() -> Any:
    from jinja2 import Environment as Templates  # 50 ms that only a look at the page need pay
    from jinja2 import PackageLoader, StrictUndefined

    loader = PackageLoader("mockserver.control")
    return Templates(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("console.html")
