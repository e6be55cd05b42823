"""Builders: the shortest way to what a test is about, with everything it might depend on as a parameter."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import jwt
import pyotp

from tests.conftest import Client

PASSWORD = "secure-password"


def create_user(client: Client, email: str = "ada@example.com", **attributes: Any) -> dict[str, Any]:
    """A verified user, unless `email_verified` says otherwise."""
    body = {"email": email, "email_verified": True, **attributes}
    user: dict[str, Any] = client.post("/user_management/users", json=body).raise_for_status().json()
    return user


def sign_in(client: Client, email: str = "ada@example.com", password: str = PASSWORD, **members: Any) -> dict[str, Any]:
    """The success body of a password sign-in."""
    response = client.authenticate("password", email=email, password=password, **members)
    answer: dict[str, Any] = response.raise_for_status().json()
    return answer


def at_sign_in(user: dict[str, Any]) -> dict[str, Any]:
    """The user as the answers of authenticate show it."""
    return {name: value for name, value in user.items() if name != "metadata"}


def enroll_totp(client: Client, user_id: str, **members: Any) -> dict[str, Any]:
    """`authentication_factor` with its secret, and `authentication_challenge`."""
    response = client.post(f"/user_management/users/{user_id}/auth_factors", json={"type": "totp", **members})
    enrolled: dict[str, Any] = response.raise_for_status().json()
    return enrolled


def totp_code(client: Client, secret: str) -> str:
    """What an authenticator app shows now, by the clock of the environment."""
    now = client.get("/_emulate/clock").raise_for_status().json()["now"]
    return pyotp.TOTP(secret).at(datetime.fromisoformat(now))


MAGIC_AUTH = "urn:workos:oauth:grant-type:magic-auth:code"
EMAIL_VERIFICATION = "urn:workos:oauth:grant-type:email-verification:code"
MFA_TOTP = "urn:workos:oauth:grant-type:mfa-totp"


def create_code(client: Client, user: dict[str, Any], **members: Any) -> str:
    """An authorization code, as `authorize` sends it to the app."""
    response = client.post("/_emulate/codes", json={"user_id": user["id"], **members})
    code: str = response.raise_for_status().json()["code"]
    return code


def create_magic_auth(client: Client, email: str = "ada@example.com", **members: Any) -> dict[str, Any]:
    response = client.post("/user_management/magic_auth", json={"email": email, **members})
    magic_auth: dict[str, Any] = response.raise_for_status().json()
    return magic_auth


def create_password_reset(client: Client, email: str = "ada@example.com") -> dict[str, Any]:
    response = client.post("/user_management/password_reset", json={"email": email})
    reset: dict[str, Any] = response.raise_for_status().json()
    return reset


def challenge_factor(client: Client, factor_id: str, **members: Any) -> dict[str, Any]:
    response = client.post(f"/auth/factors/{factor_id}/challenge", json=members)
    challenge: dict[str, Any] = response.raise_for_status().json()
    return challenge


def list_sessions(client: Client, user_id: str, **query: Any) -> list[dict[str, Any]]:
    response = client.get(f"/user_management/users/{user_id}/sessions", params=query)
    sessions: list[dict[str, Any]] = response.raise_for_status().json()["data"]
    return sessions


def state(client: Client, collection: str) -> list[dict[str, Any]]:
    """What the environment keeps under a name of the fixture format."""
    objects: list[dict[str, Any]] = client.get("/_emulate/state").raise_for_status().json().get(collection, [])
    return objects


def event_data(client: Client, name: str) -> list[dict[str, Any]]:
    """The payloads of all events of a name, oldest first."""
    return [event["data"] for event in state(client, "events") if event["event"] == name]


def messages(client: Client, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/_emulate/inbox", params=query).raise_for_status().json()["data"]
    return found


def wrong(code: str) -> str:
    """Another six digits."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


def claims(access_token: str) -> dict[str, Any]:
    """What a token says, unverified."""
    content: dict[str, Any] = jwt.decode(access_token, options={"verify_signature": False})
    return content
