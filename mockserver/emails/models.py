"""A mail that production would have sent."""

from __future__ import annotations

from mockserver.core.errors import JSON
from mockserver.core.schema import Model, stored
from mockserver.emails.rendering import render_html


@stored(
    "messages",
    label="Message",
    prefix="message",
    indexes=[("recipient_key", "id"), ("kind", "id")],
)
class Message(Model):
    """`code`, `link` and `token` are what the mail carries, as fields: nobody need search the text for them.

    The HTML part is rendered from `html_values` when it is read; `given_html` is one that a fixture document had.
    """

    id: str
    kind: str
    recipient: str
    recipient_key: str
    sender: str
    subject: str
    text: str
    given_html: str | None
    html_values: dict | None  # type: ignore[type-arg]  # the column's type; see rendering.Rendered
    code: str | None
    link: str | None
    token: str | None
    user_id: str | None
    expires_at: str | None
    created_at: str

    @property
    def html(self) -> str:
        """Empty for an SMS."""
        if self.html_values is None:
            return self.given_html or ""
        return render_html(self.kind, self.subject, self.html_values)

    def shown(self) -> JSON:
        return {
            "object": "message",
            "id": self.id,
            "kind": self.kind,
            "to": self.recipient,
            "from": self.sender,
            "subject": self.subject,
            "text": self.text,
            "html": self.html,
            "code": self.code,
            "link": self.link,
            "token": self.token,
            "user_id": self.user_id,
            "expires_at": self.expires_at,
            "created_at": self.created_at,
        }
