from __future__ import annotations

import pytest

from tests.builders import MAGIC_AUTH, create_magic_auth, create_user, event_data, list_sessions, wrong
from tests.conftest import Client


def test_code_signs_in(client: Client) -> None:
    user = create_user(client)
    code = create_magic_auth(client)["code"]
    response = client.authenticate(MAGIC_AUTH, email="ada@example.com", code=code)
    assert response.status_code == 200
    assert set(response.json()) == {"user", "access_token", "refresh_token", "authentication_method"}
    assert response.json()["authentication_method"] == "MagicAuth"
    (session,) = list_sessions(client, user["id"])
    assert session["auth_method"] == "magic_code"


def test_address_is_found_whatever_its_case(client: Client) -> None:
    code = create_magic_auth(client, "Ada@Example.com")["code"]
    assert client.authenticate(MAGIC_AUTH, email="aDA@example.com", code=code).status_code == 200


def test_code_proves_the_mailbox(client: Client) -> None:
    user = create_user(client, email_verified=False)
    code = create_magic_auth(client)["code"]
    answer = client.authenticate(MAGIC_AUTH, email="ada@example.com", code=code).json()
    assert answer["user"]["email_verified"] is True
    assert client.event_names() == [
        "user.created",
        "magic_auth.created",
        "authentication.magic_auth_succeeded",
        "user.updated",
        "session.created",
    ]
    assert event_data(client, "user.updated")[0]["id"] == user["id"]


def test_second_sign_in_updates_nothing(client: Client) -> None:
    create_user(client)
    code = create_magic_auth(client)["code"]
    client.authenticate(MAGIC_AUTH, email="ada@example.com", code=code)
    assert "user.updated" not in client.event_names()


def test_wrong_code_is_refused_and_recorded(client: Client) -> None:
    user = create_user(client)
    code = create_magic_auth(client)["code"]
    response = client.authenticate(MAGIC_AUTH, email="ada@example.com", code=wrong(code), user_agent="Mozilla/5.0")
    assert response.status_code == 400
    assert response.json() == {"code": "invalid_one_time_code", "message": "Invalid one-time code."}
    assert event_data(client, "authentication.magic_auth_failed") == [
        {
            "type": "magic_auth",
            "status": "failed",
            "ip_address": None,
            "user_agent": "Mozilla/5.0",
            "user_id": user["id"],
            "email": "ada@example.com",
            "error": {"code": "invalid_one_time_code", "message": "Invalid one-time code."},
        }
    ]


def test_wrong_code_does_not_spend_the_right_one(client: Client) -> None:
    code = create_magic_auth(client)["code"]
    client.authenticate(MAGIC_AUTH, email="ada@example.com", code=wrong(code))
    assert client.authenticate(MAGIC_AUTH, email="ada@example.com", code=code).status_code == 200


def test_unknown_address_gets_the_answer_of_a_wrong_code(client: Client) -> None:
    response = client.authenticate(MAGIC_AUTH, email="nobody@example.com", code="123456")
    assert response.status_code == 400
    assert response.json()["code"] == "invalid_one_time_code"
    assert event_data(client, "authentication.magic_auth_failed")[0]["user_id"] is None


def test_code_of_another_user_is_wrong(client: Client) -> None:
    client.change_settings(fixed_codes={"ada@*": "111111", "bob@*": "222222"})
    create_magic_auth(client, "ada@example.com")
    create_magic_auth(client, "bob@example.com")
    response = client.authenticate(MAGIC_AUTH, email="ada@example.com", code="222222")
    assert response.json()["code"] == "invalid_one_time_code"


def test_used_code_is_refused(client: Client) -> None:
    code = create_magic_auth(client)["code"]
    client.authenticate(MAGIC_AUTH, email="ada@example.com", code=code)
    response = client.authenticate(MAGIC_AUTH, email="ada@example.com", code=code)
    assert response.status_code == 400
    assert response.json() == {
        "code": "one_time_code_previously_used",
        "message": "The one-time code has already been used.",
    }


