from __future__ import annotations

from datetime import datetime

from tests.builders import create_user, event_data, messages
from tests.conftest import Client


def send_url(user_id: str) -> str:
    return f"/user_management/users/{user_id}/email_verification/send"


def test_send_answers_the_user(client: Client) -> None:
    user = create_user(client, email_verified=False)
    response = client.post(send_url(user["id"]))
    assert response.status_code == 200
    assert response.json() == {"user": user}


def test_mail_carries_a_code_that_the_api_shows_too(client: Client) -> None:
    user = create_user(client, email_verified=False)
    client.post(send_url(user["id"]))
    (message,) = messages(client)
    assert (message["kind"], message["to"]) == ("email_verification", "ada@example.com")
    assert (message["user_id"], message["link"], message["token"]) == (user["id"], None, None)
    assert message["code"] in message["text"]
    (created,) = event_data(client, "email_verification.created")
    shown = client.get(f"/user_management/email_verification/{created['id']}").json()
    assert shown == {**created, "code": message["code"]}


def test_verification_shows_its_members(client: Client) -> None:
    user = create_user(client, email_verified=False)
    client.post(send_url(user["id"]))
    (created,) = event_data(client, "email_verification.created")
    assert created == {
        "object": "email_verification",
        "id": created["id"],
        "user_id": user["id"],
        "email": "ada@example.com",
        "expires_at": created["expires_at"],
        "created_at": created["created_at"],
        "updated_at": created["created_at"],
    }
    ends, starts = (datetime.fromisoformat(created[name]) for name in ("expires_at", "created_at"))
    assert (ends - starts).total_seconds() == 600


def test_mail_switched_off_leaves_the_code_to_the_api(client: Client) -> None:
    client.change_settings(emails={"email_verification": False})
    user = create_user(client, email_verified=False)
    client.post(send_url(user["id"])).raise_for_status()
    assert messages(client) == []
    (created,) = event_data(client, "email_verification.created")
    assert len(client.get(f"/user_management/email_verification/{created['id']}").json()["code"]) == 6


def test_verified_user_needs_no_code(client: Client) -> None:
    user = create_user(client)
    response = client.post(send_url(user["id"]))
    assert response.status_code == 400
    assert response.json()["code"] == "email_already_verified"
    assert messages(client) == []


def test_unknown_user_is_not_found(client: Client) -> None:
    response = client.post(send_url("user_unknown"))
    assert response.status_code == 404
    assert response.json()["message"] == "User not found: 'user_unknown'."


def test_unknown_verification_is_not_found(client: Client) -> None:
    response = client.get("/user_management/email_verification/email_verification_unknown")
    assert response.status_code == 404
    assert response.json() == {
        "code": "entity_not_found",
        "message": "Email Verification not found: 'email_verification_unknown'.",
        "entity_id": "email_verification_unknown",
    }


def test_creating_a_user_sends_nothing(client: Client) -> None:
    create_user(client, email_verified=False)
    assert messages(client) == []
    assert client.event_names() == ["user.created"]


def test_fixed_code_is_mailed(client: Client) -> None:
    client.change_settings(fixed_codes={"*@example.com": "000042"})
    client.post(send_url(create_user(client, email_verified=False)["id"]))
    assert client.latest_message("ada@example.com")["code"] == "000042"
