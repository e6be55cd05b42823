"""Several steps after one another, and the pending token that connects them (contract: authentication, section 3)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.authenticator import totp
from tests.builders import (
    EMAIL_VERIFICATION,
    MFA_TOTP,
    PASSWORD,
    challenge_factor,
    create_user,
    enroll_totp,
    list_sessions,
    messages,
)
from tests.conftest import Client


class User:
    """An unverified user with a TOTP factor."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.id = create_user(client, password=PASSWORD, email_verified=False)["id"]
        self.factor = enroll_totp(client, self.id)["authentication_factor"]

    def password(self, **members: Any) -> dict[str, Any]:
        response = self.client.authenticate("password", email="ada@example.com", password=PASSWORD, **members)
        body: dict[str, Any] = response.json()
        return body

    def verify_email(self, pending: str, **members: Any) -> httpx.Response:
        code = self.client.latest_message("ada@example.com")["code"]
        return self.client.authenticate(EMAIL_VERIFICATION, code=code, pending_authentication_token=pending, **members)

    def pass_totp(self, pending: str, code: str | None = None) -> httpx.Response:
        return self.client.authenticate(
            MFA_TOTP,
            code=code or totp(self.client, self.factor["totp"]["secret"]),
            pending_authentication_token=pending,
            authentication_challenge_id=challenge_factor(self.client, self.factor["id"])["id"],
        )


@pytest.fixture
def user(client: Client) -> User:
    return User(client)


def test_unverified_user_with_a_factor_takes_both_steps(user: User) -> None:
    first = user.password(ip_address="192.0.2.1", user_agent="Mozilla/5.0")
    assert first["code"] == "email_verification_required"
    second = user.verify_email(first["pending_authentication_token"])
    assert (second.status_code, second.json()["code"]) == (403, "mfa_challenge")
    assert second.json()["user"]["email_verified"] is True
    answer = user.pass_totp(second.json()["pending_authentication_token"])
    assert answer.json()["authentication_method"] == "Password"
    (session,) = list_sessions(user.client, user.id)
    assert (session["ip_address"], session["user_agent"]) == ("192.0.2.1", "Mozilla/5.0")


def test_events_of_both_steps_come_in_order(user: User) -> None:
    first = user.password()
    second = user.verify_email(first["pending_authentication_token"]).json()
    user.pass_totp(second["pending_authentication_token"]).raise_for_status()
    assert user.client.event_names() == [
        "user.created",
        "authentication.password_succeeded",
        "email_verification.created",
        "authentication.email_verification_succeeded",
        "user.updated",
        "authentication.mfa_succeeded",
        "session.created",
    ]


def test_each_step_hands_out_a_new_token_and_spends_the_old_one(user: User) -> None:
    first = user.password()["pending_authentication_token"]
    second = user.verify_email(first).json()["pending_authentication_token"]
    assert first != second
    assert user.pass_totp(first).json()["code"] == "invalid_pending_authentication_token"
    assert user.pass_totp(second).status_code == 200


def test_later_step_taken_early_does_not_bypass_the_earlier_one(user: User) -> None:
    first = user.password()["pending_authentication_token"]
    early = user.pass_totp(first)
    assert (early.status_code, early.json()["code"]) == (403, "email_verification_required")
    assert list_sessions(user.client, user.id) == []


def test_second_factor_proved_early_is_not_asked_for_again(user: User) -> None:
    first = user.password()["pending_authentication_token"]
    early = user.pass_totp(first).json()
    answer = user.verify_email(early["pending_authentication_token"])
    assert answer.status_code == 200
    assert len(list_sessions(user.client, user.id)) == 1


def test_step_repeated_for_a_verified_user_still_asks_for_the_factor(user: User) -> None:
    first = user.password()
    user.verify_email(first["pending_authentication_token"])
    challenged = user.password()["pending_authentication_token"]
    response = user.verify_email(challenged)
    assert response.json()["code"] == "one_time_code_previously_used"
    assert list_sessions(user.client, user.id) == []


def test_success_spends_the_token(user: User) -> None:
    user.client.change_settings(email_verification="off")
    pending = user.password()["pending_authentication_token"]
    user.pass_totp(pending).raise_for_status()
    user.client.advance(30)
    response = user.pass_totp(pending)
    assert response.status_code == 400
    assert response.json() == {
        "code": "invalid_pending_authentication_token",
        "message": f"The pending_authentication_token '{pending}' has expired or is invalid.",
    }
    assert len(list_sessions(user.client, user.id)) == 1


def test_wrong_code_does_not_spend_the_token(user: User) -> None:
    user.client.change_settings(email_verification="off")
    pending = user.password()["pending_authentication_token"]
    assert user.pass_totp(pending, "abcdef").json()["code"] == "invalid_one_time_code"
    assert user.pass_totp(pending).status_code == 200


@pytest.mark.parametrize(("seconds", "status"), [(590, 200), (600, 400)])
def test_token_is_valid_for_ten_minutes(user: User, seconds: int, status: int) -> None:
    user.client.change_settings(email_verification="off")
    pending = user.password()["pending_authentication_token"]
    user.client.advance(seconds)
    assert user.pass_totp(pending).status_code == status


@pytest.mark.parametrize("grant_type", [EMAIL_VERIFICATION, MFA_TOTP])
def test_unknown_token_is_refused_before_the_code_is_looked_at(client: Client, grant_type: str) -> None:
    response = client.authenticate(
        grant_type, code="123456", pending_authentication_token="unknown", authentication_challenge_id="unknown"
    )
    assert response.status_code == 400
    assert response.json() == {
        "code": "invalid_pending_authentication_token",
        "message": "The pending_authentication_token 'unknown' has expired or is invalid.",
    }
    assert client.event_names() == []


def test_token_of_a_deleted_user_is_refused(user: User) -> None:
    pending = user.password()["pending_authentication_token"]
    code = user.client.latest_message("ada@example.com")["code"]
    user.client.delete(f"/user_management/users/{user.id}").raise_for_status()
    response = user.client.authenticate(EMAIL_VERIFICATION, code=code, pending_authentication_token=pending)
    assert response.json()["code"] == "invalid_pending_authentication_token"


def test_each_attempt_has_a_token_and_a_mail_of_its_own(user: User) -> None:
    tokens = {user.password()["pending_authentication_token"] for _ in range(3)}
    assert len(tokens) == 3
    assert len(messages(user.client, kind="email_verification")) == 3
