"""A password reset: the right to set a new password, held by whoever has the token."""

from __future__ import annotations

from mockserver.core.errors import JSON
from mockserver.core.schema import Model, stored


@stored(
    "password_resets",
    label="Password Reset",
    prefix="password_reset",
    references={"user_id": "users.id"},
    unique=[("token",)],
    indexes=[("user_id",)],
)
class PasswordReset(Model):
    id: str
    user_id: str
    email: str
    token: str
    url: str
    expires_at: str
    consumed_at: str | None
    created_at: str
    goes_ms: int = 0

    def shown(self) -> JSON:
        return {
            "object": "password_reset",
            "id": self.id,
            "user_id": self.user_id,
            "email": self.email,
            "password_reset_token": self.token,
            "password_reset_url": self.url,
            "expires_at": self.expires_at,
            "created_at": self.created_at,
        }

    def event_data(self) -> JSON:
        shown = self.shown()
        del shown["password_reset_token"], shown["password_reset_url"]
        return shown
