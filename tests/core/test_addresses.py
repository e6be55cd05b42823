"""Session ids and tokens find their environment, whatever became of it and of its copies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockserver.testing import MockServer
from tests.builders import PASSWORD, claims, create_user, list_sessions, sign_in
from tests.conftest import Client
from tests.control.builders import environment_of
from tests.sso_builders import authorize_sso, create_connection, exchange

pytestmark = pytest.mark.fault("E9")


def session_of(client: Client) -> str:
    create_user(client, password=PASSWORD)
    session_id: str = claims(sign_in(client)["access_token"])["sid"]
    return session_id


def live_sessions(client: Client) -> list[str]:
    users = client.get("/user_management/users").json()["data"]
    return [session["id"] for user in users for session in list_sessions(client, user["id"])]


def log_out(client: Client, session_id: str) -> int:
    query = {"session_id": session_id, "return_to": "http://localhost:3000/"}
    return client.keyless.get("/user_management/sessions/logout", params=query).status_code


def profile_token(client: Client) -> str:
    code = authorize_sso(client, connection=create_connection(client)["id"])["code"]
    token: str = exchange(client, code).raise_for_status().json()["access_token"]
    return token


def get_profile(client: Client, token: str) -> int:
    return client.keyless.get("/sso/profile", headers={"Authorization": f"Bearer {token}"}).status_code


def reset(client: Client) -> None:
    client.post("/_emulate/reset", json={"to": "empty"}).raise_for_status()


def delete_user(client: Client) -> None:
    (user,) = client.get("/user_management/users").json()["data"]
    client.delete(f"/user_management/users/{user['id']}").raise_for_status()


def delete_environment(client: Client) -> None:
    client.delete(f"/_emulate/environments/{environment_of(client)}").raise_for_status()


@pytest.mark.parametrize("end", [reset, delete_user, delete_environment])
def test_copy_without_the_session_does_not_stand_in_the_way(
    new_client: Callable[..., Client], end: Callable[[Client], None]
) -> None:
    first = new_client()
    session_id = session_of(first)
    copy = new_client(**first.get("/_emulate/state").json())
    assert log_out(first, session_id) == 409
    end(copy)
    assert log_out(first, session_id) == 302
    assert live_sessions(first) == []


def test_session_that_a_reset_brings_back_is_found(client: Client, new_client: Callable[..., Client]) -> None:
    session_id = session_of(client)
    copy = new_client(**client.get("/_emulate/state").json())
    reset(client)
    delete_user(copy)
    copy.post("/_emulate/reset").raise_for_status()
    assert log_out(client, session_id) == 302
    assert live_sessions(copy) == []


def test_seeded_session_is_found(client: Client, new_client: Callable[..., Client]) -> None:
    state = client.get("/_emulate/state").json()
    other = new_client()
    session_id = session_of(other)
    state = {name: objects for name, objects in other.get("/_emulate/state").json().items() if name != "roles"}
    delete_environment(other)
    client.post("/_emulate/seed", json=state).raise_for_status()
    assert live_sessions(client) == [session_id]
    assert log_out(client, session_id) == 302
    assert live_sessions(client) == []


def test_session_of_a_seed_that_was_refused_is_not_found(client: Client, new_client: Callable[..., Client]) -> None:
    other = new_client()
    session_id = session_of(other)
    state = other.get("/_emulate/state").json()
    refused: dict[str, Any] = {name: state[name] for name in ("users", "sessions")}
    refused["messages"] = [{"kind": "magic_auth"}]
    assert client.post("/_emulate/seed", json=refused).status_code == 422
    assert log_out(client, session_id) == 302
    assert live_sessions(other) == []


def test_session_is_found_after_a_restart(tmp_path: Path) -> None:
    with MockServer(data=tmp_path) as server, Client(server.url, server.api_key, server.client_id) as client:
        made = client.post("/_emulate/environments").raise_for_status().json()
        with Client(server.url, made["api_key"], made["client_id"]) as other:
            session_id = session_of(other)
    with MockServer(data=tmp_path) as server, Client(server.url, made["api_key"], made["client_id"]) as other:
        assert live_sessions(other) == [session_id]
        assert log_out(other, session_id) == 302
        assert live_sessions(other) == []


def test_token_of_a_profile_is_good_where_its_clock_says_so(new_client: Callable[..., Client]) -> None:
    first = new_client()
    token = profile_token(first)
    copy = new_client(**first.get("/_emulate/state").json())
    first.advance(3600)
    assert get_profile(first, token) == 200
    delete_environment(copy)
    assert get_profile(first, token) == 401


@pytest.mark.parametrize("path", ["/user_management/sessions/logout?session_id=", "/sso/logout?token=", "/sso/profile"])
def test_no_database_is_asked_whose_a_session_or_token_is(server: MockServer, client: Client, path: str) -> None:
    assert server._server is not None
    statements: list[str] = []
    connections = [environment.db._connection for environment in server._server]
    for connection in connections:
        connection.set_trace_callback(statements.append)
    headers = {"Authorization": "Bearer unknown"} if path == "/sso/profile" else {}
    response = httpx.get(f"{server.url}{path}unknown".replace("profileunknown", "profile"), headers=headers)
    for connection in connections:
        connection.set_trace_callback(None)
    assert response.status_code in (302, 401, 404)
    # Logout looks once into the environment that a stale session leads to.
    assert len(statements) <= 1
