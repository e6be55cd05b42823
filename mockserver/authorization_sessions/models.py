"""A sign-in in progress in a browser."""

from __future__ import annotations

from mockserver.core.schema import Model, stored

IDENTITY_PROVIDER = "identity-provider"


@stored("authorization_sessions", label="Authorization session")
class AuthorizationSession(Model):
    """What the app asked for, and how far the user has come. The id is part of every page's URL.

    `purpose` is `authorize`, `sso` (the standalone product), `device` or `invitation` (a mailed link, without an app
    that waits). `browser` is the value of the cookie that ties it to one browser. `page` is where the user is, `screen`
    where a fresh start leads, and `hint` the address that the app named.
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
    admitted: dict | None  # type: ignore[type-arg]  # the column's type; who waits to confirm a device
    expires_at: str
    consumed_at: str | None
    created_at: str
    updated_at: str

    @property
    def is_bound(self) -> bool:
        """Whether the app has chosen the identity provider, so that no other way of signing in will do."""
        return self.screen == IDENTITY_PROVIDER

    @property
    def is_open(self) -> bool:
        return self.consumed_at is None
