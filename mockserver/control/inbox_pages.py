"""The inbox as pages: the list, live and filtered, and each mail."""

from __future__ import annotations

from mockserver.control.inbox import LatestQuery
from mockserver.control.pages import page_url, render
from mockserver.core.environment import Environment
from mockserver.core.origins import require_same_origin
from mockserver.core.pagination import Pagination
from mockserver.core.replies import Reply, redirect
from mockserver.core.requests import Request, of_control
from mockserver.core.routing import get, post
from mockserver.emails import service as emails
from mockserver.emails.models import Message

PAGE = 50
KINDS = {
    "magic_auth": "Magic Auth",
    "email_verification": "E-mail verification",
    "password_reset": "Password reset",
    "invitation": "Invitation",
    "email_change": "E-mail change",
    "sms": "SMS",
}


class PageQuery(LatestQuery, kw_only=True):
    before: str | None = None
    after: str | None = None


@get("/_emulate/ui/inbox", environment=of_control, is_page=True)
def show_inbox(env: Environment, query: PageQuery) -> Reply:
    """The inbox as a page for people, newest first and live; `to` and `kind` filter it."""
    pagination = Pagination(limit=PAGE, before=query.before, after=query.after)
    page = emails.list_messages(env, pagination, to=query.to, kind=query.kind)
    return render("inbox.html", env, page=page, messages=page.data, to=query.to, kind=query.kind, kinds=KINDS)


@get("/_emulate/ui/inbox/{id}", environment=of_control, is_page=True)
def show_message(env: Environment, id: str, query: LatestQuery) -> Reply:
    """One mail as a page for people; `to` and `kind` are the filter of the list that it leads back to."""
    message = env.get(Message, id)
    raw = emails.raw_message(message).decode("utf-8", "replace").replace("\r\n", "\n")
    headers = raw.partition("\n\n")[0]
    return render(
        "message.html", env, message=message, raw=raw, headers=headers, to=query.to, kind=query.kind, kinds=KINDS
    )


@post("/_emulate/ui/inbox/delete", environment=of_control, is_page=True)
def delete_matches(env: Environment, request: Request, query: LatestQuery) -> Reply:
    """What the button of the inbox's page does: deletes every mail that `to` and `kind` match."""
    require_same_origin(request, env.server.public_url)
    emails.delete_all(env, to=query.to, kind=query.kind)
    return _to_inbox(env, query)


@post("/_emulate/ui/inbox/{id}/delete", environment=of_control, is_page=True)
def delete_shown(env: Environment, id: str, request: Request, query: LatestQuery) -> Reply:
    """What the button of a mail's page does."""
    require_same_origin(request, env.server.public_url)
    emails.delete_message(env, env.get(Message, id))
    return _to_inbox(env, query)


def _to_inbox(env: Environment, query: LatestQuery) -> Reply:
    return redirect(page_url(env, "/_emulate/ui/inbox", to=query.to, kind=query.kind), status=303)
