"""The identities of a user"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.answers import not_found
from tests.builders import create_user, state
from tests.conftest import Client

GOOGLE = {"provider": "GoogleOAuth", "idp_id": "108872335"}
GITHUB = {"provider": "GitHubOAuth", "idp_id": "42", "email": "ada@home.test"}


@pytest.fixture
def client(new_client: Callable[..., Client]) -> Client:
    """Knows `user_1`, ada@example.com, with two identities."""
    return new_client(users=[{"id": "user_1", "email": "ada@example.com", "identities": [GOOGLE, GITHUB]}])


def identities(client: Client, user_id: str = "user_1") -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = client.get(f"/user_management/users/{user_id}/identities").raise_for_status().json()
    return shown


def providers(client: Client) -> list[str]:
    return [identity["provider"] for identity in identities(client)]


def test_identities_are_a_bare_array_that_spells_github_its_own_way(client: Client) -> None:
    assert identities(client) == [
        {"idp_id": "108872335", "type": "OAuth", "provider": "GoogleOAuth"},
        {"idp_id": "42", "type": "OAuth", "provider": "GithubOAuth"},
    ]


def test_user_without_identities_has_an_empty_array(client: Client) -> None:
    assert identities(client, create_user(client, "bob@example.com")["id"]) == []


def test_identities_of_an_unknown_user_are_not_found(client: Client) -> None:
    response = client.get("/user_management/users/user_2/identities")
    assert response.status_code == 404
    assert response.json() == not_found("User", "user_2")


def test_one_identity_is_named_in_two_members_of_the_user(new_client: Callable[..., Client]) -> None:
    user = {"id": "user_1", "email": "ada@example.com", "oauth_provider": "GoogleOAuth", "oauth_idp_id": 108872335}
    client = new_client(users=[user])
    assert identities(client) == [{"idp_id": "108872335", "type": "OAuth", "provider": "GoogleOAuth"}]


def test_new_address_detaches_the_identities_with_another(client: Client) -> None:
    client.put("/user_management/users/user_1", json={"email": "ada@home.test"}).raise_for_status()
    assert providers(client) == ["GithubOAuth"]


def test_confirmed_change_of_address_detaches_identities_too(client: Client) -> None:
    path = "/user_management/users/user_1/email_change"
    client.post(f"{path}/send", json={"new_email": "ada@home.test"}).raise_for_status()
    code = client.latest_message("ada@home.test")["code"]
    client.post(f"{path}/confirm", json={"code": code}).raise_for_status()
    assert providers(client) == ["GithubOAuth"]


@pytest.mark.parametrize("changes", [{"email": "ADA@example.com"}, {"first_name": "Ada"}])
def test_other_changes_of_the_user_detach_nothing(client: Client, changes: dict[str, str]) -> None:
    client.put("/user_management/users/user_1", json=changes).raise_for_status()
    assert providers(client) == ["GoogleOAuth", "GithubOAuth"]


def test_identities_go_with_their_user(client: Client) -> None:
    client.delete("/user_management/users/user_1").raise_for_status()
    assert state(client, "identities") == []


def test_state_loads_back(client: Client, new_client: Callable[..., Client]) -> None:
    copy = new_client(**client.get("/_emulate/state").json())
    assert state(copy, "identities") == state(client, "identities") != []
    assert identities(copy) == identities(client)


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"oauth_provider": "GogleOAuth"}, "'GogleOAuth' is unknown; did you mean 'GoogleOAuth'?"),
        ({"identities": "GoogleOAuth"}, "users[0].identities: expected a list of {provider: …, idp_id: …}."),
        ({"identities": [{"provider": "GoogleOAuth"}]}, "users[0].identities[0]: 'idp_id' is missing."),
        (
            {"identities": [GOOGLE]},
            "users[0].identities[0]: another object has the same provider, idp_id: 'GoogleOAuth', '108872335'.",
        ),
    ],
)
def test_wrong_identity_in_a_fixture_is_refused(client: Client, members: dict[str, Any], message: str) -> None:
    response = client.post("/_emulate/seed", json={"users": [{"email": "bob@example.com", **members}]})
    assert response.status_code == 422
    assert message in response.json()["message"]
