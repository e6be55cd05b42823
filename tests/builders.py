"""Builders: the shortest way to what a test is about, with everything it might depend on as a parameter."""

from __future__ import annotations

from datetime import datetime
from typing import Any

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


def enroll_totp(client: Client, user_id: str, **members: Any) -> dict[str, Any]:
    """`authentication_factor` with its secret, and `authentication_challenge`."""
    response = client.post(f"/user_management/users/{user_id}/auth_factors", json={"type": "totp", **members})
    enrolled: dict[str, Any] = response.raise_for_status().json()
    return enrolled


def totp_code(client: Client, secret: str) -> str:
    """What an authenticator app shows now, by the clock of the environment."""
    now = client.get("/_emulate/clock").raise_for_status().json()["now"]
    return pyotp.TOTP(secret).at(datetime.fromisoformat(now))
