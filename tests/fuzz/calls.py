"""Calls over whatever a sequence has met: live, deleted, spent and expired."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.builders import EMAIL_VERIFICATION, MAGIC_AUTH, MFA_TOTP

EMAILS = ("ada@acme.test", "ben@acme.test", "cy@else.test")
PASSWORDS = ("correct-horse-battery", "another-horse-battery", "short")
SLUGS = ("member", "admin", "org-auditor")
MEMBERSHIPS = "/user_management/organization_memberships"
INVITATIONS = "/user_management/invitations"

Call = tuple[str, str, Any]
Any_ = Callable[[str, int], str]

CALLS: dict[str, Callable[[Any_, int, int], Call]] = {}
"""By name; `any(kind, number)` is one of the ids, codes or tokens of that kind that were seen."""


def call(function: Callable[[Any_, int, int], Call]) -> Callable[[Any_, int, int], Call]:
    CALLS[function.__name__] = function
    return function


def _grant(grant_type: str, **members: Any) -> Call:
    """`AUTHENTICATE` stands for the client's credentials, which the sequence adds."""
    return "POST", "/user_management/authenticate", {"grant_type": grant_type, **members}


@call
def create_user(_: Any_, first: int, second: int) -> Call:
    secret = {"password": PASSWORDS[second % 3]} if second % 4 else {}
    body = {"email": EMAILS[first % 3], "email_verified": second % 2 == 0, **secret}
    return "POST", "/user_management/users", body


@call
def get_user(any: Any_, first: int, _: int) -> Call:
    return "GET", f"/user_management/users/{any('user', first)}", None


@call
def update_user(any: Any_, first: int, second: int) -> Call:
    changes = (
        {"first_name": "Ada"},
        {"email": EMAILS[second % 3]},
        {"password": PASSWORDS[second % 3]},
        {"metadata": {"plan": "free"}},
        {"external_id": f"crm-{second % 2}"},
    )
    return "PUT", f"/user_management/users/{any('user', first)}", changes[second % 5]


@call
def delete_user(any: Any_, first: int, _: int) -> Call:
    return "DELETE", f"/user_management/users/{any('user', first)}", None


@call
def create_organization(_: Any_, first: int, second: int) -> Call:
    domains = [{"domain": "acme.test", "state": ("pending", "verified")[second % 2]}] if first % 2 else []
    return "POST", "/organizations", {"name": f"Of {first % 3}", "domain_data": domains}


@call
def update_organization(any: Any_, first: int, second: int) -> Call:
    body = {"name": f"Named {second % 3}", "external_id": f"crm-{second % 2}"}
    return "PUT", f"/organizations/{any('organization', first)}", body


@call
def delete_organization(any: Any_, first: int, _: int) -> Call:
    return "DELETE", f"/organizations/{any('organization', first)}", None


@call
def create_role(any: Any_, first: int, second: int) -> Call:
    scope = f"/organizations/{any('organization', first)}" if second % 3 == 2 else ""
    return "POST", f"/authorization{scope}/roles", {"slug": SLUGS[second % 3], "name": "Role"}


@call
def create_membership(any: Any_, first: int, second: int) -> Call:
    body = {"user_id": any("user", first), "organization_id": any("organization", second)}
    return "POST", MEMBERSHIPS, {**body, **({"role_slug": SLUGS[first % 3]} if second % 2 else {})}


@call
def change_membership(any: Any_, first: int, second: int) -> Call:
    path = f"{MEMBERSHIPS}/{any('organization_membership', first)}"
    changes: tuple[Call, ...] = (
        ("PUT", path, {"role_slug": SLUGS[second % 3]}),
        ("PUT", f"{path}/deactivate", None),
        ("PUT", f"{path}/reactivate", None),
        ("DELETE", path, None),
    )
    return changes[second % 4]


@call
def send_invitation(any: Any_, first: int, second: int) -> Call:
    organization = {"organization_id": any("organization", second)} if second % 3 else {}
    return "POST", INVITATIONS, {"email": EMAILS[first % 3], "expires_in_days": 1, **organization}


@call
def change_invitation(any: Any_, first: int, second: int) -> Call:
    change = ("accept", "revoke", "resend")[second % 3]
    return "POST", f"{INVITATIONS}/{any('invitation', first)}/{change}", None


@call
def send_magic_auth(_: Any_, first: int, __: int) -> Call:
    return "POST", "/user_management/magic_auth", {"email": EMAILS[first % 3]}


@call
def redeem_magic_auth(any: Any_, first: int, second: int) -> Call:
    invitation = {"invitation_token": any("token", second)} if second % 5 == 4 else {}
    return _grant(MAGIC_AUTH, email=EMAILS[second % 3], code=any("code", first), **invitation)


@call
def sign_in(_: Any_, first: int, second: int) -> Call:
    return _grant("password", email=EMAILS[first % 3], password=PASSWORDS[second % 3])


@call
def make_code(any: Any_, first: int, second: int) -> Call:
    organization = {"organization_id": any("organization", second)} if second % 2 else {}
    return "POST", "/_emulate/codes", {"user_id": any("user", first), **organization}


@call
def redeem_code(any: Any_, first: int, _: int) -> Call:
    return _grant("authorization_code", code=any("code", first))


@call
def refresh(any: Any_, first: int, second: int) -> Call:
    organization = {"organization_id": any("organization", second)} if second % 2 else {}
    return _grant("refresh_token", refresh_token=any("refresh_token", first), **organization)


