from __future__ import annotations

from typing import Any

import pytest

from tests.builders import PASSWORD, create_user, list_sessions, sign_in
from tests.conftest import Client


def sessions_url(user: dict[str, Any]) -> str:
    return f"/user_management/users/{user['id']}/sessions"


def test_session_shows_its_members_and_leaves_out_what_does_not_apply(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    sign_in(client, ip_address="192.0.2.1", user_agent="Mozilla/5.0")
    (session,) = list_sessions(client, user["id"])
    assert session == {
        "object": "session",
        "id": session["id"],
        "user_id": user["id"],
        "ip_address": "192.0.2.1",
        "user_agent": "Mozilla/5.0",
        "auth_method": "password",
        "status": "active",
        "expires_at": session["expires_at"],
        "ended_at": None,
        "created_at": session["created_at"],
        "updated_at": session["created_at"],
    }


def test_list_is_an_envelope(client: Client) -> None:
    user = create_user(client)
    assert client.get(sessions_url(user)).json() == {
        "object": "list",
        "data": [],
        "list_metadata": {"before": None, "after": None},
    }


def test_newest_session_comes_first_unless_asked_otherwise(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    for number in range(3):
        sign_in(client, ip_address=str(number))
    assert [session["ip_address"] for session in list_sessions(client, user["id"])] == ["2", "1", "0"]
    assert [session["ip_address"] for session in list_sessions(client, user["id"], order="asc")] == ["0", "1", "2"]


def test_pages_follow_one_another(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    for number in range(5):
        sign_in(client, ip_address=str(number))
    found, after = [], None
    while True:
        page = client.get(sessions_url(user), params={"limit": 2, **({"after": after} if after else {})}).json()
        found += [session["ip_address"] for session in page["data"]]
        after = page["list_metadata"]["after"]
        if after is None:
            break
    assert found == ["4", "3", "2", "1", "0"]


def test_only_the_users_own_sessions_are_listed(client: Client) -> None:
    ada = create_user(client, "ada@example.com", password=PASSWORD)
    bob = create_user(client, "bob@example.com", password=PASSWORD)
    sign_in(client, "ada@example.com")
    assert list_sessions(client, bob["id"]) == []
    assert len(list_sessions(client, ada["id"])) == 1


def test_ended_sessions_are_not_listed(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    sign_in(client, ip_address="first")
    sign_in(client, ip_address="second")
    (second, _) = list_sessions(client, user["id"])
    client.post("/user_management/sessions/revoke", json={"session_id": second["id"]}).raise_for_status()
    assert [session["ip_address"] for session in list_sessions(client, user["id"])] == ["first"]


def test_sessions_of_an_unknown_user_are_not_found(client: Client) -> None:
    response = client.get("/user_management/users/user_unknown/sessions")
    assert response.status_code == 404
    assert response.json()["message"] == "User not found: 'user_unknown'."


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"limit": "x"}, {"order": "upwards"}])
def test_invalid_page_is_refused_with_422(client: Client, query: dict[str, Any]) -> None:
    user = create_user(client)
    response = client.get(sessions_url(user), params=query)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == list(query)
