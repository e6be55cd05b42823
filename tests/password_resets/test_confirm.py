from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.builders import PASSWORD, create_password_reset, create_user, event_data, list_sessions, sign_in
from tests.conftest import Client

NEW_PASSWORD = "new-secure-password"


def confirm(client: Client, token: Any, new_password: Any = NEW_PASSWORD) -> httpx.Response:
    body = {"token": token, "new_password": new_password}
    return client.post("/user_management/password_reset/confirm", json=body)


def token_for(client: Client, **attributes: Any) -> str:
    """Of a new user."""
    create_user(client, **{"password": PASSWORD, **attributes})
    token: str = create_password_reset(client)["password_reset_token"]
    return token


def not_found(token: str) -> dict[str, str]:
    return {
        "code": "password_reset_token_not_found",
        "message": f"Could not locate user with provided token: '{token}'",
    }


def test_confirm_answers_the_user_and_sets_the_password(client: Client) -> None:
    response = confirm(client, token_for(client))
    assert response.status_code == 200
    assert set(response.json()) == {"user"}
    assert response.json()["user"]["email"] == "ada@example.com"
    assert sign_in(client, password=NEW_PASSWORD)["authentication_method"] == "Password"
    old = client.authenticate("password", email="ada@example.com", password=PASSWORD)
    assert old.json()["code"] == "invalid_credentials"


def test_user_without_a_password_gets_one(client: Client) -> None:
    confirm(client, token_for(client, password=None)).raise_for_status()
    assert sign_in(client, password=NEW_PASSWORD)["user"]["email"] == "ada@example.com"


def test_address_counts_as_verified(client: Client) -> None:
    response = confirm(client, token_for(client, email_verified=False))
    assert response.json()["user"]["email_verified"] is True


def test_address_that_the_user_took_later_is_not_verified_by_it(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    token = create_password_reset(client)["password_reset_token"]
    client.put(f"/user_management/users/{user['id']}", json={"email": "new@example.com"}).raise_for_status()
    assert confirm(client, token).json()["user"]["email_verified"] is False


def test_address_that_is_verified_stays_so(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    token = create_password_reset(client)["password_reset_token"]
    moved = {"email": "new@example.com", "email_verified": True}
    client.put(f"/user_management/users/{user['id']}", json=moved).raise_for_status()
    assert confirm(client, token).json()["user"]["email_verified"] is True


def test_confirm_signs_nobody_in(client: Client) -> None:
    user = confirm(client, token_for(client)).json()["user"]
    assert user["last_sign_in_at"] is None
    assert list_sessions(client, user["id"]) == []


def test_every_session_of_the_user_ends(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    answers = [sign_in(client), sign_in(client)]
    confirm(client, create_password_reset(client)["password_reset_token"]).raise_for_status()
    assert list_sessions(client, user["id"]) == []
    for answer in answers:
        response = client.authenticate("refresh_token", refresh_token=answer["refresh_token"])
        assert response.json()["error_description"] == "Session has already ended."


def test_sessions_of_others_go_on(client: Client) -> None:
    bob = create_user(client, "bob@example.com", password=PASSWORD)
    sign_in(client, "bob@example.com")
    confirm(client, token_for(client)).raise_for_status()
    assert len(list_sessions(client, bob["id"])) == 1


def test_events_come_in_order_and_tell_no_secret(client: Client) -> None:
    create_user(client, password=PASSWORD)
    sign_in(client)
    reset = create_password_reset(client)
    before = len(client.event_names())
    user = confirm(client, reset["password_reset_token"]).json()["user"]
    assert client.event_names()[before:] == ["password_reset.succeeded", "session.revoked", "user.updated"]
    del reset["password_reset_token"], reset["password_reset_url"]
    assert event_data(client, "password_reset.succeeded") == [reset]
    assert event_data(client, "user.updated") == [user]


def test_unknown_token_is_not_found(client: Client) -> None:
    response = confirm(client, "unknown")
    assert response.status_code == 404
    assert response.json() == not_found("unknown")


def test_used_token_is_not_found(client: Client) -> None:
    token = token_for(client)
    confirm(client, token)
    response = confirm(client, token, "another-secure-password")
    assert response.status_code == 404
    assert response.json() == not_found(token)
    assert sign_in(client, password=NEW_PASSWORD)["user"]["email"] == "ada@example.com"


@pytest.mark.parametrize(("seconds", "status"), [(890, 200), (900, 404)])
def test_token_is_valid_for_fifteen_minutes(client: Client, seconds: int, status: int) -> None:
    token = token_for(client)
    client.advance(seconds)
    response = confirm(client, token)
    assert response.status_code == status
    if status == 404:
        assert response.json() == not_found(token)


def test_newer_token_leaves_the_older_one_valid(client: Client) -> None:
    older = token_for(client)
    create_password_reset(client)
    assert confirm(client, older).status_code == 200


def test_weak_password_is_refused_and_spends_nothing(client: Client) -> None:
    token = token_for(client)
    response = confirm(client, token, "password")
    assert response.status_code == 400
    assert response.json()["code"] == "password_reset_error"
    assert {error["code"] for error in response.json()["errors"]} == {"password_too_short", "password_too_weak"}
    assert sign_in(client)["user"]["email"] == "ada@example.com"
    assert confirm(client, token).status_code == 200


@pytest.mark.parametrize(("token", "password", "field"), [(None, NEW_PASSWORD, "token"), ("x", "", "new_password")])
def test_both_members_are_required(client: Client, token: Any, password: Any, field: str) -> None:
    response = confirm(client, token, password)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]


def test_every_missing_member_is_named_at_once(client: Client) -> None:
    response = client.post("/user_management/password_reset/confirm", json={})
    assert [error["field"] for error in response.json()["errors"]] == ["token", "new_password"]