@pytest.mark.parametrize(("seconds", "status"), [(590, 200), (600, 400)])
def test_code_is_valid_for_ten_minutes(client: Client, seconds: int, status: int) -> None:
    code = create_magic_auth(client)["code"]
    client.advance(seconds)
    response = client.authenticate(MAGIC_AUTH, email="ada@example.com", code=code)
    assert response.status_code == status
    if status == 400:
        assert response.json() == {
            "code": "one_time_code_expired",
            "message": "One-time code for 'ada@example.com' has expired.",
        }


def test_ten_wrong_tries_kill_a_code(client: Client) -> None:
    code = create_magic_auth(client)["code"]
    answers = [client.authenticate(MAGIC_AUTH, email="ada@example.com", code=wrong(code)).json() for _ in range(10)]
    assert {answer["code"] for answer in answers} == {"invalid_one_time_code"}
    for tried in (code, wrong(code)):
        response = client.authenticate(MAGIC_AUTH, email="ada@example.com", code=tried)
        assert response.status_code == 400
        assert response.json()["code"] == "one_time_code_too_many_attempts"


def test_new_code_works_after_too_many_tries(client: Client) -> None:
    client.change_settings(fixed_codes={"*": "424242"})
    create_magic_auth(client)
    for _ in range(11):
        client.authenticate(MAGIC_AUTH, email="ada@example.com", code="000000")
    create_magic_auth(client)
    assert client.authenticate(MAGIC_AUTH, email="ada@example.com", code="424242").status_code == 200


def test_newer_code_leaves_the_older_one_valid(client: Client) -> None:
    older, newer = create_magic_auth(client)["code"], create_magic_auth(client)["code"]
    for code in (newer, older):
        assert client.authenticate(MAGIC_AUTH, email="ada@example.com", code=code).status_code == 200


def test_code_sent_to_an_address_the_user_has_left_is_wrong(client: Client) -> None:
    user = create_user(client)
    code = create_magic_auth(client)["code"]
    client.put(f"/user_management/users/{user['id']}", json={"email": "new@example.com"}).raise_for_status()
    response = client.authenticate(MAGIC_AUTH, email="new@example.com", code=code)
    assert response.json()["code"] == "invalid_one_time_code"


def test_method_switched_off_is_refused(client: Client) -> None:
    code = create_magic_auth(client)["code"]
    client.change_settings(methods=["password"])
    response = client.authenticate(MAGIC_AUTH, email="ada@example.com", code=code)
    assert response.status_code == 400
    assert response.json()["error"] == "authentication_method_not_allowed"


def test_invalid_invitation_token_is_refused_and_spends_nothing(client: Client) -> None:
    code = create_magic_auth(client)["code"]
    response = client.authenticate(MAGIC_AUTH, email="ada@example.com", code=code, invitation_token="unknown")
    assert response.status_code == 400
    assert response.json()["error"] == "invitation_invalid"
    assert client.authenticate(MAGIC_AUTH, email="ada@example.com", code=code).status_code == 200


def test_older_name_of_the_grant_works(client: Client) -> None:
    code = create_magic_auth(client)["code"]
    response = client.authenticate(MAGIC_AUTH.removesuffix(":code"), email="ada@example.com", code=code)
    assert response.json()["authentication_method"] == "MagicAuth"


@pytest.mark.fault("B21")
def test_user_may_be_named_by_id_in_the_place_of_the_address(client: Client) -> None:
    user = create_user(client)
    code = create_magic_auth(client)["code"]
    answer = client.authenticate(MAGIC_AUTH, code=code, user_id=user["id"]).raise_for_status().json()
    assert (answer["user"]["id"], answer["authentication_method"]) == (user["id"], "MagicAuth")


@pytest.mark.fault("B21")
def test_unknown_user_id_is_not_found(client: Client) -> None:
    response = client.authenticate(MAGIC_AUTH, code="123456", user_id="user_none")
    assert (response.status_code, response.json()["message"]) == (404, "User not found: 'user_none'.")
