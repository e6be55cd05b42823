"""A Magic Auth code."""

from __future__ import annotations

from mockserver.core.codes import OneTimeCode
from mockserver.core.errors import JSON
from mockserver.core.schema import stored


@stored(
    "magic_auths",
    label="MagicAuth",
    prefix="magic_auth",
    references={"user_id": "users.id"},
    indexes=[("user_id", "created_at", "id")],
)
class MagicAuth(OneTimeCode):
    def shown(self) -> JSON:
        return {**self.event_data(), "code": self.code}

    def event_data(self) -> JSON:
        return {
            "object": "magic_auth",
            "id": self.id,
            "user_id": self.user_id,
            "email": self.email,
            "expires_at": self.expires_at,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }
