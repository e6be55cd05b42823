"""Another address, and what becomes of its verification."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.builders import PASSWORD, create_user, list_sessions, sign_in
from tests.conftest import Client

USERS = "/user_management/users"


def update(client: Client, user: dict[str, Any], **changes: Any) -> httpx.Response:
    return client.put(f"{USERS}/{user['id']}", json=changes)


@pytest.mark.parametrize("was_verified", [True, False])
def test_another_address_is_unverified(client: Client, was_verified: bool) -> None:
    user = create_user(client, email_verified=was_verified)
    updated = update(client, user, email="new@example.com").json()
    assert (updated["email"], updated["email_verified"]) == ("new@example.com", False)
    assert client.event_names() == ["user.created", "user.updated"]


@pytest.mark.parametrize("verified", [True, False])
def test_another_address_is_verified_as_the_same_call_says(client: Client, verified: bool) -> None:
    user = create_user(client)
    updated = update(client, user, email="new@example.com", email_verified=verified).json()
    assert updated["email_verified"] is verified


@pytest.mark.parametrize("email", ["ada@example.com", "ADA@Example.COM", " ada@example.com "])
def test_same_address_in_another_spelling_stays_verified(client: Client, email: str) -> None:
    user = create_user(client, "ada@example.com")
    updated = update(client, user, email=email).json()
    assert updated["email_verified"] is True
    assert updated["email"] == email.strip()


def test_address_of_another_user_is_refused(client: Client) -> None:
    create_user(client, "bob@example.com")
    user = create_user(client)
    response = update(client, user, email="BOB@example.com")
    assert response.status_code == 400
    assert response.json() == {"code": "email_not_available", "message": "This email is not available."}
    assert client.get(f"{USERS}/{user['id']}").json() == user


def test_left_address_is_free_again(client: Client) -> None:
    update(client, create_user(client), email="new@example.com").raise_for_status()
    assert create_user(client, "ada@example.com")["email"] == "ada@example.com"


@pytest.mark.parametrize("email", ["ada", "ada@example", "a b@example.com", "a\x00@example.com"])
def test_malformed_address_is_refused(client: Client, email: str) -> None:
    response = update(client, create_user(client), email=email)
    assert response.status_code == 400
    assert response.json()["code"] == "invalid_email"


def test_verified_address_cannot_be_unverified(client: Client) -> None:
    user = create_user(client)
    for changes in ({"email_verified": False}, {"email": "ADA@example.com", "email_verified": False}):
        response = update(client, user, **changes)
        assert response.status_code == 400
        assert response.json()["code"] == "email_already_verified"


def test_verified_address_may_be_verified_again(client: Client) -> None:
    user = create_user(client)
    assert update(client, user, email_verified=True).json() == user


def test_address_is_verified_by_an_update(client: Client) -> None:
    user = create_user(client, email_verified=False, password=PASSWORD)
    assert update(client, user, email_verified=True).json()["email_verified"] is True
    assert sign_in(client)["user"]["id"] == user["id"]


@pytest.mark.parametrize("changes", [{"email_verified": None}, {"email": None, "email_verified": None}])
def test_null_leaves_address_and_verification_alone(client: Client, changes: dict[str, Any]) -> None:
    user = create_user(client)
    assert update(client, user, **changes).json() == user


def test_user_signs_in_by_the_new_address_alone(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    update(client, user, email="new@example.com", email_verified=True).raise_for_status()
    assert sign_in(client, "new@example.com")["user"]["id"] == user["id"]
    response = client.authenticate("password", email="ada@example.com", password=PASSWORD)
    assert response.json()["code"] == "invalid_credentials"


def test_sessions_survive_another_address(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    sign_in(client)
    update(client, user, email="new@example.com").raise_for_status()
    assert [session["status"] for session in list_sessions(client, user["id"])] == ["active"]
