"""`GET /`: a page for people with URLs, keys and the latest mails."""

from __future__ import annotations

from mockserver import __version__
from mockserver.control.connections import SDKS, connection
from mockserver.control.pages import render
from mockserver.core.environment import Environment
from mockserver.core.pagination import Pagination
from mockserver.core.replies import Reply, json_reply
from mockserver.core.requests import Request, of_control, of_none
from mockserver.core.routing import get
from mockserver.emails import service as emails

LATEST = 20
_LINKS = {"inbox": "/_emulate/inbox", "control": "/_emulate", "health": "/health"}


@get("/", environment=of_control, is_page=True)
def show_console(env: Environment, request: Request) -> Reply:
    """JSON for those who don't ask for HTML."""
    keys, public_url = env.keys, env.server.public_url
    if not request.accepts_html:
        links = {name: f"{public_url}{path}" for name, path in _LINKS.items()}
        return json_reply(200, {"name": "mockserver", "version": __version__, "client_id": keys.client_id, **links})
    return render(
        "console.html",
        env,
        messages=emails.list_messages(env, Pagination(limit=LATEST), to=None, kind=None).data,
        connections={sdk: connection(sdk, public_url, keys) for sdk in SDKS},
        environments=list(env.server),
        public_url=public_url,
    )


@get("/favicon.ico", environment=of_none, status=204)
def show_no_icon() -> None:
    """Browsers ask for it on pages that name none, such as a mail's; a 404 would stand in their consoles."""
