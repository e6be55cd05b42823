"""Turning what a mail is about into subject, text and HTML, and those into a message that could travel."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from email.headerregistry import Address

    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
CONTROL_CHARACTERS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Rendered(NamedTuple):
    """`values` is what the HTML part is made of, when somebody reads it: see `render_html`."""

    subject: str
    text: str
    values: dict[str, Any]


def render(
    kind: str,
    *,
    to: str,
    product: str,
    code: str | None = None,
    link: str | None = None,
    minutes: int | None = None,
    organization: str | None = None,
    inviter: str | None = None,
    new_user: bool = False,
) -> Rendered:
    """The mail of this kind. Its `.txt` template begins with the subject and an empty line.

    `minutes` is how long the code or link works; `new_user` turns a sign-in into a sign-up.
    """
    values = {
        "to": one_line(to),
        "product": one_line(product),
        "code": code,
        "link": link,
        "minutes": minutes,
        "organization": one_line(organization or ""),
        "inviter": one_line(inviter or ""),
        "new_user": new_user,
    }
    subject, _, text = templates().get_template(f"{kind}.txt").render(values).partition("\n\n")
    return Rendered(subject, text, values)


def render_html(kind: str, subject: str, values: dict[str, Any]) -> str:
    """The HTML part: twenty times the size of its values, so that it is kept nowhere."""
    return templates().get_template(f"{kind}.html").render(values, subject=subject)


def as_message(*, message_id: str, sender: str, to: str, subject: str, text: str, html: str, created_at: str) -> bytes:
    """The RFC 5322 message. `created_at` is an ISO 8601 time."""
    from datetime import datetime
    from email.message import EmailMessage
    from email.policy import SMTP, SMTPUTF8
    from email.utils import format_datetime
    from hashlib import sha256

    # Only an address that is not ASCII needs internationalized headers (RFC 6532), which few programs can read.
    message = EmailMessage(policy=SMTP if (sender + to).isascii() else SMTPUTF8)
    message["Message-ID"] = f"<{one_line(message_id).strip('<>')}>"
    message["Date"] = format_datetime(datetime.fromisoformat(created_at))
    message["From"] = address(sender)
    message["To"] = address(to)
    message["Subject"] = one_line(subject)
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
        # The library would make up another one each time.
        message.set_boundary(f"={sha256(message_id.encode()).hexdigest()}")
    return message.as_bytes()


def address(text: str) -> Address:
    """One mailbox, quoted where it must be, so that a comma or an angle bracket cannot make two of it."""
    from email.headerregistry import Address

    username, at, domain = one_line(text).rpartition("@")
    return Address(username=username.strip('"'), domain=domain) if at else Address(display_name=domain)


def one_line(text: str) -> str:
    """The text without line breaks and other control characters, so that it cannot begin a header of its own."""
    return CONTROL_CHARACTERS.sub(" ", text).strip()


def duration(minutes: int) -> str:
    """Minutes as people say them: 10 minutes, 2 hours, 7 days."""
    for size, unit in ((1440, "day"), (60, "hour")):
        if minutes >= 2 * size or minutes == size:
            return count(round(minutes / size), unit)
    return count(minutes, "minute")


def count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


@cache
def templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["duration"] = duration
    return environment
