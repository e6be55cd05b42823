"""A session, and the refresh tokens that prolong it."""

from __future__ import annotations

from mockserver.core.errors import JSON
from mockserver.core.schema import Model, stored


@stored(
    "sessions",
    label="Session",
    prefix="session",
    references={"user_id": "users.id"},
    indexes=[("user_id", "ended_at", "created_at", "id")],
    names_environment=True,
)
class Session(Model):
    """`method` is the `authentication_method` of answers, `auth_method` that of the session object.

    `organization_id` is that of its newest tokens, `sign_in_organization_id` the one that the user signed in to.
    `browser_session_id` is where the user signed in with AuthKit's pages, `connection_id` the one of an SSO sign-in.
    """

    id: str
    user_id: str
    organization_id: str | None
    sign_in_organization_id: str | None
    connection_id: str | None
    browser_session_id: str | None
    method: str
    auth_method: str
    ip_address: str | None
    user_agent: str | None
    impersonator_email: str | None
    impersonator_reason: str | None
    authenticated_at: str
    refreshed_at: str
    expires_at: str
    ended_at: str | None
    created_at: str
    updated_at: str
    goes_ms: int = 0

    @property
    def impersonator(self) -> JSON | None:
        if self.impersonator_email is None:
            return None
        return {"email": self.impersonator_email, "reason": self.impersonator_reason}

    def shown(self) -> JSON:
        organization = {} if self.organization_id is None else {"organization_id": self.organization_id}
        impersonator = {} if self.impersonator is None else {"impersonator": self.impersonator}
        return {
            "object": "session",
            "id": self.id,
            "user_id": self.user_id,
            **organization,
            "ip_address": self.ip_address,
            "user_agent": self.user_agent,
            "auth_method": self.auth_method,
            "status": "active" if self.ended_at is None else "revoked",
            "expires_at": self.expires_at,
            "ended_at": self.ended_at,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            **impersonator,
        }


@stored(
    "browser_sessions",
    references={"user_id": "users.id"},
    indexes=[("user_id",)],
)
class BrowserSession(Model):
    """Who is signed in to AuthKit's own pages: the next app of the same browser signs in silently.

    `id` is the secret in the browser's cookie.
    """

    id: str
    user_id: str
    method: str
    connection_id: str | None
    has_second_factor: bool
    authenticated_at: str
    expires_at: str
    ended_at: str | None
    created_at: str
    goes_ms: int = 0


@stored("refresh_tokens", key="token", references={"session_id": "sessions.id"}, indexes=[("session_id",)])
class RefreshToken(Model):
    """`successor` is the token it was exchanged for, at `exchanged_at`."""

    token: str
    session_id: str
    successor: str | None
    exchanged_at: str | None
    created_at: str
    goes_ms: int = 0
