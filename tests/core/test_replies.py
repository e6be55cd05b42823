"""What every answer carries, and what an answer without a body does not."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.builders import create_user
from tests.conftest import Client, MockServer

USERS = "/user_management/users"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", USERS, 200),
        ("POST", USERS, 422),
        ("GET", "/nowhere", 404),
        ("GET", f"{USERS}/user_x", 404),
        ("DELETE", USERS, 405),
        ("GET", "/vault/v1/kv", 501),
        ("OPTIONS", USERS, 204),
        ("HEAD", USERS, 200),
    ],
)
def test_every_answer_has_a_request_id_of_its_own(client: Client, method: str, path: str, status: int) -> None:
    first, second = client.request(method, path), client.request(method, path)
    assert first.status_code == status
    assert UUID.fullmatch(first.headers["x-request-id"])
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


def test_refusal_at_the_door_has_a_request_id(server: MockServer) -> None:
    response = httpx.get(server.url + USERS)
    assert response.status_code == 401
    assert UUID.fullmatch(response.headers["x-request-id"])


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", USERS), ("POST", USERS), ("GET", "/nowhere"), ("DELETE", USERS), ("GET", "/vault/v1/kv")],
)
def test_answer_with_content_is_json(client: Client, method: str, path: str) -> None:
    response = client.request(method, path)
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert isinstance(response.json(), dict)


@pytest.mark.parametrize("status", [200, 204])
def test_success_without_a_body_has_no_content_type(client: Client, status: int) -> None:
    if status == 200:
        path = f"{USERS}/{create_user(client)['id']}"
    else:
        path = "/user_management/redirect_uris/" + register_two(client)
    response = client.delete(path)
    assert response.status_code == status
    assert response.content == b""
    assert "content-type" not in response.headers


def register_two(client: Client) -> str:
    """The id of the one that isn't the default."""
    for uri in ("https://a.example.com", "https://b.example.com"):
        response = client.post("/user_management/redirect_uris", json={"uri": uri})
    return str(response.json()["id"])


@pytest.mark.parametrize("path", [USERS, f"{USERS}/user_x", "/nowhere"])
def test_head_answers_the_headers_of_get_alone(client: Client, path: str) -> None:
    get, head = client.get(path), client.head(path)
    assert head.status_code == get.status_code
    assert head.content == b""
    for name in ("content-type", "content-length"):
        assert head.headers[name] == get.headers[name]
