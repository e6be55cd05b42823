from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.builders import PASSWORD, create_user, event_data, sign_in, wrong
from tests.conftest import Client


class Pending:
    """A user to whose new address a code was sent."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.user = create_user(client, password=PASSWORD)
        self.code = self.send("new@example.com")

    @property
    def url(self) -> str:
        return f"/user_management/users/{self.user['id']}/email_change"

    def send(self, new_email: str) -> str:
        self.client.post(f"{self.url}/send", json={"new_email": new_email}).raise_for_status()
        code: str = self.client.latest_message(new_email)["code"]
        return code

    def confirm(self, code: Any) -> httpx.Response:
        return self.client.post(f"{self.url}/confirm", json={"code": code})


@pytest.fixture
def pending(client: Client) -> Pending:
    return Pending(client)


def test_right_code_moves_the_user_to_the_new_address(pending: Pending) -> None:
    pending.client.advance(1)
    response = pending.confirm(pending.code)
    user = response.json()["user"]
    assert response.status_code == 200
    assert response.json() == {"object": "email_change_confirmation", "user": user}
    assert user == {**pending.user, "email": "new@example.com", "updated_at": user["updated_at"]}
    assert user["updated_at"] > pending.user["updated_at"]


def test_new_address_is_proved(client: Client) -> None:
    pending = Pending(client)
    url = f"/user_management/users/{pending.user['id']}"
    client.put(url, json={"email": "unverified@example.com"}).raise_for_status()
    assert pending.confirm(pending.code).json()["user"]["email_verified"] is True


def test_change_is_one_user_updated(pending: Pending) -> None:
    user = pending.confirm(pending.code).json()["user"]
    assert pending.client.event_names() == ["user.created", "user.updated"]
    assert event_data(pending.client, "user.updated") == [user]


def test_user_signs_in_with_the_new_address_only(pending: Pending) -> None:
    pending.confirm(pending.code)
    assert sign_in(pending.client, "NEW@example.com")["user"]["id"] == pending.user["id"]
    response = pending.client.authenticate("password", email="ada@example.com", password=PASSWORD)
    assert response.json()["code"] == "invalid_credentials"


def test_old_address_is_free_again(pending: Pending) -> None:
    pending.confirm(pending.code)
    assert create_user(pending.client, "ada@example.com")["id"] != pending.user["id"]


def test_wrong_code_is_refused_and_leaves_the_right_one_valid(pending: Pending) -> None:
    response = pending.confirm(wrong(pending.code))
    assert response.status_code == 400
    assert response.json() == {"code": "email_change_code_incorrect", "message": "Email change code is incorrect."}
    assert pending.confirm(pending.code).status_code == 200


@pytest.mark.parametrize(("seconds", "status", "code"), [(590, 200, None), (600, 400, "email_change_code_expired")])
def test_code_is_valid_for_ten_minutes(pending: Pending, seconds: int, status: int, code: str | None) -> None:
    pending.client.advance(seconds)
    response = pending.confirm(pending.code)
    assert (response.status_code, response.json().get("code")) == (status, code)


def test_used_code_is_refused(pending: Pending) -> None:
    pending.confirm(pending.code)
    response = pending.confirm(pending.code)
    assert response.status_code == 409
    assert response.json()["code"] == "email_change_code_previously_used"


def test_ten_wrong_tries_kill_a_code(pending: Pending) -> None:
    codes = {pending.confirm(wrong(pending.code)).json()["code"] for _ in range(10)}
    assert codes == {"email_change_code_incorrect"}
    response = pending.confirm(pending.code)
    assert response.status_code == 429
    assert response.json()["code"] == "email_change_too_many_attempts"


def test_new_code_works_after_too_many_tries(pending: Pending) -> None:
    for _ in range(11):
        pending.confirm(wrong(pending.code))
    assert pending.confirm(pending.send("new@example.com")).status_code == 200


def test_no_change_is_pending_without_a_request(client: Client) -> None:
    user = create_user(client)
    response = client.post(f"/user_management/users/{user['id']}/email_change/confirm", json={"code": "123456"})
    assert response.status_code == 409
    assert response.json()["code"] == "no_pending_email_change"


def test_no_change_is_pending_after_a_confirmation(pending: Pending) -> None:
    pending.confirm(pending.code)
    response = pending.confirm(wrong(pending.code))
    assert response.status_code == 409
    assert response.json()["code"] == "no_pending_email_change"


def test_newer_request_takes_the_place_of_the_older(pending: Pending) -> None:
    pending.client.change_settings(fixed_codes={"other@*": wrong(pending.code)})
    newer = pending.send("other@example.com")
    assert pending.confirm(pending.code).json()["code"] == "email_change_code_incorrect"
    assert pending.confirm(newer).json()["user"]["email"] == "other@example.com"


def test_older_code_for_the_same_address_stays_valid(pending: Pending) -> None:
    newer = pending.send("new@example.com")
    assert pending.confirm(pending.code).json()["user"]["email"] == "new@example.com"
    assert pending.confirm(newer).json()["code"] == "email_change_code_previously_used"


def test_address_taken_meanwhile_is_not_available(pending: Pending) -> None:
    other = create_user(pending.client, "new@example.com")
    response = pending.confirm(pending.code)
    assert response.status_code == 409
    assert response.json()["code"] == "email_not_available"
    pending.client.delete(f"/user_management/users/{other['id']}").raise_for_status()
    assert pending.confirm(pending.code).status_code == 200


def test_code_verifies_an_address_that_the_user_took_meanwhile(pending: Pending) -> None:
    url = f"/user_management/users/{pending.user['id']}"
    pending.client.put(url, json={"email": "new@example.com"}).raise_for_status()
    assert pending.confirm(pending.code).json()["user"]["email_verified"] is True


@pytest.mark.parametrize("code", [None, "", 123456])
def test_code_is_required(pending: Pending, code: Any) -> None:
    response = pending.confirm(code)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["code"]
