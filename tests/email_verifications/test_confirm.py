from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.builders import create_user, event_data, list_sessions, wrong
from tests.conftest import Client


class Pending:
    """An unverified user to whom a code was sent."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.user = create_user(client, email_verified=False)
        self.code = self.send()

    def send(self) -> str:
        self.client.post(f"{self.url}/send").raise_for_status()
        code: str = self.client.latest_message("ada@example.com")["code"]
        return code

    @property
    def url(self) -> str:
        return f"/user_management/users/{self.user['id']}/email_verification"

    def confirm(self, code: Any) -> httpx.Response:
        return self.client.post(f"{self.url}/confirm", json={"code": code})


@pytest.fixture
def pending(client: Client) -> Pending:
    return Pending(client)


def test_right_code_verifies_the_address(pending: Pending) -> None:
    response = pending.confirm(pending.code)
    assert response.status_code == 200
    assert set(response.json()) == {"user"}
    assert response.json()["user"]["email_verified"] is True
    assert pending.client.get(f"/user_management/users/{pending.user['id']}").json() == response.json()["user"]


def test_confirmation_is_a_user_updated_and_no_sign_in(pending: Pending) -> None:
    user = pending.confirm(pending.code).json()["user"]
    assert pending.client.event_names() == ["user.created", "email_verification.created", "user.updated"]
    assert event_data(pending.client, "user.updated") == [user]
    assert user["last_sign_in_at"] is None
    assert list_sessions(pending.client, user["id"]) == []


def test_wrong_code_is_refused_and_leaves_the_right_one_valid(pending: Pending) -> None:
    response = pending.confirm(wrong(pending.code))
    assert response.status_code == 400
    assert response.json() == {
        "code": "email_verification_code_incorrect",
        "message": "Email verification code is incorrect.",
    }
    assert pending.confirm(pending.code).status_code == 200


@pytest.mark.parametrize(
    ("seconds", "status", "code"), [(590, 200, None), (600, 400, "email_verification_code_expired")]
)
def test_code_is_valid_for_ten_minutes(pending: Pending, seconds: int, status: int, code: str | None) -> None:
    pending.client.advance(seconds)
    response = pending.confirm(pending.code)
    assert (response.status_code, response.json().get("code")) == (status, code)


def test_used_code_is_refused(pending: Pending) -> None:
    pending.confirm(pending.code)
    response = pending.confirm(pending.code)
    assert response.status_code == 400
    assert response.json()["code"] == "email_verification_code_previously_used"


def test_other_code_of_a_verified_user_is_refused(pending: Pending) -> None:
    pending.confirm(pending.code)
    response = pending.confirm(wrong(pending.code))
    assert response.status_code == 400
    assert response.json()["code"] == "email_previously_verified"


def test_ten_wrong_tries_kill_a_code(pending: Pending) -> None:
    codes = {pending.confirm(wrong(pending.code)).json()["code"] for _ in range(10)}
    assert codes == {"email_verification_code_incorrect"}
    response = pending.confirm(pending.code)
    assert response.status_code == 400
    assert response.json()["code"] == "one_time_code_too_many_attempts"


def test_new_code_works_after_too_many_tries(pending: Pending) -> None:
    for _ in range(11):
        pending.confirm(wrong(pending.code))
    assert pending.confirm(pending.send()).status_code == 200


def test_newer_code_leaves_the_older_one_valid(pending: Pending) -> None:
    pending.send()
    assert pending.confirm(pending.code).status_code == 200


def test_code_sent_to_an_address_the_user_has_left_is_wrong(pending: Pending) -> None:
    url = f"/user_management/users/{pending.user['id']}"
    pending.client.put(url, json={"email": "new@example.com"}).raise_for_status()
    assert pending.confirm(pending.code).json()["code"] == "email_verification_code_incorrect"


def test_code_of_another_user_is_wrong(pending: Pending) -> None:
    bob = create_user(pending.client, "bob@example.com", email_verified=False)
    url = f"/user_management/users/{bob['id']}/email_verification/confirm"
    response = pending.client.post(url, json={"code": pending.code})
    assert response.json()["code"] == "email_verification_code_incorrect"


@pytest.mark.parametrize("code", [None, "", 123456])
def test_code_is_required(pending: Pending, code: Any) -> None:
    response = pending.confirm(code)
    assert response.status_code == 422
    assert response.json()["errors"] == [
        {"field": "code", "code": "code_string_required", "message": "Code must be a non-empty string."}
    ]


def test_unknown_user_is_not_found(client: Client) -> None:
    response = client.post("/user_management/users/user_unknown/email_verification/confirm", json={"code": "123456"})
    assert response.status_code == 404
    assert response.json()["entity_id"] == "user_unknown"
