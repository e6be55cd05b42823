"""What can be set: of the server when it starts, of an environment at any time."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Seconds = Annotated[int, Meta(ge=1, le=10 * 365 * 86400)]
Method = Literal["password", "magic_auth"]
EmailKind = Literal["magic_auth", "email_verification", "password_reset", "email_change"]
DAY = 86400


class InvalidSetting(ValueError):
    """Says which setting, what was expected and what came instead."""


class Lifetimes(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Seconds per kind; the defaults are production's (contract: authentication, section 4.3)."""

    access_token: Seconds = 300
    authorization_code: Seconds = 600
    one_time_code: Seconds = 600
    password_reset: Seconds = 900
    pending_authentication: Seconds = 600
    authentication_challenge: Seconds = 600
    impersonation: Seconds = 3600


class PasswordPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    minimum_length: Annotated[int, Meta(ge=1, le=128)] = 10
    minimum_score: Annotated[int, Meta(ge=0, le=4)] = 3


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The settings of an environment. README.md has the table; a test compares the two."""

    email_verification: Literal["required", "off"] = "required"
    mfa: Literal["enrolled", "off", "required"] = "enrolled"
    totp_reuse: Literal["refuse", "allow"] = "refuse"
    sign_up: Literal["open", "closed"] = "open"
    methods: tuple[Method, ...] = ("password", "magic_auth")
    password_policy: PasswordPolicy | Literal["off"] = PasswordPolicy()
    emails: dict[EmailKind, bool] = {}
    authkit_pages: Literal["negotiate", "always", "never"] = "negotiate"
    redirect_uris: tuple[str, ...] = ()
    sign_out_redirects: tuple[str, ...] = ()
    app_homepage_url: str | None = None
    password_reset_url: str | None = None
    lifetimes: Lifetimes = Lifetimes()
    session_inactivity: Seconds | None = None
    session_length: Seconds = 365 * DAY
    fixed_codes: dict[str, Annotated[str, Meta(pattern=r"^[0-9]{6}$")]] = {}
    jwt_issuer: str | None = None
    events_order: Literal["asc", "request"] = "asc"
    product_name: Annotated[str, Meta(min_length=1, max_length=80)] = "Mockserver"

    def to_json(self) -> dict[str, Any]:
        content: dict[str, Any] = msgspec.to_builtins(self)
        return content


def settings_from(content: dict[str, Any], *, base: Settings | None = None) -> Settings:
    """The settings `base` (default: the defaults) with those in `content` changed. Raises InvalidSetting."""
    merged = (base or Settings()).to_json()
    for name, value in content.items():
        if name not in merged:
            raise InvalidSetting(f"Unknown setting '{name}'. {_nearest(name, list(merged))}")
        is_group = name in ("lifetimes", "password_policy")
        if is_group and isinstance(value, dict) and isinstance(merged[name], dict):
            value = {**merged[name], **value}
        merged[name] = value
    try:
        return msgspec.convert(merged, Settings)
    except msgspec.ValidationError as error:
        reason, _, place = str(error).partition(" - at `$.")
        raise InvalidSetting(f"Invalid setting '{place.rstrip('`')}': {reason}.") from None


def parse_assignment(text: str) -> dict[str, Any]:
    """`name=value` of `--set`: the value is JSON or else text; `a.b=1` sets a member. Raises InvalidSetting."""
    name, separator, raw = text.partition("=")
    if not separator or not name:
        raise InvalidSetting(f"'{text}' is not of the form name=value.")
    try:
        value = msgspec.json.decode(raw.encode())
    except msgspec.DecodeError:
        value = raw
    group, dot, member = name.partition(".")
    return {group: {member: value}} if dot else {name: value}


def _nearest(name: str, names: list[str]) -> str:
    from difflib import get_close_matches  # 4 ms that a start without mistakes need not pay

    matches = get_close_matches(name, names, n=1)
    if matches:
        return f"Did you mean '{matches[0]}'?"
    return f"Known settings: {', '.join(sorted(names))}."
