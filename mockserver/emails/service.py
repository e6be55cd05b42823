"""Sending mails into the inbox, and finding them there."""

from __future__ import annotations

import logging
from typing import Literal

import sqlalchemy as sa

from mockserver.core.clock import to_ms
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, RequestInvalid, field_error
from mockserver.core.long_work import LONG
from mockserver.core.pagination import Listing, Page, Pagination
from mockserver.core.retention import keep_newest
from mockserver.core.statements import Statement
from mockserver.emails.models import Message
from mockserver.emails.rendering import as_message, render
from mockserver.settings import EmailKind

log = logging.getLogger("mockserver.emails")

# The senders that production uses (contract: authentication, section 10.1); unknown for e-mail changes.
_SENDERS: dict[EmailKind, str] = {
    "magic_auth": "access@workos-mail.com",
    "email_verification": "welcome@workos-mail.com",
    "password_reset": "access@workos-mail.com",
    "email_change": "access@workos-mail.com",
    "invitation": "welcome@workos-mail.com",
}

KINDS = (*_SENDERS, "sms")

_columns = Message.table.c
INBOX = Listing(
    Message,
    by="id",
    to=_columns.recipient_key == sa.bindparam("to"),
    kind=_columns.kind == sa.bindparam("kind"),
)
_to, _kind = sa.bindparam("to", None, sa.String), sa.bindparam("kind", None, sa.String)
_matches = sa.or_(_to.is_(None), _columns.recipient_key == _to) & sa.or_(_kind.is_(None), _columns.kind == _kind)
_DELETE_MATCHES = Statement(sa.delete(Message.table).where(_matches))
_SOME_MATCHES = Statement(sa.select(_columns.id).where(_matches).limit(LONG + 1))


def send(
    env: Environment,
    kind: EmailKind,
    to: str,
    *,
    user_id: str | None,
    expires_at: str,
    code: str | None = None,
    link: str | None = None,
    token: str | None = None,
    new_user: bool = False,
    organization: str | None = None,
    inviter: str | None = None,
) -> None:
    """Puts a mail into the inbox, unless this kind is switched off by the setting `emails`."""
    if not env.settings.emails.get(kind, True):
        return
    product = env.settings.product_name
    minutes = max(1, -(-(to_ms(expires_at) - env.clock.now_ms()) // 60_000))
    rendered = render(
        kind,
        to=to,
        product=product,
        code=code,
        link=link,
        minutes=minutes,
        organization=organization,
        inviter=inviter,
        new_user=new_user,
    )
    message = Message(
        id=env.ids.new(Message.prefix),
        kind=kind,
        recipient=to,
        recipient_key=to.lower(),
        sender=_SENDERS[kind],
        subject=rendered.subject,
        text=rendered.text,
        given_html=None,
        html_values=rendered.values,
        code=code,
        link=link,
        token=token,
        user_id=user_id,
        expires_at=expires_at,
        created_at=env.clock.now(),
    )
    _deliver(env, message)


def send_text_message(env: Environment, to: str, text: str, *, code: str, user_id: str | None, expires_at: str) -> None:
    """An SMS, which lies in the same inbox as kind `sms`."""
    message = Message(
        id=env.ids.new(Message.prefix),
        kind="sms",
        recipient=to,
        recipient_key=to.lower(),
        sender=env.settings.product_name,
        subject="",
        text=text,
        given_html=None,
        html_values=None,
        code=code,
        link=None,
        token=None,
        user_id=user_id,
        expires_at=expires_at,
        created_at=env.clock.now(),
    )
    _deliver(env, message)


def _deliver(env: Environment, message: Message) -> None:
    env.insert(message)
    keep_newest(env, Message, env.settings.mails_kept)
    env.after_commit(lambda: env.arrivals.give(message))
    secret = message.code or message.link
    env.after_commit(lambda: log.info("mail %s to %s: %s", message.kind, message.recipient, secret))


def list_messages(env: Environment, pagination: Pagination, *, to: str | None, kind: str | None) -> Page[Message]:
    """Raises RequestInvalid."""
    return env.page(INBOX, pagination, **_filters(to, kind))


def _filters(to: str | None, kind: str | None) -> dict[str, str]:
    """Raises RequestInvalid for a kind that no mail has: waiting for it would be in vain."""
    if kind is not None and kind not in KINDS:
        raise RequestInvalid([field_error("kind", "kind_invalid", f"'{kind}' is none of {', '.join(KINDS)}.")])
    filters = {}
    if to is not None:
        filters["to"] = to.lower()
    if kind is not None:
        filters["kind"] = kind
    return filters


def latest_message(env: Environment, *, to: str | None, kind: str | None) -> Message | None:
    newest = list_messages(env, Pagination(limit=1, order="desc"), to=to, kind=kind)
    return newest.data[0] if newest.data else None


def newest_id(env: Environment) -> str:
    """Of whatever mail; "" when there is none. Both are cursors that lead to what comes from now on."""
    newest = latest_message(env, to=None, kind=None)
    return "" if newest is None else newest.id


def first_after(env: Environment, after: str | None, *, to: str | None, kind: str | None) -> Message | None:
    """The newest match or, with `after`, the first one that arrived later than that message."""
    if after is None:
        return latest_message(env, to=to, kind=kind)
    later = list_messages(env, Pagination(limit=1, order="asc", after=after), to=to, kind=kind)
    return later.data[0] if later.data else None


def is_match(message: Message, after: str | None, *, to: str | None, kind: str | None) -> bool:
    """Whether it is one that `first_after` looks for."""
    is_to = to is None or message.recipient_key == to.lower()
    return is_to and kind in (None, message.kind) and (after is None or message.id > after)


def summaries(env: Environment, *, after: str | None = None) -> list[JSON]:
    """What did arrive (the newest ten, or the first ten after a message), for those who waited for something else."""
    order: Literal["asc", "desc"] = "desc" if after is None else "asc"
    page = list_messages(env, Pagination(order=order, after=after), to=None, kind=None)
    return [{"id": message.id, "kind": message.kind, "to": message.recipient} for message in page.data]


def delete_message(env: Environment, message: Message) -> None:
    env.delete(message)
    env.after_commit(env.arrivals.withdraw)


def delete_all(env: Environment, *, to: str | None = None, kind: str | None = None) -> None:
    """Deletes those that match. Raises RequestInvalid."""
    filters = _filters(to, kind)
    env.may_take_long(len(env.db.rows(_SOME_MATCHES, **filters)))
    env.execute(_DELETE_MATCHES, **filters)
    env.after_commit(env.arrivals.withdraw)


def raw_message(message: Message) -> bytes:
    """The mail as it would travel, an `.eml` file."""
    return as_message(
        message_id=f"<{message.id}@workos-mail.com>",
        sender=message.sender,
        to=message.recipient,
        subject=message.subject,
        text=message.text,
        html=message.html,
        created_at=message.created_at,
    )