@call
def choose_organization(any: Any_, first: int, second: int) -> Call:
    return _grant(
        "urn:workos:oauth:grant-type:organization-selection",
        pending_authentication_token=any("pending_authentication_token", first),
        organization_id=any("organization", second),
    )


@call
def send_verification(any: Any_, first: int, _: int) -> Call:
    return "POST", f"/user_management/users/{any('user', first)}/email_verification/send", None


@call
def confirm_verification(any: Any_, first: int, second: int) -> Call:
    path = f"/user_management/users/{any('user', first)}/email_verification/confirm"
    return "POST", path, {"code": any("code", second)}


@call
def verify_at_sign_in(any: Any_, first: int, second: int) -> Call:
    pending = any("pending_authentication_token", first)
    return _grant(EMAIL_VERIFICATION, pending_authentication_token=pending, code=any("code", second))


@call
def enrol(any: Any_, first: int, _: int) -> Call:
    return "POST", f"/user_management/users/{any('user', first)}/auth_factors", {"type": "totp"}


@call
def challenge(any: Any_, first: int, _: int) -> Call:
    return "POST", f"/auth/factors/{any('authentication_factor', first)}/challenge", {}


@call
def show_totp(any: Any_, first: int, _: int) -> Call:
    return "GET", f"/_emulate/totp/{any('authentication_factor', first)}", None


@call
def verify_challenge(any: Any_, first: int, second: int) -> Call:
    path = f"/auth/challenges/{any('authentication_challenge', first)}/verify"
    return "POST", path, {"code": any("code", second)}


@call
def answer_challenge(any: Any_, first: int, second: int) -> Call:
    return _grant(
        MFA_TOTP,
        pending_authentication_token=any("pending_authentication_token", first),
        authentication_challenge_id=any("authentication_challenge", second),
        code=any("code", first + second),
    )


@call
def delete_factor(any: Any_, first: int, _: int) -> Call:
    return "DELETE", f"/auth/factors/{any('authentication_factor', first)}", None


@call
def send_reset(_: Any_, first: int, __: int) -> Call:
    return "POST", "/user_management/password_reset", {"email": EMAILS[first % 3]}


@call
def confirm_reset(any: Any_, first: int, second: int) -> Call:
    body = {"token": any("password_reset_token", first), "new_password": PASSWORDS[second % 3]}
    return "POST", "/user_management/password_reset/confirm", body


@call
def revoke_session(any: Any_, first: int, _: int) -> Call:
    return "POST", "/user_management/sessions/revoke", {"session_id": any("session", first)}


@call
def list_something(any: Any_, first: int, second: int) -> Call:
    """From behind anything that was ever seen."""
    paths = (
        "/user_management/users?",
        "/organizations?",
        "/events?events=user.created&events=user.deleted&events=session.created&",
        f"/user_management/users?organization_id={any('organization', first)}&",
        f"{MEMBERSHIPS}?organization_id={any('organization', first)}&",
        f"{MEMBERSHIPS}?user_id={any('user', first)}&statuses=active&statuses=pending&",
        f"{INVITATIONS}?",
        f"/user_management/users/{any('user', first)}/sessions?",
        f"/user_management/users/{any('user', first)}/auth_factors?",
        "/authorization/permissions?",
    )
    kind = ("user", "organization", "event", "session")[second % 4]
    order = ("asc", "desc", "normal")[(first + second) % 3]
    cursor = f"&{('after', 'before')[second % 2]}={any(kind, second)}" if first % 3 else ""
    return "GET", f"{paths[first % len(paths)]}order={order}&limit={1 + second % 4}{cursor}", None


@call
def read_inbox(_: Any_, first: int, __: int) -> Call:
    return "GET", f"/_emulate/inbox?limit={1 + first}", None


@call
def empty_inbox(_: Any_, first: int, __: int) -> Call:
    return "DELETE", f"/_emulate/inbox?to={EMAILS[first % 3]}", None


@call
def move_clock(_: Any_, first: int, second: int) -> Call:
    """By up to a month, past every lifetime, or a little back."""
    seconds = (1, 60, 700, 3700, 90_000, 2_700_000)[first % 6] if second % 4 else -first * 30
    return "POST", "/_emulate/clock/advance", {"seconds": seconds}


@call
def set_clock(_: Any_, first: int, __: int) -> Call:
    return ("DELETE", "/_emulate/clock", None) if first % 2 else ("PUT", "/_emulate/clock", {"frozen": first % 4 == 0})


@call
def change_setting(_: Any_, first: int, second: int) -> Call:
    settings = (
        {"email_verification": ("required", "off")[second % 2]},
        {"mfa": ("enrolled", "off", "required")[second % 3]},
        {"sign_up": ("open", "closed")[second % 2]},
        {"totp_reuse": ("refuse", "allow")[second % 2]},
        {"multiple_roles": ("on", "off")[second % 2]},
        {"password_policy": "off" if second % 2 else {"minimum_length": 12}},
        {"session_inactivity": (None, 60)[second % 2]},
        {"methods": ["password", "magic_auth"] if second % 2 else ["magic_auth"]},
        {"events_order": ("asc", "request")[second % 2]},
        {"domain_verification": ("immediate", "manual")[second % 2]},
    )
    return "PATCH", "/_emulate/settings", settings[first % len(settings)]
