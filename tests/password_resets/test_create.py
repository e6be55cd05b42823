from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.builders import create_password_reset, create_user, event_data, messages
from tests.conftest import Client

URL = "/user_management/password_reset"


def test_password_reset_shows_token_and_url(client: Client) -> None:
    user = create_user(client)
    response = client.post(URL, json={"email": "ADA@example.com"})
    reset = response.json()
    assert response.status_code == 201
    assert set(reset) == {
        "object",
        "id",
        "user_id",
        "email",
        "password_reset_token",
        "password_reset_url",
        "expires_at",
        "created_at",
    }
    assert (reset["object"], reset["user_id"], reset["email"]) == ("password_reset", user["id"], "ada@example.com")
    assert len(reset["password_reset_token"]) == 25
    assert reset["password_reset_token"].isalnum()
    assert reset["password_reset_url"].endswith(f"/reset-password?token={reset['password_reset_token']}")


def test_token_lives_fifteen_minutes(client: Client) -> None:
    create_user(client)
    reset = create_password_reset(client)
    ends, starts = (datetime.fromisoformat(reset[name]) for name in ("expires_at", "created_at"))
    assert (ends - starts).total_seconds() == 900


def test_password_reset_is_read_back(client: Client) -> None:
    create_user(client)
    reset = create_password_reset(client)
    assert client.get(f"{URL}/{reset['id']}").json() == reset


def test_unknown_password_reset_is_not_found(client: Client) -> None:
    response = client.get(f"{URL}/password_reset_unknown")
    assert response.status_code == 404
    assert response.json() == {
        "code": "entity_not_found",
        "message": "Password Reset not found: 'password_reset_unknown'.",
        "entity_id": "password_reset_unknown",
    }


def test_event_tells_neither_token_nor_url(client: Client) -> None:
    create_user(client)
    reset = create_password_reset(client)
    token = reset.pop("password_reset_token")
    reset.pop("password_reset_url")
    assert event_data(client, "password_reset.created") == [reset]
    assert token not in client.get("/events", params={"events": "password_reset.created"}).text


def test_mail_carries_the_link(client: Client) -> None:
    user = create_user(client)
    reset = create_password_reset(client)
    (message,) = messages(client)
    assert (message["kind"], message["to"], message["user_id"]) == ("password_reset", "ada@example.com", user["id"])
    assert (message["code"], message["token"]) == (None, reset["password_reset_token"])
    assert message["link"] == reset["password_reset_url"]
    assert message["expires_at"] == reset["expires_at"]
    assert message["link"] in message["text"]


def test_mail_switched_off_leaves_the_token_to_the_api(client: Client) -> None:
    client.change_settings(emails={"password_reset": False})
    create_user(client)
    assert create_password_reset(client)["password_reset_token"]
    assert messages(client) == []
    assert "password_reset.created" in client.event_names()


@pytest.mark.parametrize(
    ("url", "start"),
    [
        ("https://app.example.com/reset", "https://app.example.com/reset?token="),
        ("https://app.example.com/?page=reset", "https://app.example.com/?page=reset&token="),
        ("https://app.example.com/#/reset", "https://app.example.com/?token="),
    ],
)
def test_setting_points_the_link_at_the_app(client: Client, url: str, start: str) -> None:
    client.change_settings(password_reset_url=url)
    create_user(client)
    reset = create_password_reset(client)
    assert reset["password_reset_url"].startswith(start + reset["password_reset_token"])
    assert client.latest_message("ada@example.com")["link"] == reset["password_reset_url"]


def test_link_leads_to_a_page_of_our_own(client: Client) -> None:
    create_user(client)
    reset = create_password_reset(client)
    base = f"{str(client.base_url).rstrip('/')}/authkit/{client.client_id}"
    assert reset["password_reset_url"] == f"{base}/reset-password?token={reset['password_reset_token']}"
    page = client.keyless.get(reset["password_reset_url"], headers={"accept": "text/html"})
    assert page.status_code == 200
    assert 'data-testid="new_password-input"' in page.text


def test_unknown_address_is_not_found(client: Client) -> None:
    response = client.post(URL, json={"email": "nobody@example.com"})
    assert response.status_code == 404
    assert response.json()["code"] == "entity_not_found"
    assert response.json()["message"] == "User not found: 'nobody@example.com'."
    assert (messages(client), client.event_names()) == ([], [])


@pytest.mark.parametrize("body", [{}, {"email": ""}, {"email": None}, {"email": 7}])
def test_address_is_required(client: Client, body: dict[str, Any]) -> None:
    response = client.post(URL, json=body)
    assert response.status_code == 422
    assert response.json()["errors"] == [
        {"field": "email", "code": "email_string_required", "message": "Email must be a non-empty string."}
    ]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("", {"email": "ada@example.com"}),
        ("/send", {"email": "ada@example.com", "password_reset_url": "https://app.example.com"}),
        ("/confirm", {"token": "x", "new_password": "new-secure-password"}),
    ],
)
def test_password_sign_in_switched_off_is_refused(client: Client, path: str, body: dict[str, str]) -> None:
    create_user(client)
    client.change_settings(methods=["magic_auth"])
    response = client.post(f"{URL}{path}", json=body)
    assert response.status_code == 403
    assert response.json()["code"] == "email_password_auth_disabled"


def test_older_path_mails_a_link_to_the_url_it_names(client: Client) -> None:
    create_user(client)
    body = {"email": "ada@example.com", "password_reset_url": "https://app.example.com/reset?x=1"}
    response = client.post(f"{URL}/send", json=body)
    assert (response.status_code, response.content) == (201, b"")
    message = client.latest_message("ada@example.com")
    assert message["link"] == f"https://app.example.com/reset?x=1&token={message['token']}"


def test_older_path_requires_the_url(client: Client) -> None:
    create_user(client)
    response = client.post(f"{URL}/send", json={"email": "ada@example.com"})
    assert response.status_code == 422
    assert response.json()["errors"] == [
        {
            "field": "password_reset_url",
            "code": "password_reset_url_string_required",
            "message": "Password Reset Url must be a non-empty string.",
        }
    ]


@pytest.mark.fault("A13")
@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://a.example/\r\nX: y", "/reset", "http://["])
def test_older_path_mails_no_link_that_nobody_can_be_sent_to(client: Client, url: str) -> None:
    create_user(client)
    response = client.post(f"{URL}/send", json={"email": "ada@example.com", "password_reset_url": url})
    assert response.status_code == 422
    assert response.json()["errors"][0]["code"] == "password_reset_url_invalid"
    assert client.get("/_emulate/inbox").json()["data"] == []
