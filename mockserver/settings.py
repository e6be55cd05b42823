"""What can be set: of the server when it starts, of an environment at any time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta

from mockserver.core.urls import InvalidUri, require_address, require_uri

Seconds = Annotated[int, Meta(ge=1, le=10 * 365 * 86400)]
OAuthProvider = Literal[
    "GoogleOAuth",
    "MicrosoftOAuth",
    "GitHubOAuth",
    "AppleOAuth",
    "BitbucketOAuth",
    "GitLabOAuth",
    "IntuitOAuth",
    "LinkedInOAuth",
    "SalesforceOAuth",
    "SlackOAuth",
    "VercelMarketplaceOAuth",
    "VercelOAuth",
    "XeroOAuth",
]
Method = Literal["password", "magic_auth", "sso", OAuthProvider]
EmailKind = Literal["magic_auth", "email_verification", "password_reset", "email_change", "invitation"]
DAY = 86400
Kept = Annotated[int, Meta(ge=0, le=1_000_000_000)]
SIX_DIGITS = r"^[0-9]{6}$"
COLOR = r"^#[0-9A-Fa-f]{6}\Z"
IMAGE = r"^data:image/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}\Z"

ADDRESSES = ("sign_in_endpoint", "app_homepage_url", "password_reset_url", "invitation_url")
URI_LISTS = ("redirect_uris", "sign_out_redirects")

# The social sign-in providers (contract: authentication, section 6.1), the common ones first.
OAUTH_PROVIDERS: tuple[OAuthProvider, ...] = get_args(OAuthProvider)


class InvalidSetting(ValueError):
    """Says which setting, what was expected and what came instead."""


class Lifetimes(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Seconds per kind; the defaults are production's (contract: authentication, section 4.3)."""

    access_token: Seconds = 300
    authorization_code: Seconds = 600
    one_time_code: Seconds = 600
    password_reset: Seconds = 900
    pending_authentication: Seconds = 600
    authorization_session: Seconds = 3600
    authentication_challenge: Seconds = 600
    device_code: Seconds = 300
    impersonation: Seconds = 3600


class PasswordPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    minimum_length: Annotated[int, Meta(ge=1, le=128)] = 10
    minimum_score: Annotated[int, Meta(ge=0, le=4)] = 3


