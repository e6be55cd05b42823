"""The step `email_verification_required`, and the grant that takes it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import EMAIL_VERIFICATION, PASSWORD, create_user, event_data, list_sessions, messages, wrong
from tests.conftest import Client


def stopped(client: Client, **members: Any) -> dict[str, Any]:
    """The refusal of a password sign-in with an unverified address."""
    create_user(client, password=PASSWORD, email_verified=False)
    return again(client, **members)


def again(client: Client, **members: Any) -> dict[str, Any]:
    response = client.authenticate("password", email="ada@example.com", password=PASSWORD, **members)
    assert response.status_code == 403
    body: dict[str, Any] = response.json()
    return body


def code_of(client: Client, refusal: dict[str, Any]) -> str:
    verification = client.get(f"/user_management/email_verification/{refusal['email_verification_id']}")
    code: str = verification.raise_for_status().json()["code"]
    return code


def test_unverified_address_is_asked_for(client: Client) -> None:
    body = stopped(client)
    assert body == {
        "code": "email_verification_required",
        "message": "Email ownership must be verified before authentication.",
        "pending_authentication_token": body["pending_authentication_token"],
        "email": "ada@example.com",
        "email_verification_id": body["email_verification_id"],
    }
    assert len(body["pending_authentication_token"]) == 25
    assert body["pending_authentication_token"].isalnum()


def test_code_is_mailed_and_the_right_password_recorded(client: Client) -> None:
    body = stopped(client)
    assert client.latest_message("ada@example.com")["code"] == code_of(client, body)
    assert client.event_names() == [
        "user.created",
        "authentication.password_succeeded",
        "email_verification.created",
    ]


def test_unverified_user_has_no_session_and_no_stamp(client: Client) -> None:
    stopped(client)
    (user,) = client.get("/user_management/users").json()["data"]
    assert user["last_sign_in_at"] is None
    assert list_sessions(client, user["id"]) == []


def test_wrong_password_of_an_unverified_user_sends_no_mail(client: Client) -> None:
    create_user(client, password=PASSWORD, email_verified=False)
    response = client.authenticate("password", email="ada@example.com", password="another-password")
    assert response.json()["code"] == "invalid_credentials"
    assert messages(client) == []


def test_setting_off_lets_an_unverified_user_in(client: Client) -> None:
    client.change_settings(email_verification="off")
    create_user(client, password=PASSWORD, email_verified=False)
    response = client.authenticate("password", email="ada@example.com", password=PASSWORD)
    assert response.status_code == 200
    assert response.json()["user"]["email_verified"] is False
    assert messages(client) == []


def redeem(client: Client, refusal: dict[str, Any], code: str, **members: Any) -> Any:
    token = refusal["pending_authentication_token"]
    return client.authenticate(EMAIL_VERIFICATION, code=code, pending_authentication_token=token, **members)


def test_code_finishes_the_sign_in(client: Client) -> None:
    body = stopped(client)
    response = redeem(client, body, code_of(client, body))
    assert response.status_code == 200
    assert set(response.json()) == {"user", "access_token", "refresh_token", "authentication_method"}
    assert response.json()["authentication_method"] == "Password"
    assert response.json()["user"]["email_verified"] is True
    assert client.event_names()[3:] == [
        "authentication.email_verification_succeeded",
        "user.updated",
        "session.created",
    ]
    assert event_data(client, "session.created")[0]["auth_method"] == "password"


def test_device_of_the_first_step_goes_on_the_session(client: Client) -> None:
    body = stopped(client, ip_address="192.0.2.1", user_agent="Mozilla/5.0")
    user_id = redeem(client, body, code_of(client, body)).json()["user"]["id"]
    (session,) = list_sessions(client, user_id)
    assert (session["ip_address"], session["user_agent"]) == ("192.0.2.1", "Mozilla/5.0")


def test_device_of_the_later_step_outweighs_it(client: Client) -> None:
    body = stopped(client, ip_address="192.0.2.1")
    redeem(client, body, code_of(client, body), ip_address="192.0.2.2")
    assert event_data(client, "session.created")[0]["ip_address"] == "192.0.2.2"
    assert event_data(client, "authentication.email_verification_succeeded")[0]["ip_address"] == "192.0.2.2"


def test_next_sign_in_is_not_stopped(client: Client) -> None:
    body = stopped(client)
    redeem(client, body, code_of(client, body))
    assert client.authenticate("password", email="ada@example.com", password=PASSWORD).status_code == 200


def test_older_name_of_the_grant_works(client: Client) -> None:
    body = stopped(client)
    response = client.authenticate(
        EMAIL_VERIFICATION.removesuffix(":code"),
        code=code_of(client, body),
        pending_authentication_token=body["pending_authentication_token"],
    )
    assert response.status_code == 200


def test_wrong_code_is_refused_and_recorded_and_spends_neither_code_nor_token(client: Client) -> None:
    body = stopped(client)
    code = code_of(client, body)
    response = redeem(client, body, wrong(code))
    assert response.status_code == 400
    assert response.json() == {"code": "invalid_one_time_code", "message": "Invalid one-time code."}
    (failure,) = event_data(client, "authentication.email_verification_failed")
    assert (failure["email"], failure["error"]) == ("ada@example.com", response.json())
    assert redeem(client, body, code).status_code == 200


@pytest.mark.parametrize(("seconds", "code"), [(590, None), (600, "one_time_code_expired")])
def test_code_is_valid_for_ten_minutes(client: Client, seconds: int, code: str | None) -> None:
    client.change_settings(lifetimes={"pending_authentication": 3600})
    body = stopped(client)
    client.advance(seconds)
    response = redeem(client, body, code_of(client, body))
    assert response.status_code == (200 if code is None else 400)
    assert response.json().get("code") == code


def test_used_code_is_refused(client: Client) -> None:
    first = stopped(client)
    second = again(client)
    code = code_of(client, first)
    redeem(client, first, code)
    response = redeem(client, second, code)
    assert response.status_code == 400
    assert response.json()["code"] == "one_time_code_previously_used"


def test_ten_wrong_tries_kill_a_code(client: Client) -> None:
    body = stopped(client)
    code = code_of(client, body)
    for _ in range(10):
        assert redeem(client, body, wrong(code)).json()["code"] == "invalid_one_time_code"
    response = redeem(client, body, code)
    assert response.status_code == 400
    assert response.json()["code"] == "one_time_code_too_many_attempts"


def test_newer_code_leaves_the_older_one_valid(client: Client) -> None:
    older, newer = stopped(client), again(client)
    assert redeem(client, newer, code_of(client, older)).status_code == 200


def test_mail_switched_off_leaves_the_code_to_the_api(client: Client) -> None:
    client.change_settings(emails={"email_verification": False})
    body = stopped(client)
    assert messages(client) == []
    assert redeem(client, body, code_of(client, body)).status_code == 200
