"""Users are found by id, by external id and in lists."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.builders import PASSWORD, create_user, sign_in
from tests.conftest import Client

USERS = "/user_management/users"


def listed(client: Client, **query: Any) -> list[str]:
    """The addresses on the page."""
    response = client.get(USERS, params=query).raise_for_status()
    return [user["email"] for user in response.json()["data"]]


def test_missing_user_is_named(client: Client) -> None:
    response = client.get(f"{USERS}/user_x")
    assert response.status_code == 404
    assert response.json()["message"] == "User not found: 'user_x'."


def test_id_is_case_sensitive(client: Client) -> None:
    user = create_user(client)
    assert client.get(f"{USERS}/{user['id'].lower()}").status_code == 404


@pytest.mark.parametrize("external_id", ["crm-1", "a/b", "a b%20c", "x" * 128])
def test_user_is_found_by_external_id(client: Client, external_id: str) -> None:
    user = create_user(client, external_id=external_id)
    assert client.get(f"{USERS}/external_id/{quote(external_id, safe='')}").json() == user


def test_missing_external_id_is_named(client: Client) -> None:
    response = client.get(f"{USERS}/external_id/crm-x")
    assert response.status_code == 404
    assert response.json() == {
        "code": "entity_not_found",
        "message": "User not found: 'crm-x'.",
        "entity_id": "crm-x",
    }


def test_last_sign_in_is_shown(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    client.put("/_emulate/clock", json={"now": "2027-01-15T12:00:00Z", "frozen": True}).raise_for_status()
    sign_in(client)
    read = client.get(f"{USERS}/{user['id']}").json()
    assert read["last_sign_in_at"] == "2027-01-15T12:00:00.000Z"
    assert read["updated_at"] == user["updated_at"]
    assert "user.updated" not in client.event_names()


def test_list_shows_whole_users_newest_first(client: Client) -> None:
    ada, bob = create_user(client, "ada@example.com"), create_user(client, "bob@example.com")
    assert client.get(USERS).json() == {
        "object": "list",
        "data": [bob, ada],
        "list_metadata": {"before": None, "after": None},
    }


@pytest.mark.parametrize("email", ["ada@example.com", "ADA@Example.com", " ada@example.com"])
def test_email_filter_is_exact_but_for_case(client: Client, email: str) -> None:
    for address in ("Ada@example.com", "ada@example.com.au", "ada2@example.com"):
        create_user(client, address)
    assert listed(client, email=email) == ["Ada@example.com"]


@pytest.mark.parametrize("email", ["nobody@example.com", "ada", "%", "*", "ada@%"])
def test_email_filter_without_a_match_gives_an_empty_list(client: Client, email: str) -> None:
    create_user(client)
    assert listed(client, email=email) == []


@pytest.mark.parametrize("name", ["organization_id", "organization"])
def test_unknown_organization_has_no_users(client: Client, name: str) -> None:
    create_user(client)
    assert listed(client, **{name: "org_x"}) == []


def test_filters_are_combined(client: Client) -> None:
    create_user(client)
    assert listed(client, email="ada@example.com", organization_id="org_x", limit=10) == []


def test_three_hundred_users_are_paged_as_the_sdk_does(client: Client) -> None:
    document = {"users": [{"email": f"user{index}@example.com"} for index in range(300)]}
    client.post("/_emulate/seed", json=document).raise_for_status()
    seen: list[str] = []
    query = {"limit": "100", "order": "desc"}
    while True:
        page = client.get(USERS, params=query).json()
        seen += [user["email"] for user in page["data"]]
        if page["list_metadata"]["after"] is None:
            break
        query["after"] = page["list_metadata"]["after"]
    assert sorted(seen) == sorted(user["email"] for user in document["users"])
