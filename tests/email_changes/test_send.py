from __future__ import annotations

from datetime import datetime
from typing import Any

import httpx
import pytest

from tests.builders import create_user, messages
from tests.conftest import Client


def send(client: Client, user: dict[str, Any], new_email: Any) -> httpx.Response:
    return client.post(f"/user_management/users/{user['id']}/email_change/send", json={"new_email": new_email})


def test_send_answers_the_user_with_the_old_address(client: Client) -> None:
    user = create_user(client)
    response = send(client, user, "New@example.com")
    change = response.json()
    assert response.status_code == 200
    assert change == {
        "object": "email_change",
        "user": user,
        "new_email": "New@example.com",
        "expires_at": change["expires_at"],
        "created_at": change["created_at"],
    }
    ends, starts = (datetime.fromisoformat(change[name]) for name in ("expires_at", "created_at"))
    assert (ends - starts).total_seconds() == 600


def test_code_goes_to_the_new_address_only(client: Client) -> None:
    user = create_user(client)
    response = send(client, user, "new@example.com")
    (message,) = messages(client)
    assert (message["kind"], message["to"], message["user_id"]) == ("email_change", "new@example.com", user["id"])
    assert message["expires_at"] == response.json()["expires_at"]
    assert message["code"] in message["text"]
    assert message["code"] not in response.text


def test_request_is_no_event_and_changes_nothing(client: Client) -> None:
    user = create_user(client)
    send(client, user, "new@example.com")
    assert client.event_names() == ["user.created"]
    assert client.get(f"/user_management/users/{user['id']}").json() == user


def test_mail_can_be_switched_off(client: Client) -> None:
    client.change_settings(emails={"email_change": False})
    assert send(client, create_user(client), "new@example.com").status_code == 200
    assert messages(client) == []


@pytest.mark.parametrize("email", ["ada@example.com", "ADA@Example.com"])
def test_address_that_the_user_has_needs_no_change(client: Client, email: str) -> None:
    response = send(client, create_user(client), email)
    assert response.status_code == 409
    assert response.json()["code"] == "email_change_not_needed"
    assert messages(client) == []


def test_address_of_another_user_is_not_available(client: Client) -> None:
    create_user(client, "bob@example.com")
    response = send(client, create_user(client), "BOB@example.com")
    assert response.status_code == 409
    assert response.json() == {"code": "email_not_available", "message": "This email is not available."}


def test_text_that_is_no_address_is_refused(client: Client) -> None:
    response = send(client, create_user(client), "new")
    assert response.status_code == 422
    assert response.json()["code"] == "invalid_email"


@pytest.mark.parametrize("email", [None, "", 7])
def test_new_address_is_required(client: Client, email: Any) -> None:
    response = send(client, create_user(client), email)
    assert response.status_code == 422
    assert response.json()["code"] == "invalid_request_parameters"
    assert [error["field"] for error in response.json()["errors"]] == ["new_email"]


@pytest.mark.parametrize(("call", "body"), [("send", {"new_email": "new@example.com"}), ("confirm", {"code": "1"})])
def test_unknown_user_is_not_found(client: Client, call: str, body: dict[str, str]) -> None:
    response = client.post(f"/user_management/users/user_unknown/email_change/{call}", json=body)
    assert response.status_code == 404
    assert response.json()["message"] == "User not found: 'user_unknown'."
