from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.builders import create_magic_auth, create_user, event_data, messages
from tests.conftest import Client

URL = "/user_management/magic_auth"


def test_magic_auth_shows_its_code(client: Client) -> None:
    user = create_user(client)
    response = client.post(URL, json={"email": "ada@example.com"})
    created = response.json()
    assert response.status_code == 201
    assert created == {
        "object": "magic_auth",
        "id": created["id"],
        "user_id": user["id"],
        "email": "ada@example.com",
        "expires_at": created["expires_at"],
        "code": created["code"],
        "created_at": created["created_at"],
        "updated_at": created["created_at"],
    }
    assert created["id"].startswith("magic_auth_")
    assert len(created["code"]) == 6
    assert created["code"].isdigit()


def test_code_lives_ten_minutes(client: Client) -> None:
    created = create_magic_auth(client)
    ends, starts = (datetime.fromisoformat(created[name]) for name in ("expires_at", "created_at"))
    assert (ends - starts).total_seconds() == 600


def test_magic_auth_is_read_back_with_its_code(client: Client) -> None:
    created = create_magic_auth(client)
    assert client.get(f"{URL}/{created['id']}").json() == created


def test_unknown_magic_auth_is_not_found(client: Client) -> None:
    response = client.get(f"{URL}/magic_auth_invalid")
    assert response.status_code == 404
    assert response.json() == {
        "code": "entity_not_found",
        "message": "MagicAuth not found: 'magic_auth_invalid'.",
        "entity_id": "magic_auth_invalid",
    }


def test_unknown_address_becomes_an_unverified_user(client: Client) -> None:
    created = create_magic_auth(client, "New@Example.com")
    user = client.get(f"/user_management/users/{created['user_id']}").json()
    assert (user["email"], user["email_verified"]) == ("New@Example.com", False)
    assert client.event_names() == ["user.created", "magic_auth.created"]


def test_known_address_is_found_whatever_its_case(client: Client) -> None:
    user = create_user(client)
    assert create_magic_auth(client, "ADA@Example.com")["user_id"] == user["id"]


def test_event_does_not_tell_the_code(client: Client) -> None:
    created = create_magic_auth(client)
    code = created.pop("code")
    assert event_data(client, "magic_auth.created") == [created]
    assert code not in str(event_data(client, "user.created"))


def test_mail_carries_the_code(client: Client) -> None:
    created = create_magic_auth(client)
    (message,) = messages(client)
    assert (message["kind"], message["to"]) == ("magic_auth", "ada@example.com")
    assert (message["code"], message["link"], message["token"]) == (created["code"], None, None)
    assert (message["user_id"], message["expires_at"]) == (created["user_id"], created["expires_at"])
    assert created["code"] in message["text"]
    assert created["code"] in message["html"]


def test_mail_to_somebody_new_reads_otherwise(client: Client) -> None:
    create_magic_auth(client)
    create_magic_auth(client)
    first, second = messages(client)
    assert first["subject"] != second["subject"]


def test_mail_switched_off_leaves_the_code_to_the_api(client: Client) -> None:
    client.change_settings(emails={"magic_auth": False})
    created = create_magic_auth(client)
    assert messages(client) == []
    assert client.get(f"{URL}/{created['id']}").json()["code"] == created["code"]
    assert "magic_auth.created" in client.event_names()


def test_each_call_makes_a_code_of_its_own(client: Client) -> None:
    first, second = create_magic_auth(client), create_magic_auth(client)
    assert first["id"] != second["id"]
    assert first["user_id"] == second["user_id"]
    assert client.event_names() == ["user.created", "magic_auth.created", "magic_auth.created"]


@pytest.mark.parametrize(
    ("email", "code"), [("ci@example.com", "111111"), ("CI@Example.com", "111111"), ("x@test.dev", "000042")]
)
def test_fixed_code_belongs_to_a_pattern_of_addresses(client: Client, email: str, code: str) -> None:
    client.change_settings(fixed_codes={"ci@example.com": "111111", "*@test.dev": "000042"})
    assert create_magic_auth(client, email)["code"] == code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "email_string_required"),
        ({"email": ""}, "email_string_required"),
        ({"email": None}, "email_string_required"),
        ({"email": 7}, "email_string_required"),
        ({"email": "ada"}, "invalid_email"),
        ({"email": "ada@"}, "invalid_email"),
    ],
)
def test_address_is_required(client: Client, body: dict[str, Any], code: str) -> None:
    response = client.post(URL, json=body)
    assert response.status_code == 422
    assert [(error["field"], error["code"]) for error in response.json()["errors"]] == [("email", code)]
    assert client.event_names() == []


def test_method_switched_off_is_refused(client: Client) -> None:
    client.change_settings(methods=["password"])
    response = client.post(URL, json={"email": "ada@example.com"})
    assert response.status_code == 400
    assert response.json()["error"] == "authentication_method_not_allowed"
    assert response.json()["error_description"]


def test_closed_sign_up_refuses_an_unknown_address(client: Client) -> None:
    client.change_settings(sign_up="closed")
    response = client.post(URL, json={"email": "ada@example.com"})
    assert response.status_code == 400
    assert response.json()["error"] == "sign_up_not_allowed"
    assert client.get("/user_management/users").json()["data"] == []
    assert messages(client) == []


def test_closed_sign_up_lets_known_users_in(client: Client) -> None:
    client.change_settings(sign_up="closed")
    user = create_user(client)
    assert create_magic_auth(client)["user_id"] == user["id"]


def test_invalid_invitation_token_is_refused(client: Client) -> None:
    response = client.post(URL, json={"email": "ada@example.com", "invitation_token": "unknown"})
    assert response.status_code == 400
    assert response.json()["error"] == "invitation_invalid"
    assert client.event_names() == []


@pytest.mark.parametrize("token", ["", None])
def test_empty_invitation_token_counts_as_none(client: Client, token: str | None) -> None:
    assert create_magic_auth(client, invitation_token=token)["email"] == "ada@example.com"


def test_older_path_sends_a_code_and_answers_nothing(client: Client) -> None:
    response = client.post(f"{URL}/send", json={"email": "ada@example.com"})
    assert (response.status_code, response.content) == (200, b"")
    assert client.latest_message("ada@example.com")["kind"] == "magic_auth"
    assert client.event_names() == ["user.created", "magic_auth.created"]


def test_older_path_requires_an_address(client: Client) -> None:
    response = client.post(f"{URL}/send", json={})
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "email"
