"""A user, and the password one may have."""

from __future__ import annotations

from mockserver.core.errors import JSON
from mockserver.core.schema import Model, stored


def email_key(email: str) -> str:
    """What two spellings of one address have in common: addresses are compared without regard to case."""
    return email.strip().lower()


@stored(
    "users",
    label="User",
    prefix="user",
    unique=[("email_key",), ("external_id",)],
    indexes=[("created_at", "id")],
)
class User(Model):
    id: str
    email: str
    email_key: str
    email_verified: bool
    first_name: str | None
    last_name: str | None
    name: str | None
    profile_picture_url: str | None
    last_sign_in_at: str | None
    external_id: str | None
    metadata: dict[str, str]
    locale: str | None
    created_at: str
    updated_at: str

    def shown(self) -> JSON:
        return {
            "object": "user",
            "id": self.id,
            "email": self.email,
            "email_verified": self.email_verified,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "name": self.name,
            "profile_picture_url": self.profile_picture_url,
            "last_sign_in_at": self.last_sign_in_at,
            "external_id": self.external_id,
            "metadata": self.metadata,
            "locale": self.locale,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }

    def shown_at_sign_in(self) -> JSON:
        """Without the metadata, which the answers of authenticate leave out (docs: authkit/metadata)."""
        return {name: value for name, value in self.shown().items() if name != "metadata"}


@stored("passwords", key="user_id", references={"user_id": "users.id"})
class Password(Model):
    """`type` names the algorithm of `hash`; all but argon2 give way to it at the first successful sign-in."""

    user_id: str
    type: str
    hash: str
    salt_position: str | None
