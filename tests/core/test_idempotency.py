"""`Idempotency-Key` on a POST."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.authentication.test_browser_clients import CHALLENGE, VERIFIER
from tests.builders import PASSWORD, create_code, create_user, sign_in
from tests.conftest import Client, MockServer

USERS = "/user_management/users"


def post(client: Client, path: str = USERS, *, key: str = "retry-1", **body: Any) -> httpx.Response:
    return client.post(path, json=body, headers={"Idempotency-Key": key})


def test_same_key_and_body_get_the_stored_answer(client: Client) -> None:
    first = post(client, email="ada@example.com")
    second = post(client, email="ada@example.com")
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert second.headers["content-type"] == first.headers["content-type"]
    assert client.event_names() == ["user.created"]


def test_replayed_answer_has_a_request_id_of_its_own(client: Client) -> None:
    first, second = post(client, email="ada@example.com"), post(client, email="ada@example.com")
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


def test_other_body_under_the_same_key_is_a_conflict(client: Client) -> None:
    post(client, email="ada@example.com")
    response = post(client, email="bob@example.com")
    assert response.status_code == 409
    assert response.json()["code"] == "idempotency_error"
    assert client.get(USERS, params={"email": "bob@example.com"}).json()["data"] == []


def test_same_key_on_another_path_is_independent(client: Client) -> None:
    post(client, email="ada@example.com")
    response = post(client, "/user_management/magic_auth", email="ada@example.com")
    assert response.status_code == 201
    assert response.json()["object"] == "magic_auth"


def test_other_key_is_another_request(client: Client) -> None:
    post(client, email="ada@example.com")
    assert post(client, key="retry-2", email="ada@example.com").status_code == 400


def test_refusal_is_stored_like_a_success(client: Client) -> None:
    user = create_user(client)
    first = post(client, email="ada@example.com")
    client.delete(f"{USERS}/{user['id']}")
    second = post(client, email="ada@example.com")
    assert (first.status_code, second.status_code) == (400, 400)
    assert second.content == first.content


def test_server_error_is_not_stored(client: Client) -> None:
    body = {"client_id": client.client_id, "client_secret": client.api_key}
    for kind in ("sms", "email"):
        grant_type = f"urn:workos:oauth:grant-type:radar-{kind}-challenge:code"
        response = post(client, "/user_management/authenticate", **body, grant_type=grant_type)
        assert response.status_code == 501


def test_key_belongs_to_its_environment(new_client: Callable[..., Client]) -> None:
    first, second = new_client(), new_client()
    user = post(first, email="ada@example.com").json()
    other = post(second, email="ada@example.com")
    assert other.status_code == 201
    assert other.json()["id"] != user["id"]


def test_moving_the_clock_does_not_end_a_key(client: Client) -> None:
    first = post(client, email="ada@example.com")
    client.advance(30 * 86400)
    assert post(client, email="ada@example.com").content == first.content


def test_reset_forgets_keys(client: Client) -> None:
    first = post(client, email="ada@example.com")
    client.post("/_emulate/reset").raise_for_status()
    second = post(client, email="ada@example.com")
    assert second.status_code == 201
    assert second.json()["id"] != first.json()["id"]


def test_simultaneous_requests_under_one_key_act_once(client: Client) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: post(client, email="ada@example.com").content, range(8)))
    assert len(set(answers)) == 1
    assert client.event_names() == ["user.created"]


def test_key_means_nothing_on_put(client: Client) -> None:
    user = create_user(client)
    headers = {"Idempotency-Key": "retry-1"}
    for name in ("Ada", "Bob"):
        response = client.put(f"{USERS}/{user['id']}", json={"first_name": name}, headers=headers)
        assert response.json()["first_name"] == name


def test_sign_in_is_repeated_by_its_stored_answer(client: Client) -> None:
    create_user(client, password="secure-password")
    client.headers["Idempotency-Key"] = "retry-1"
    assert sign_in(client) == sign_in(client)


def test_same_key_with_another_query_is_another_call(client: Client) -> None:
    first = post(client, f"{USERS}?for=one", email="ada@example.com")
    second = post(client, f"{USERS}?for=two", email="ada@example.com")
    assert (first.status_code, second.status_code) == (201, 400)


def sign_in_with_bearer(client: Client, **headers: str) -> httpx.Response:
    body = {"client_id": client.client_id, "grant_type": "password", "email": "ada@example.com", "password": PASSWORD}
    return client.keyless.post(
        "/user_management/authenticate", json=body, headers={"Idempotency-Key": "retry-1", **headers}
    )


@pytest.mark.fault("A12")
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer sk_test_other"}, {"Authorization": "Basic eDp5"}])
def test_answer_is_not_repeated_to_another_caller(client: Client, headers: dict[str, str]) -> None:
    create_user(client, password=PASSWORD)
    key = {"Authorization": f"Bearer {client.api_key}"}
    first = sign_in_with_bearer(client, **key)
    assert first.status_code == 200
    refused = sign_in_with_bearer(client, **headers)
    assert refused.status_code in (400, 401)
    assert "access_token" not in refused.text
    assert sign_in_with_bearer(client, **key).content == first.content


@pytest.mark.fault("A12")
def test_answer_to_a_browsers_cookie_is_not_repeated_to_another_browser(new_client: Callable[..., Client]) -> None:
    client = new_client()
    code = create_code(client, create_user(client), code_challenge=CHALLENGE)
    page = {"Origin": "http://localhost:3000"}
    body = {"client_id": client.client_id, "grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER}
    client.keyless.post("/user_management/authenticate", json=body, headers=page).raise_for_status()
    again = {"client_id": client.client_id, "grant_type": "refresh_token"}
    headers = {**page, "Idempotency-Key": "retry-1"}
    assert client.keyless.post("/user_management/authenticate", json=again, headers=headers).status_code == 200
    client.keyless.cookies.clear()
    assert client.keyless.post("/user_management/authenticate", json=again, headers=headers).status_code == 400


@pytest.mark.fault("A12")
def test_answers_are_not_kept_in_clear(tmp_path: Path) -> None:
    with MockServer(data=tmp_path) as server, Client(server.url, server.api_key, server.client_id) as client:
        create_user(client, password=PASSWORD)
        client.headers["Idempotency-Key"] = "retry-1"
        token = sign_in(client)["access_token"]
    with closing(sqlite3.connect(tmp_path / "default.sqlite3")) as db:
        ((body,),) = db.execute("SELECT body FROM idempotent_answers").fetchall()
    assert len(base64.b64decode(body)) > len(token)
    assert token.encode() not in base64.b64decode(body)
