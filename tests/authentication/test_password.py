from __future__ import annotations

import pytest

from tests.builders import PASSWORD, at_sign_in, create_user, event_data, list_sessions, sign_in
from tests.conftest import Client


def test_right_password_answers_user_and_tokens_and_nothing_else(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    answer = sign_in(client)
    assert set(answer) == {"user", "access_token", "refresh_token", "authentication_method"}
    assert answer["authentication_method"] == "Password"
    assert answer["refresh_token"].isalnum()
    assert answer["user"] == {**at_sign_in(user), "last_sign_in_at": answer["user"]["last_sign_in_at"]}


def test_answer_already_shows_this_sign_in(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    assert user["last_sign_in_at"] is None
    answer = sign_in(client)
    assert answer["user"]["last_sign_in_at"] > user["created_at"]
    assert at_sign_in(client.get(f"/user_management/users/{user['id']}").json()) == answer["user"]


def test_address_is_found_whatever_its_case(client: Client) -> None:
    create_user(client, "Ada@Example.com", password=PASSWORD)
    assert sign_in(client, "aDA@eXAMPLE.COM")["user"]["email"] == "Ada@Example.com"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        pytest.param("ada@example.com", "another-password", id="wrong password"),
        pytest.param("nobody@example.com", PASSWORD, id="unknown address"),
        pytest.param("bob@example.com", PASSWORD, id="user without a password"),
    ],
)
def test_wrong_credentials_get_one_and_the_same_answer(client: Client, email: str, password: str) -> None:
    create_user(client, "ada@example.com", password=PASSWORD)
    create_user(client, "bob@example.com")
    response = client.authenticate("password", email=email, password=password)
    assert response.status_code == 400
    assert response.json() == {"code": "invalid_credentials", "message": f"Invalid credentials for '{email}'."}


def test_wrong_password_leaves_no_session_and_no_stamp(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    client.authenticate("password", email="ada@example.com", password="another-password")
    assert list_sessions(client, user["id"]) == []
    assert client.get(f"/user_management/users/{user['id']}").json() == user


def test_wrong_password_is_recorded(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    client.authenticate("password", email="ADA@example.com", password="another-password", ip_address="192.0.2.1")
    assert event_data(client, "authentication.password_failed") == [
        {
            "type": "password",
            "status": "failed",
            "ip_address": "192.0.2.1",
            "user_agent": None,
            "user_id": user["id"],
            "email": "ADA@example.com",
            "error": {"code": "invalid_credentials", "message": "Invalid credentials for 'ADA@example.com'."},
        }
    ]


def test_failure_for_an_unknown_address_names_no_user(client: Client) -> None:
    client.authenticate("password", email="nobody@example.com", password=PASSWORD)
    (failure,) = event_data(client, "authentication.password_failed")
    assert failure["user_id"] is None
    assert failure["email"] == "nobody@example.com"


def test_events_of_a_sign_in_come_in_order(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    sign_in(client, ip_address="192.0.2.1", user_agent="Mozilla/5.0")
    assert client.event_names() == ["user.created", "authentication.password_succeeded", "session.created"]
    assert event_data(client, "authentication.password_succeeded") == [
        {
            "type": "password",
            "status": "succeeded",
            "ip_address": "192.0.2.1",
            "user_agent": "Mozilla/5.0",
            "user_id": user["id"],
            "email": "ada@example.com",
        }
    ]


def test_session_knows_the_device_that_the_body_names(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    sign_in(client, ip_address="192.0.2.1", user_agent="Mozilla/5.0")
    (session,) = list_sessions(client, user["id"])
    assert (session["ip_address"], session["user_agent"]) == ("192.0.2.1", "Mozilla/5.0")
    assert event_data(client, "session.created") == [session]


def test_device_is_null_without_the_members_whatever_the_headers_say(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    sign_in(client, ip_address=None)
    (session,) = list_sessions(client, user["id"])
    assert (session["ip_address"], session["user_agent"]) == (None, None)


def test_no_user_updated_for_the_stamp_of_a_sign_in(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    client.advance(60)
    assert sign_in(client)["user"]["updated_at"] == user["updated_at"]
    assert "user.updated" not in client.event_names()


def test_password_sign_in_switched_off_answers_403(client: Client) -> None:
    create_user(client, password=PASSWORD)
    client.change_settings(methods=["magic_auth"])
    response = client.authenticate("password", email="ada@example.com", password=PASSWORD)
    assert response.status_code == 403
    assert response.json()["code"] == "email_password_auth_disabled"


def test_password_that_the_policy_would_refuse_still_signs_in(client: Client) -> None:
    client.change_settings(password_policy="off")
    create_user(client, password="pw")
    client.change_settings(password_policy={"minimum_length": 10, "minimum_score": 3})
    assert sign_in(client, password="pw")["user"]["email"] == "ada@example.com"


def test_invitation_token_must_be_valid_before_the_password_counts(client: Client) -> None:
    create_user(client, password=PASSWORD)
    response = client.authenticate("password", email="ada@example.com", password="x", invitation_token="unknown")
    assert response.status_code == 400
    assert response.json()["error"] == "invitation_invalid"
    assert response.json()["error_description"]
    assert client.event_names() == ["user.created"]


def test_each_sign_in_is_a_session_of_its_own(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    first, second = sign_in(client), sign_in(client)
    assert first["refresh_token"] != second["refresh_token"]
    assert len(list_sessions(client, user["id"])) == 2
