from __future__ import annotations

from typing import Any

import pytest

from tests.builders import create_user, sign_in
from tests.conftest import Client


def seed(client: Client, **document: Any) -> None:
    response = client.post("/_emulate/seed", json=document)
    assert (response.status_code, response.content) == (204, b""), response.text


def test_a_seed_adds_to_what_is_there(client: Client) -> None:
    create_user(client, "alan@example.com")
    seed(client, users=[{"email": "ada@example.com", "password": "pw", "email_verified": True}])
    assert sign_in(client, password="pw")
    assert len(client.get("/user_management/users").json()["data"]) == 2


def test_a_seed_changes_the_settings_it_names(client: Client) -> None:
    seed(client, settings={"mfa": "off"})
    settings = client.get("/_emulate/settings").json()
    assert (settings["mfa"], settings["email_verification"]) == ("off", "required")


def test_a_seed_is_gone_after_a_reset(client: Client) -> None:
    seed(client, users=[{"email": "ada@example.com"}], settings={"mfa": "off"})
    client.post("/_emulate/reset").raise_for_status()
    assert "users" not in client.get("/_emulate/state").json()
    assert client.get("/_emulate/settings").json()["mfa"] == "enrolled"


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"user": []}, "user: unknown key 'user'; did you mean 'users'?"),
        ({"users": [{"email": "alan@example.com"}]}, "users[0]: another object has the same email: 'alan@example"),
        ({"redirectUris": ["nowhere"]}, "redirectUris[0].uri: 'nowhere' is not an absolute URI such as "),
        (
            {"clock": {}},
            "clock: expected {offset_ms: …, frozen_ms: … or null} of the years 1970 to 2099, as a state has it.",
        ),
        ({"sessions": [{}]}, "sessions[0]: 'user_id' is missing."),
    ],
)
def test_a_seed_with_a_mistake_loads_nothing(client: Client, document: dict[str, Any], message: str) -> None:
    create_user(client, "alan@example.com")
    before = client.get("/_emulate/state").json()
    right = {"settings": {"mfa": "off"}, "users": [{"email": "ada@example.com"}, *document.pop("users", [])]}
    response = client.post("/_emulate/seed", json={**right, **document})
    assert (response.status_code, response.json()["code"]) == (422, "invalid_fixture")
    assert response.json()["message"].replace("users[1]", "users[0]").startswith(message)
    assert client.get("/_emulate/state").json() == before


def test_a_body_that_is_no_object_is_refused(client: Client) -> None:
    assert client.post("/_emulate/seed", content=b"[1]").status_code == 400


def test_a_large_seed_is_taken(client: Client) -> None:
    text = "x" * 500
    users = [{"email": f"{number}@example.com", "metadata": {"text": text}} for number in range(2500)]
    seed(client, users=users)
    assert len(client.get("/_emulate/state").json()["users"]) == 2500
