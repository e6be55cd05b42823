"""An e-mail verification."""

from __future__ import annotations

from mockserver.core.codes import OneTimeCode
from mockserver.core.errors import JSON
from mockserver.core.schema import stored


@stored(
    "email_verifications",
    label="Email Verification",
    prefix="email_verification",
    references={"user_id": "users.id"},
    indexes=[("user_id", "created_at", "id")],
)
class EmailVerification(OneTimeCode):
    def shown(self) -> JSON:
        return {**self.event_data(), "code": self.code}

    def event_data(self) -> JSON:
        return {
            "object": "email_verification",
            "id": self.id,
            "user_id": self.user_id,
            "email": self.email,
            "expires_at": self.expires_at,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }
