from __future__ import annotations

from typing import Any

import pytest

from tests.builders import PASSWORD, at_sign_in, claims, create_user, list_sessions, sign_in, state
from tests.conftest import Client


def refresh(client: Client, token: str, **members: Any) -> dict[str, Any]:
    answer: dict[str, Any] = client.authenticate("refresh_token", refresh_token=token, **members).json()
    return answer


def signed_in(client: Client) -> dict[str, Any]:
    create_user(client, password=PASSWORD)
    return sign_in(client)


def refusal(text: str) -> dict[str, str]:
    return {"error": "invalid_grant", "error_description": text}


def test_refresh_answers_user_and_new_tokens_of_the_same_session(client: Client) -> None:
    before = signed_in(client)
    after = refresh(client, before["refresh_token"])
    assert set(after) == {"user", "access_token", "refresh_token", "authentication_method"}
    assert (after["user"], after["authentication_method"]) == (before["user"], "Password")
    assert after["refresh_token"] != before["refresh_token"]
    assert claims(after["access_token"])["sid"] == claims(before["access_token"])["sid"]
    assert claims(after["access_token"])["jti"] != claims(before["access_token"])["jti"]


def test_new_token_refreshes_in_turn(client: Client) -> None:
    token = signed_in(client)["refresh_token"]
    for _ in range(3):
        client.advance(300)
        token = refresh(client, token)["refresh_token"]
    assert len(state(client, "refreshTokens")) == 4


def test_refresh_records_no_event_and_stamps_nothing(client: Client) -> None:
    answer = signed_in(client)
    names = client.event_names()
    client.advance(60)
    refresh(client, answer["refresh_token"])
    assert client.event_names() == names
    user_id = answer["user"]["id"]
    assert at_sign_in(client.get(f"/user_management/users/{user_id}").json()) == answer["user"]
    (session,) = list_sessions(client, user_id)
    assert session["updated_at"] == session["created_at"]


def test_replay_within_thirty_seconds_converges_on_the_same_token(client: Client) -> None:
    token = signed_in(client)["refresh_token"]
    successor = refresh(client, token)["refresh_token"]
    client.advance(20)
    assert refresh(client, token)["refresh_token"] == successor
    assert len(state(client, "refreshTokens")) == 2


def test_replay_after_thirty_seconds_is_refused(client: Client) -> None:
    token = signed_in(client)["refresh_token"]
    refresh(client, token)
    client.advance(30)
    response = client.authenticate("refresh_token", refresh_token=token)
    assert response.status_code == 400
    assert response.json() == refusal("Refresh token already exchanged.")


def test_late_replay_leaves_the_session_alive(client: Client) -> None:
    token = signed_in(client)["refresh_token"]
    successor = refresh(client, token)["refresh_token"]
    client.advance(60)
    refresh(client, token)
    assert "access_token" in refresh(client, successor)


def test_unknown_token_is_refused(client: Client) -> None:
    response = client.authenticate("refresh_token", refresh_token="unknown")
    assert response.status_code == 400
    assert response.json() == refusal("Invalid refresh token.")


def test_revoked_session_is_not_refreshed(client: Client) -> None:
    answer = signed_in(client)
    session_id = claims(answer["access_token"])["sid"]
    client.post("/user_management/sessions/revoke", json={"session_id": session_id}).raise_for_status()
    response = client.authenticate("refresh_token", refresh_token=answer["refresh_token"])
    assert response.status_code == 400
    assert response.json() == refusal("Session has already ended.")


def test_logged_out_session_is_not_refreshed(client: Client) -> None:
    answer = signed_in(client)
    session_id = claims(answer["access_token"])["sid"]
    client.get("/user_management/sessions/logout", params={"session_id": session_id})
    assert refresh(client, answer["refresh_token"]) == refusal("Session has already ended.")


def test_replay_of_an_ended_session_is_refused_also_within_the_grace(client: Client) -> None:
    answer = signed_in(client)
    refresh(client, answer["refresh_token"])
    session_id = claims(answer["access_token"])["sid"]
    client.post("/user_management/sessions/revoke", json={"session_id": session_id}).raise_for_status()
    assert refresh(client, answer["refresh_token"]) == refusal("Session has already ended.")


@pytest.mark.parametrize(("seconds", "is_refused"), [(3590, False), (3600, True)])
def test_session_is_refreshed_until_its_length_is_over(client: Client, seconds: int, is_refused: bool) -> None:
    client.change_settings(session_length=3600)
    token = signed_in(client)["refresh_token"]
    client.advance(seconds)
    answer = refresh(client, token)
    assert (answer == refusal("Session has already ended.")) is is_refused
    assert ("access_token" in answer) is not is_refused


def test_idle_session_is_not_refreshed(client: Client) -> None:
    client.change_settings(session_inactivity=600)
    token = signed_in(client)["refresh_token"]
    client.advance(500)
    token = refresh(client, token)["refresh_token"]
    client.advance(500)
    token = refresh(client, token)["refresh_token"]
    client.advance(600)
    assert refresh(client, token) == refusal("Session has already ended.")


def test_deleted_user_has_no_valid_token(client: Client) -> None:
    answer = signed_in(client)
    client.delete(f"/user_management/users/{answer['user']['id']}").raise_for_status()
    assert refresh(client, answer["refresh_token"]) == refusal("Invalid refresh token.")


def test_unknown_organization_is_refused_and_spends_nothing(client: Client) -> None:
    token = signed_in(client)["refresh_token"]
    response = client.authenticate("refresh_token", refresh_token=token, organization_id="org_unknown")
    assert response.status_code == 400
    assert response.json()["error"] == "organization_not_found"
    assert response.json()["error_description"]
    assert len(state(client, "refreshTokens")) == 1


def test_change_of_the_user_shows_at_the_next_refresh(client: Client) -> None:
    answer = signed_in(client)
    client.put(f"/user_management/users/{answer['user']['id']}", json={"first_name": "Ada"}).raise_for_status()
    assert refresh(client, answer["refresh_token"])["user"]["first_name"] == "Ada"


def test_unknown_token_is_refused_before_the_organization_is_looked_at(client: Client) -> None:
    assert refresh(client, "unknown", organization_id="org_unknown") == refusal("Invalid refresh token.")
