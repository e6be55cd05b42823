"""What a sign-in in progress leaves behind: pending tokens and authorization codes."""

from __future__ import annotations

from mockserver.core.schema import Model, stored


@stored(
    "pending_authentications",
    key="token",
    references={"user_id": "users.id"},
    indexes=[("user_id",)],
)
class PendingAuthentication(Model):
    """A right first factor that needs more: the `pending_authentication_token` and what it stands for."""

    token: str
    user_id: str
    method: str
    has_second_factor: bool
    organization_id: str | None
    invitation_token: str | None
    impersonator_email: str | None
    impersonator_reason: str | None
    ip_address: str | None
    user_agent: str | None
    expires_at: str
    consumed_at: str | None
    created_at: str


@stored(
    "authorization_codes",
    key="code",
    references={"user_id": "users.id"},
    indexes=[("user_id",)],
)
class AuthorizationCode(Model):
    """Single use, bound to the user who signed in and to the PKCE challenge."""

    code: str
    user_id: str
    method: str
    organization_id: str | None
    invitation_token: str | None
    code_challenge: str | None
    impersonator_email: str | None
    impersonator_reason: str | None
    expires_at: str
    consumed_at: str | None
    created_at: str
