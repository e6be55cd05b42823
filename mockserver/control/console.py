"""`GET /`: a page for people with URLs, keys and the latest mails."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import urlencode

from mockserver import __version__
from mockserver.control.connections import SDKS, connection
from mockserver.control.inbox import WaitEnded
from mockserver.core.bodies import Parameters
from mockserver.core.environment import Environment
from mockserver.core.pagination import Pagination
from mockserver.core.replies import Reply, html, json_reply
from mockserver.core.requests import Request, of_control, of_none
from mockserver.core.routing import get
from mockserver.core.waiting import Closed
from mockserver.emails import service as emails

LONGEST_WAIT = 55  # seconds; some proxies close what is silent for a minute


class ConsoleQuery(Parameters, kw_only=True):
    """`seen` is the newest mail of the page that asks, or `none`: the answer waits until another one is the newest."""

    seen: str | None = None


@get("/", environment=of_control, is_page=True)
async def show_console(env: Environment, request: Request, query: ConsoleQuery) -> Reply:
    """JSON for those who don't ask for HTML."""
    if not request.accepts_html:
        keys = env.keys
        links = {name: f"{env.server.public_url}{path}" for name, path in _LINKS.items()}
        return json_reply(200, {"name": "mockserver", "version": __version__, "client_id": keys.client_id, **links})
    if query.seen is not None and query.seen == _newest(env):
        try:
            await env.arrivals.wait(LONGEST_WAIT)
        except Closed:
            raise WaitEnded from None
    page = _template().render(
        url=env.server.public_url,
        version=__version__,
        keys=env.keys,
        query=urlencode({"client_id": env.keys.client_id}),
        clock=env.clock,
        now=env.clock.now(),
        messages=emails.list_messages(env, Pagination(limit=20), to=None, kind=None).data,
        newest=_newest(env),
        environments=list(env.server),
        current=env,
        connections={sdk: connection(sdk, env.server.public_url, env.keys) for sdk in SDKS},
    )
    return html(page)


@get("/favicon.ico", environment=of_none, status=204)
def show_no_icon() -> None:
    """Browsers ask for it on pages that name none, such as a mail's; a 404 would stand in their consoles."""


def _newest(env: Environment) -> str:
    newest = emails.latest_message(env, to=None, kind=None)
    return "none" if newest is None else newest.id


_LINKS = {"inbox": "/_emulate/inbox", "control": "/_emulate", "health": "/health"}


@cache
def _template() -> Any:
    from jinja2 import Environment as Templates  # 50 ms that only a look at the page need pay
    from jinja2 import PackageLoader, StrictUndefined

    loader = PackageLoader("mockserver.control")
    return Templates(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("console.html")
