"""The JWT template and CORS origins in fixture documents and in the state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.conftest import Client, MockServer

CONTENT = '{"email": "{{ user.email }}"}'


def refusal(server: MockServer, **fixtures: Any) -> str:
    response = httpx.post(f"{server.url}/_emulate/environments", json={"fixtures": fixtures}, verify=False)
    assert response.status_code == 422
    message: str = response.json()["message"]
    return message


def test_template_and_origins_are_loaded(new_client: Callable[..., Client]) -> None:
    client = new_client(
        jwtTemplate={"content": CONTENT},
        corsOrigins=["https://A.example.com/", {"origin": "http://b.example.com:8080"}],
    )
    assert client.get("/user_management/jwt_template").json()["content"] == CONTENT
    origins = client.get("/user_management/cors_origins", params={"order": "asc"}).json()["data"]
    assert [origin["origin"] for origin in origins] == ["https://a.example.com", "http://b.example.com:8080"]


def test_state_loads_back_to_the_same_answers(new_client: Callable[..., Client]) -> None:
    client = new_client(jwtTemplate={"content": CONTENT}, corsOrigins=["https://a.example.com"])
    state = client.get("/_emulate/state").json()
    copy = new_client(**state)
    for path in ("/user_management/jwt_template", "/user_management/cors_origins"):
        assert copy.get(path).json() == client.get(path).json()
    assert copy.get("/_emulate/state").json() == state


def test_template_of_a_seed_takes_the_place_of_the_one_that_is_there(new_client: Callable[..., Client]) -> None:
    client = new_client(jwtTemplate={"content": '{"a": 1}'})
    client.post("/_emulate/seed", json={"jwtTemplate": {"content": CONTENT}}).raise_for_status()
    assert client.get("/user_management/jwt_template").json()["content"] == CONTENT


@pytest.mark.parametrize(
    ("fixtures", "message"),
    [
        (
            {"jwtTemplate": {"content": '{"a": {{ nobody.email }}}'}},
            'jwtTemplate.content: Invalid path: "nobody.email".',
        ),
        ({"jwtTemplate": {}}, "jwtTemplate: 'content' is missing."),
        ({"jwtTemplate": CONTENT}, "jwtTemplate: expected a mapping."),
        (
            {"corsOrigins": ["example.com"]},
            "corsOrigins[0].origin: 'example.com' is not an origin such as https://app.example.com.",
        ),
    ],
)
def test_wrong_one_is_refused_with_its_place(server: MockServer, fixtures: dict[str, Any], message: str) -> None:
    assert refusal(server, **fixtures) == message


def test_origin_is_loaded_once(server: MockServer) -> None:
    refused = refusal(server, corsOrigins=["https://a.example.com", "https://A.example.com"])
    assert refused == "corsOrigins[1]: another object has the same origin: 'https://a.example.com'."
