"""A sign-in in progress in a browser, and one that the app has yet to begin."""

from __future__ import annotations

from mockserver.core.schema import Model, stored

IDENTITY_PROVIDER = "identity-provider"
INVITATION = "invitation"


@stored("authorization_sessions", label="Authorization session", indexes=[("browser",)])
class AuthorizationSession(Model):
    """What the app asked for, and how far the user has come. The id is part of every page's URL.

    `purpose` is `authorize`, `sso` (the standalone product), `device` or `invitation` (a mailed link, without an app
    that waits). `browser` is the value of the cookie that ties it to one browser. `page` is where the user is, `screen`
    where a fresh start leads, and `hint` the address that the app named. `admitted` is who waits to confirm a device,
    or the browser session that goes on once an invitation is answered.
    """

    id: str
    purpose: str
    browser: str
    redirect_uri: str | None
    state: str | None
    code_challenge: str | None
    organization_id: str | None
    invitation_token: str | None
    device_code: str | None
    provider: str | None
    connection_id: str | None
    provider_scopes: list | None  # type: ignore[type-arg]  # the column's type; texts
    hint: str | None
    domain_hint: str | None
    screen: str
    page: str
    email: str | None
    notice: str | None
    pending_token: str | None
    challenge_id: str | None
    totp_secret: str | None
    account: dict | None  # type: ignore[type-arg]  # the column's type; see authentication.social.Account
    refusal: dict | None  # type: ignore[type-arg]  # the column's type; an error's body
    admitted: dict | None  # type: ignore[type-arg]  # the column's type; who waits to confirm something
    expires_at: str
    consumed_at: str | None
    created_at: str
    updated_at: str
    goes_ms: int = 0

    @property
    def is_bound(self) -> bool:
        """Whether the app has chosen the identity provider, so that no other way of signing in will do."""
        return self.screen == IDENTITY_PROVIDER

    @property
    def is_open(self) -> bool:
        return self.consumed_at is None


@stored(
    "pending_starts",
    label="Pending start",
    key="browser",
    references={"invitation_id": "invitations.id", "user_id": "users.id", "organization_id": "organizations.id"},
    indexes=[("invitation_id",), ("user_id",), ("organization_id",)],
)
class PendingStart(Model):
    """What the next sign-in that an app begins in this browser is for; see `pending_starts.py`.

    Either an invitation, or the user whom somebody of the team wants to be.
    """

    browser: str
    invitation_id: str | None
    user_id: str | None
    organization_id: str | None
    impersonator_email: str | None
    impersonator_reason: str | None
    expires_at: str
    created_at: str
    goes_ms: int = 0
