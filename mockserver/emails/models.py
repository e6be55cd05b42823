"""A mail that production would have sent."""

from __future__ import annotations

from mockserver.core.errors import JSON
from mockserver.core.schema import Model, stored


@stored(
    "messages",
    label="Message",
    prefix="message",
    indexes=[("recipient_key", "id")],
)
class Message(Model):
    """`code`, `link` and `token` are what the mail carries, as fields: nobody need search the text for them."""

    id: str
    kind: str
    recipient: str
    recipient_key: str
    sender: str
    subject: str
    text: str
    html: str
    code: str | None
    link: str | None
    token: str | None
    user_id: str | None
    expires_at: str | None
    created_at: str

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
