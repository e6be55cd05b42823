"""The inbox: every mail that production would have sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Annotated, Literal

from msgspec import Meta

from mockserver.core.bodies import Parameters
from mockserver.core.environment import Environment
from mockserver.core.errors import ApiError
from mockserver.core.pagination import Page, Pagination
from mockserver.core.replies import Reply, Stream, event, event_stream, html
from mockserver.core.requests import Request, of_control
from mockserver.core.routing import delete, get
from mockserver.core.waiting import Closed
from mockserver.emails import service as emails
from mockserver.emails.models import Message

SILENCE = 25  # seconds; some proxies close what is silent for half a minute
STILL_THERE = b": still there\n\n"
RECONNECT = b"retry: 1000\n\n"  # milliseconds until browsers try again


# A mail has its style inline and loads nothing; in it nothing runs.
HTML_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)


class InboxQuery(Pagination, kw_only=True):
    """Oldest first, so that `after` (a message's id) leads to the mails that came later, as it does in `wait`."""

    order: Literal["desc", "asc", "normal"] = "asc"
    to: str | None = None
    kind: str | None = None


class LatestQuery(Parameters, kw_only=True):
    to: str | None = None
    kind: str | None = None


class WaitQuery(LatestQuery, kw_only=True):
    after: str | None = None
    timeout: Annotated[float, Meta(ge=0, le=60)] = 10


class StreamQuery(LatestQuery, kw_only=True):
    after: str | None = None


class NoMessage(ApiError):
    status, code = 404, "message_not_found"


class WaitEnded(ApiError):
    status, code = 503, "wait_ended"
    message = "The environment was deleted, or the server stops; either ends every wait."


@get("/_emulate/inbox", environment=of_control)
def list_inbox(env: Environment, query: InboxQuery) -> Page[Message]:
    """The mails so far, oldest first; `to` and `kind` filter them, `after` (an id) leads to those that came later."""
    return emails.list_messages(env, query, to=query.to, kind=query.kind)


@get("/_emulate/inbox/latest", environment=of_control)
def get_latest(env: Environment, query: LatestQuery) -> Message:
    """The newest mail that matches `to` and `kind`; without one 404, with `arrived` saying what did come."""
    message = emails.latest_message(env, to=query.to, kind=query.kind)
    if message is None:
        raise NoMessage(f"No message{_described(query)} has arrived.", arrived=emails.summaries(env))
    return message


@get("/_emulate/inbox/wait", environment=of_control)
async def wait_for_message(env: Environment, query: WaitQuery) -> Message:
    """Waits `timeout` seconds for a mail after the one with the id `after`; without it, one already there will do."""
    deadline = asyncio.get_running_loop().time() + query.timeout

    def is_wanted(message: Message) -> bool:
        return emails.is_match(message, query.after, to=query.to, kind=query.kind)

    try:
        while True:
            with env.arrivals.listening(is_wanted) as heard:
                async with env.turn():
                    message = emails.first_after(env, query.after, to=query.to, kind=query.kind)
                    remaining = deadline - asyncio.get_running_loop().time()
                    if message is None and remaining <= 0:
                        raise _nothing_came(env, query)
                if message is None:
                    with suppress(TimeoutError):
                        message = await asyncio.wait_for(heard, remaining)
                if message is not None:
                    return message
    except Closed:
        raise WaitEnded from None


def _nothing_came(env: Environment, query: WaitQuery) -> NoMessage:
    arrived = emails.summaries(env, after=query.after)
    return NoMessage(f"No message{_described(query)} arrived within {query.timeout:g} s.", arrived=arrived)


@get("/_emulate/inbox/stream", environment=of_control)
async def stream_inbox(env: Environment, query: StreamQuery, request: Request) -> Stream:
    """Server-sent events: `message` for each mail from now on, or after `after` or the header `Last-Event-ID`;
    `changed` when some were deleted or the environment was reset.
    """
    after = request.header(b"last-event-id") or query.after or emails.newest_id(env)
    emails.list_messages(env, Pagination(limit=1), to=query.to, kind=query.kind)  # refuses what no mail can be
    return event_stream(_events(env, query, after))


async def _events(env: Environment, query: StreamQuery, after: str) -> AsyncGenerator[bytes, None]:
    withdrawals, has_waited = env.arrivals.withdrawals, False
    yield RECONNECT
    while True:
        env.arrivals.require_open()
        async with env.turn():
            later = Pagination(order="asc", after=after, limit=100)
            page = emails.list_messages(env, later, to=query.to, kind=query.kind)
        has_changed, withdrawals = withdrawals != env.arrivals.withdrawals, env.arrivals.withdrawals
        for message in page.data:
            after = message.id
            yield event("message", message.shown(), id=message.id)
        if has_changed:
            yield event("changed", {})
        if page.data or has_changed:
            has_waited = False
        elif has_waited:
            yield STILL_THERE
            has_waited = False
        else:
            await env.arrivals.wait(SILENCE)
            has_waited = True


@get("/_emulate/inbox/{id}", environment=of_control)
def get_message(env: Environment, id: str) -> Message:
    """One mail, with code, link and token as fields."""
    return env.get(Message, id)


@get("/_emulate/inbox/{id}/html", environment=of_control)
def get_message_html(env: Environment, id: str) -> Reply:
    """Its HTML part, as a page."""
    return html(env.get(Message, id).html, headers=(("content-security-policy", HTML_POLICY),))


@get("/_emulate/inbox/{id}/raw", environment=of_control)
def get_message_raw(env: Environment, id: str) -> Reply:
    """The mail as it would travel, an .eml file."""
    message = env.get(Message, id)
    disposition = ("content-disposition", f'attachment; filename="{message.id}.eml"')
    return Reply(200, emails.raw_message(message), "message/rfc822", (disposition,))


@delete("/_emulate/inbox", environment=of_control, status=204)
def empty_inbox(env: Environment, query: LatestQuery) -> None:
    """Deletes every mail, or those that match `to` and `kind`."""
    emails.delete_all(env, to=query.to, kind=query.kind)


@delete("/_emulate/inbox/{id}", environment=of_control, status=204)
def delete_message(env: Environment, id: str) -> None:
    """Deletes one mail."""
    emails.delete_message(env, env.get(Message, id))


def _described(query: LatestQuery) -> str:
    kind = "" if query.kind is None else f" of kind '{query.kind}'"
    return kind if query.to is None else f"{kind} to '{query.to}'"
