from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import PASSWORD, create_user, sign_in
from tests.conftest import Client
from tests.control import worlds

ADA: dict[str, Any] = {"id": "user_ada", "email": "ada@example.com", "password": PASSWORD, "email_verified": True}
NewClient = Callable[..., Client]


def reset(client: Client, **body: str) -> None:
    response = client.post("/_emulate/reset", json=body)
    assert (response.status_code, response.content) == (204, b"")


def addresses(client: Client) -> list[str]:
    return [user["email"] for user in client.get("/user_management/users").json()["data"]]


def test_a_reset_brings_back_the_fixtures_and_nothing_else(new_client: NewClient) -> None:
    client = new_client(users=[ADA], settings={"mfa": "off"})
    before = client.get("/_emulate/state").json()
    worlds.build(new_client())
    client.delete("/user_management/users/user_ada").raise_for_status()
    create_user(client, "alan@example.com")
    reset(client)
    assert client.get("/_emulate/state").json() == before


def test_a_reset_clears_a_whole_world(client: Client) -> None:
    before = client.get("/_emulate/state").json()
    worlds.build(client)
    reset(client)
    assert client.get("/_emulate/state").json() == before
    assert client.get("/_emulate/clock").json()["offset_seconds"] == 0


def test_a_reset_leaves_the_keys(client: Client) -> None:
    reset(client)
    assert create_user(client)["email"] == "ada@example.com"
    assert client.get("/_emulate/connections").json()["node"]["variables"] == {
        "WORKOS_API_KEY": client.api_key,
        "WORKOS_CLIENT_ID": client.client_id,
    }


def test_a_reset_brings_back_the_settings_of_the_fixtures(new_client: NewClient) -> None:
    client = new_client(settings={"mfa": "required"})
    before = client.get("/_emulate/settings").json()
    client.change_settings(mfa="off", product_name="Acme")
    reset(client)
    assert client.get("/_emulate/settings").json() == before


def test_a_reset_brings_back_the_real_time(client: Client) -> None:
    client.put("/_emulate/clock", json={"now": "2030-01-01T00:00:00Z", "frozen": True})
    reset(client)
    clock = client.get("/_emulate/clock").json()
    assert (clock["frozen"], clock["offset_seconds"]) == (False, 0)


def test_a_reset_ends_sessions(new_client: NewClient) -> None:
    client = new_client(users=[ADA])
    token = sign_in(client)["refresh_token"]
    reset(client)
    assert client.authenticate("refresh_token", refresh_token=token).json()["error"] == "invalid_grant"


def test_everything_works_after_each_of_several_resets(new_client: NewClient) -> None:
    client = new_client(users=[ADA])
    for _ in range(3):
        assert sign_in(client)["user"]["id"] == "user_ada"
        create_user(client, "alan@example.com")
        reset(client)
        assert addresses(client) == ["ada@example.com"]


def test_a_reset_to_empty_leaves_but_the_settings_and_the_default_role(new_client: NewClient) -> None:
    client = new_client(users=[ADA], settings={"mfa": "off"})
    reset(client, to="empty")
    assert list(client.get("/_emulate/state").json()) == ["settings", "roles"]
    assert client.get("/_emulate/settings").json()["mfa"] == "off"


def test_a_reset_to_empty_is_not_for_good(new_client: NewClient) -> None:
    client = new_client(users=[ADA])
    reset(client, to="empty")
    reset(client)
    assert addresses(client) == ["ada@example.com"]


def test_a_reset_to_elsewhere_is_refused(new_client: NewClient) -> None:
    client = new_client(users=[ADA])
    response = client.post("/_emulate/reset", json={"to": "yesterday"})
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "to"
    assert addresses(client) == ["ada@example.com"]


@pytest.mark.parametrize("content", [b"", b"{}", b"null", b"[]"])
def test_a_reset_needs_no_body(client: Client, content: bytes) -> None:
    assert client.post("/_emulate/reset", content=content).status_code == 204


def test_other_environments_stay_as_they_are(new_client: NewClient) -> None:
    one, other = new_client(), new_client()
    create_user(other)
    reset(one)
    assert addresses(other) == ["ada@example.com"]