class Branding(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The look of the hosted pages. The logo is part of the setting: no page loads anything from elsewhere."""

    logo: Annotated[str, Meta(pattern=IMAGE)] | None = None
    color: Annotated[str, Meta(pattern=COLOR)] = "#4f46e5"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The settings of an environment. README.md has the table; a test compares the two."""

    email_verification: Literal["required", "off"] = "required"
    mfa: Literal["enrolled", "off", "required"] = "enrolled"
    totp_reuse: Literal["refuse", "allow"] = "refuse"
    sign_up: Literal["open", "closed"] = "open"
    methods: tuple[Method, ...] = ("password", "magic_auth", "sso", *OAUTH_PROVIDERS)
    password_policy: PasswordPolicy | Literal["off"] = PasswordPolicy()
    emails: dict[EmailKind, bool] = {}
    authkit_pages: Literal["negotiate", "always", "never"] = "negotiate"
    one_click_sign_in: Literal["loopback", "on", "off"] = "loopback"
    device_approval: Literal["page", "immediate"] = "page"
    sign_in_endpoint: str | None = None
    redirect_uris: tuple[str, ...] = ()
    sign_out_redirects: tuple[str, ...] = ()
    app_homepage_url: str | None = None
    password_reset_url: str | None = None
    lifetimes: Lifetimes = Lifetimes()
    multiple_roles: Literal["off", "on"] = "off"
    domain_verification: Literal["immediate", "manual"] = "immediate"
    invitation_url: str | None = None
    session_inactivity: Seconds | None = None
    session_length: Seconds = 365 * DAY
    refresh_organization: Literal["sign_in", "latest"] = "sign_in"
    fixed_codes: dict[str, Annotated[str, Meta(pattern=SIX_DIGITS)]] = {}
    jwt_issuer: str | None = None
    events_order: Literal["asc", "request"] = "asc"
    oauth_tokens: Literal["off", "on"] = "off"
    mails_kept: Kept = 1000
    events_kept: Kept = 10_000
    product_name: Annotated[str, Meta(min_length=1, max_length=80)] = "Mockserver"
    branding: Branding = Branding()

    def to_json(self) -> dict[str, Any]:
        content: dict[str, Any] = msgspec.to_builtins(self)
        return content


def settings_from(content: dict[str, Any], *, base: Settings | None = None) -> Settings:
    """The settings `base` (default: the defaults) with those in `content` changed. Raises InvalidSetting."""
    if not isinstance(content, dict):
        raise InvalidSetting("Settings are a mapping of names to values, such as 'mfa: off'.")
    merged = (base or Settings()).to_json()
    for name, value in content.items():
        is_group = name in ("lifetimes", "password_policy", "branding") and isinstance(merged[name], dict)
        merged[name] = {**merged[name], **value} if is_group and isinstance(value, dict) else value
    try:
        settings = msgspec.convert(merged, Settings)
    except msgspec.ValidationError as error:
        raise InvalidSetting(next(_problems(content), f"Invalid settings: {error}.")) from None
    _require_addresses(content)
    return settings


def _require_addresses(content: dict[str, Any]) -> None:
    """Browsers are sent there, and mails lead there."""
    place = ""
    try:
        for place in ADDRESSES:
            if content.get(place) is not None:
                require_address(content[place])
        for name in URI_LISTS:
            for index, uri in enumerate(content.get(name, ())):
                place = f"{name}[{index}]"
                require_uri(uri)
    except InvalidUri as error:
        raise InvalidSetting(f"Invalid setting '{place}': {error}") from None


def parse_assignment(text: str) -> dict[str, Any]:
    """`name=value` of `--set`; `a.b=1` sets a member. Raises InvalidSetting.

    The value is JSON or else text, and a number stays text where only that will do: `fixed_codes.a@b.example=123456`.
    """
    name, separator, raw = text.partition("=")
    if not separator or not name:
        raise InvalidSetting(f"'{text}' is not of the form name=value.")
    group, dot, member = name.partition(".")

    def assignment(value: Any) -> dict[str, Any]:
        return {group: {member: value}} if dot else {name: value}

    try:
        value = msgspec.json.decode(raw.encode())
    except msgspec.DecodeError:
        return assignment(raw)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return assignment(raw if is_number and _is_valid(assignment(raw)) else value)


def _is_valid(content: dict[str, Any]) -> bool:
    try:
        settings_from(content)
    except InvalidSetting:
        return False
    return True


_PATTERNS = {
    SIX_DIGITS: "six digits as text (in quotes)",
    COLOR: "a colour as '#rrggbb' (in quotes)",
    IMAGE: "an image as 'data:image/png;base64,…' (or jpeg, gif, webp, svg+xml)",
}


def _problems(content: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the settings, in words of our own; asked only once msgspec has refused them."""
    from msgspec import inspect  # needless as long as everything is right

    def wrong(place: str, expected: str, value: Any) -> str:
        shown = shown_value(value)
        shown = shown if len(shown) <= 200 else f"{shown[:100]}…"
        return f"Invalid setting '{place}': expected {expected}, got {shown}."

    def problems(place: str, kind: inspect.Type, value: Any) -> Iterator[str]:
        match kind:
            case inspect.StructType() | inspect.DictType() if not isinstance(value, dict):
                yield wrong(place, "a mapping", value)
            case inspect.StructType(fields=fields):
                yield from members(place, {field.name: field.type for field in fields}, value)
            case inspect.DictType(key_type=inspect.LiteralType(values=names), value_type=item):
                yield from members(place, dict.fromkeys(map(str, names), item), value)
            case inspect.DictType(value_type=item):
                yield from members(place, dict.fromkeys(value, item), value)
            case inspect.VarTupleType() if not isinstance(value, list | tuple):
                yield wrong(place, "a list", value)
            case inspect.VarTupleType(item_type=item):
                for index, element in enumerate(value):
                    yield from problems(f"{place}[{index}]", item, element)
            case inspect.LiteralType(values=values) if value not in values:
                yield wrong(place, f"one of {', '.join(map(shown_value, values))}", value)
            case inspect.IntType(ge=low, le=high) if type(value) is not int or not (low or 0) <= value <= (high or 0):
                yield wrong(place, f"a whole number from {low} to {high}", value)
            case inspect.StrType(pattern=str(pattern)) if not isinstance(value, str) or not re.search(pattern, value):
                yield wrong(place, _PATTERNS[pattern], value)
            case inspect.StrType(max_length=int(longest)) if (
                not isinstance(value, str) or not 1 <= len(value) <= longest
            ):
                yield wrong(place, f"text of 1 to {longest} characters", value)
            case inspect.StrType() if not isinstance(value, str):
                yield wrong(place, "text", value)
            case inspect.BoolType() if not isinstance(value, bool):
                yield wrong(place, "true or false", value)
            case inspect.UnionType(types=types):
                yield from alternatives(place, types, value)

    def members(place: str, kinds: dict[str, inspect.Type], value: dict[str, Any]) -> Iterator[str]:
        prefix = f"{place}." if place else ""
        for name, item in value.items():
            if name in kinds:
                yield from problems(f"{prefix}{name}", kinds[name], item)
            else:
                yield f"Unknown setting '{prefix}{name}'. {_nearest(str(name), prefix, list(kinds))}"

    def alternatives(place: str, kinds: Iterable[inspect.Type], value: Any) -> Iterator[str]:
        """A mapping or a word in its place, or a value that may be null."""
        by_kind = {type(kind): kind for kind in kinds}
        mapping, word = by_kind.pop(inspect.StructType, None), by_kind.get(inspect.LiteralType)
        if isinstance(word, inspect.LiteralType) and mapping is not None and not isinstance(value, dict):
            if value not in word.values:
                yield wrong(place, f"a mapping or {', '.join(map(shown_value, word.values))}", value)
        elif mapping is not None:
            yield from problems(place, mapping, value)
        elif value is not None:
            by_kind.pop(inspect.NoneType)
            (kind,) = by_kind.values()
            yield from problems(place, kind, value)

    return problems("", inspect.type_info(Settings), content)


def shown_value(value: Any) -> str:
    """As the value would stand in a fixture document."""
    return f"'{value}'" if isinstance(value, str) else msgspec.json.encode(value).decode()


def _nearest(name: str, prefix: str, names: list[str]) -> str:
    from difflib import get_close_matches  # 4 ms that a start without mistakes need not pay

    matches = get_close_matches(name, names, n=1)
    if matches:
        return f"Did you mean '{prefix}{matches[0]}'?"
    return f"Known settings: {', '.join(prefix + known for known in sorted(names))}."
