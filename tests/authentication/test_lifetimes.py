"""The setting `lifetimes` says how long each kind of code and token lives."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import (
    EMAIL_VERIFICATION,
    MAGIC_AUTH,
    PASSWORD,
    challenge_factor,
    create_code,
    create_magic_auth,
    create_password_reset,
    create_user,
)
from tests.conftest import Client


class Attempt:
    """Obtains a code or token at once; `redeem` tells whether it still counts."""

    def __init__(self, client: Client, kind: str) -> None:
        self.client = client
        self.obtained: Any = getattr(self, f"obtain_{kind}")()
        self.redeem = getattr(self, f"redeem_{kind}")

    def obtain_one_time_code(self) -> str:
        code: str = create_magic_auth(self.client)["code"]
        return code

    def redeem_one_time_code(self) -> bool:
        return self.client.authenticate(MAGIC_AUTH, email="ada@example.com", code=self.obtained).is_success

    def obtain_authorization_code(self) -> str:
        return create_code(self.client, create_user(self.client))

    def redeem_authorization_code(self) -> bool:
        return self.client.authenticate("authorization_code", code=self.obtained).is_success

    def obtain_password_reset(self) -> str:
        create_user(self.client)
        token: str = create_password_reset(self.client)["password_reset_token"]
        return token

    def redeem_password_reset(self) -> bool:
        body = {"token": self.obtained, "new_password": "new-secure-password"}
        return self.client.post("/user_management/password_reset/confirm", json=body).is_success

    def obtain_authentication_challenge(self) -> Any:
        factor = self.client.post("/auth/factors/enroll", json={"type": "generic_otp"}).json()
        return challenge_factor(self.client, factor["id"])

    def redeem_authentication_challenge(self) -> bool:
        url = f"/auth/challenges/{self.obtained['id']}/verify"
        return self.client.post(url, json={"code": self.obtained["code"]}).is_success

    def obtain_pending_authentication(self) -> str:
        create_user(self.client, password=PASSWORD, email_verified=False)
        body = self.client.authenticate("password", email="ada@example.com", password=PASSWORD).json()
        token: str = body["pending_authentication_token"]
        return token

    def redeem_pending_authentication(self) -> bool:
        code = self.client.latest_message("ada@example.com")["code"]
        return self.client.authenticate(
            EMAIL_VERIFICATION, code=code, pending_authentication_token=self.obtained
        ).is_success

    def obtain_impersonation(self) -> str:
        code = create_code(self.client, create_user(self.client), impersonator={"email": "admin@example.com"})
        token: str = self.client.authenticate("authorization_code", code=code).json()["refresh_token"]
        return token

    def redeem_impersonation(self) -> bool:
        return self.client.authenticate("refresh_token", refresh_token=self.obtained).is_success


@pytest.mark.parametrize(
    "kind",
    [
        "one_time_code",
        "authorization_code",
        "password_reset",
        "authentication_challenge",
        "pending_authentication",
        "impersonation",
    ],
)
@pytest.mark.parametrize(("seconds", "counts"), [(60, True), (120, False)])
def test_lifetime_is_what_was_set(client: Client, kind: str, seconds: int, counts: bool) -> None:
    client.change_settings(lifetimes={kind: 90})
    attempt = Attempt(client, kind)
    client.advance(seconds)
    assert attempt.redeem() is counts


def test_change_of_a_lifetime_leaves_what_is_out_alone(client: Client) -> None:
    attempt = Attempt(client, "one_time_code")
    client.change_settings(lifetimes={"one_time_code": 1})
    client.advance(60)
    assert attempt.redeem()
