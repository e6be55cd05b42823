"""How sessions end: revoked, too old, idle too long."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import httpx
import pytest

from tests.builders import PASSWORD, claims, create_code, create_user, event_data, list_sessions, sign_in
from tests.conftest import Client


def session_of(client: Client) -> dict[str, Any]:
    user = create_user(client, password=PASSWORD)
    sign_in(client)
    (session,) = list_sessions(client, user["id"])
    return session


def revoke(client: Client, session_id: Any) -> httpx.Response:
    return client.post("/user_management/sessions/revoke", json={"session_id": session_id})


def seconds_between(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()


def test_revoke_answers_200_without_a_body(client: Client) -> None:
    response = revoke(client, session_of(client)["id"])
    assert response.status_code == 200
    assert response.content == b""
    assert "content-type" not in response.headers


def test_revoked_session_is_kept_and_told_in_an_event(client: Client) -> None:
    session = session_of(client)
    client.advance(60)
    revoke(client, session["id"])
    (told,) = event_data(client, "session.revoked")
    assert told == {**session, "status": "revoked", "ended_at": told["ended_at"], "updated_at": told["ended_at"]}
    assert seconds_between(session["created_at"], told["ended_at"]) >= 60


def test_unknown_session_is_not_found(client: Client) -> None:
    response = revoke(client, "session_unknown")
    assert response.status_code == 404
    assert response.json() == {
        "code": "entity_not_found",
        "message": "Session not found: 'session_unknown'.",
        "entity_id": "session_unknown",
    }


def test_session_ends_once(client: Client) -> None:
    session = session_of(client)
    revoke(client, session["id"])
    response = revoke(client, session["id"])
    assert response.status_code == 400
    assert response.json()["message"] == "The session has already ended."
    assert len(event_data(client, "session.revoked")) == 1


@pytest.mark.parametrize("session_id", [None, "", 7])
def test_session_id_is_required(client: Client, session_id: Any) -> None:
    response = revoke(client, session_id)
    assert response.status_code == 422
    assert response.json()["errors"] == [
        {
            "field": "session_id",
            "code": "session_id_string_required",
            "message": "Session Id must be a non-empty string.",
        }
    ]


def test_session_lasts_a_year(client: Client) -> None:
    session = session_of(client)
    assert seconds_between(session["created_at"], session["expires_at"]) == 365 * 86400


def test_setting_changes_how_long_sessions_last(client: Client) -> None:
    client.change_settings(session_length=3600)
    session = session_of(client)
    assert seconds_between(session["created_at"], session["expires_at"]) == 3600


def test_session_that_is_too_old_is_over_without_an_event(client: Client) -> None:
    client.change_settings(session_length=3600)
    session = session_of(client)
    client.advance(3600)
    assert list_sessions(client, session["user_id"]) == []
    assert revoke(client, session["id"]).status_code == 400
    assert "session.revoked" not in client.event_names()


def test_idle_session_is_over_without_an_event(client: Client) -> None:
    client.change_settings(session_inactivity=600)
    session = session_of(client)
    client.advance(590)
    assert len(list_sessions(client, session["user_id"])) == 1
    client.advance(10)
    assert list_sessions(client, session["user_id"]) == []
    assert revoke(client, session["id"]).status_code == 400
    assert "session.revoked" not in client.event_names()


def test_refresh_keeps_a_session_from_idling(client: Client) -> None:
    client.change_settings(session_inactivity=600)
    user = create_user(client, password=PASSWORD)
    token = sign_in(client)["refresh_token"]
    client.advance(500)
    client.authenticate("refresh_token", refresh_token=token).raise_for_status()
    client.advance(500)
    assert len(list_sessions(client, user["id"])) == 1


def test_impersonated_session_lasts_an_hour_that_no_refresh_extends(client: Client) -> None:
    user = create_user(client)
    code = create_code(client, user, impersonator={"email": "admin@example.com"})
    answer = client.authenticate("authorization_code", code=code).json()
    client.advance(3000)
    answer = client.authenticate("refresh_token", refresh_token=answer["refresh_token"]).json()
    assert len(list_sessions(client, user["id"])) == 1
    client.advance(600)
    assert list_sessions(client, user["id"]) == []
    response = client.authenticate("refresh_token", refresh_token=answer["refresh_token"])
    assert response.json()["error_description"] == "Session has already ended."


def test_other_sessions_of_the_user_go_on(client: Client) -> None:
    create_user(client, password=PASSWORD)
    first, second = sign_in(client), sign_in(client)
    revoke(client, claims(first["access_token"])["sid"]).raise_for_status()
    assert client.authenticate("refresh_token", refresh_token=second["refresh_token"]).status_code == 200
