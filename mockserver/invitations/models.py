"""An invitation: a mailed token that opens sign-up and, with an organization, joins it."""

from __future__ import annotations

from mockserver.core.errors import JSON
from mockserver.core.schema import Model, stored


@stored(
    "invitations",
    label="Invitation",
    prefix="invitation",
    references={"organization_id": "organizations.id"},
    unique=[("token",)],
    indexes=[
        ("created_at", "id"),
        ("email_key", "created_at", "id"),
        ("organization_id", "created_at", "id"),
    ],
)
class Invitation(Model):
    """`state` is kept as pending, accepted or revoked; that it has expired follows from the clock."""

    id: str
    email: str
    email_key: str
    state: str
    accepted_at: str | None
    revoked_at: str | None
    expires_at: str
    organization_id: str | None
    inviter_user_id: str | None
    accepted_user_id: str | None
    role_slug: str | None
    token: str
    url: str
    created_at: str
    updated_at: str

    def state_at(self, now: str) -> str:
        return "expired" if self.state == "pending" and self.expires_at <= now else self.state

    def shown_at(self, now: str) -> JSON:
        return {**self.event_data_at(now), "token": self.token, "accept_invitation_url": self.url}

    def event_data_at(self, now: str) -> JSON:
        return {
            "object": "invitation",
            "id": self.id,
            "email": self.email,
            "state": self.state_at(now),
            "accepted_at": self.accepted_at,
            "revoked_at": self.revoked_at,
            "expires_at": self.expires_at,
            "organization_id": self.organization_id,
            "inviter_user_id": self.inviter_user_id,
            "accepted_user_id": self.accepted_user_id,
            "role_slug": self.role_slug,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }
