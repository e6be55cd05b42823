"""What a standalone sign-in leaves behind: its code, its access token, and the token of its logout."""

from __future__ import annotations

from mockserver.core.schema import Model, stored


@stored("sso_codes", key="code", references={"profile_id": "profiles.id"}, indexes=[("profile_id",)])
class SsoCode(Model):
    """Single use, bound to a profile and to the PKCE challenge."""

    code: str
    profile_id: str
    code_challenge: str | None
    provider_scopes: list | None  # type: ignore[type-arg]  # the column's type; texts
    expires_at: str
    consumed_at: str | None
    created_at: str
    goes_ms: int = 0


@stored(
    "sso_access_tokens",
    key="token",
    references={"profile_id": "profiles.id"},
    indexes=[("profile_id",)],
    names_environment=True,
)
class SsoAccessToken(Model):
    """Good for reading the profile."""

    token: str
    profile_id: str
    expires_at: str
    created_at: str
    goes_ms: int = 0


@stored(
    "sso_logout_tokens",
    label="Logout token",
    key="token",
    references={"profile_id": "profiles.id"},
    indexes=[("profile_id",)],
    names_environment=True,
)
class SsoLogoutToken(Model):
    token: str
    profile_id: str
    expires_at: str
    consumed_at: str | None
    created_at: str
    goes_ms: int = 0
