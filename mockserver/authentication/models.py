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
    connection_id: str | None
    invitation_token: str | None
    browser_session_id: str | None
    impersonator_email: str | None
    impersonator_reason: str | None
    ip_address: str | None
    user_agent: str | None
    expires_at: str
    consumed_at: str | None
    created_at: str
    goes_ms: int = 0


@stored(
    "authorization_codes",
    label="Authorization code",
    key="code",
    references={"user_id": "users.id"},
    indexes=[("user_id",)],
)
class AuthorizationCode(Model):
    """Single use, bound to the user who signed in and to the PKCE challenge.

    `is_of_authkit`: the app asked for AuthKit, and not for a social provider or a connection.
    `is_vouched`: nobody was asked for anything, so the code stands for a verified address and a second factor too.
    `provider_scopes` is what an OAuth sign-in asked its provider for.
    """

    code: str
    user_id: str
    method: str
    is_vouched: bool
    is_of_authkit: bool
    organization_id: str | None
    connection_id: str | None
    invitation_token: str | None
    code_challenge: str | None
    provider_scopes: list | None  # type: ignore[type-arg]  # the column's type; texts
    browser_session_id: str | None
    authenticated_at: str | None
    ip_address: str | None
    user_agent: str | None
    impersonator_email: str | None
    impersonator_reason: str | None
    expires_at: str
    consumed_at: str | None
    created_at: str
    goes_ms: int = 0
