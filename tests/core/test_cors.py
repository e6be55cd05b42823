"""Calls from pages of another origin."""

from __future__ import annotations

import httpx
import pytest

from tests.builders import PASSWORD, create_user, sign_in
from tests.conftest import Client, MockServer

AUTHENTICATE = "/user_management/authenticate"
ORIGIN = "http://localhost:3000"


def test_preflight_needs_no_key_and_allows_what_was_asked(server: MockServer) -> None:
    headers = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "accept, content-type",
    }
    response = httpx.options(server.url + AUTHENTICATE, headers=headers)
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == ORIGIN
    assert response.headers["access-control-allow-credentials"] == "true"
    assert response.headers["access-control-allow-headers"] == "accept, content-type"
    assert "POST" in response.headers["access-control-allow-methods"]
    assert "content-type" not in response.headers


@pytest.mark.parametrize("path", ["/nowhere", "/vault/v1/kv"])
def test_preflight_of_any_path_succeeds(server: MockServer, path: str) -> None:
    assert httpx.options(server.url + path, headers={"Origin": ORIGIN}).status_code == 204


@pytest.mark.parametrize("path", ["/user_management/users", "/nowhere", "/user_management/users/user_x"])
def test_origin_is_echoed_on_success_and_failure(client: Client, path: str) -> None:
    response = client.get(path, headers={"Origin": ORIGIN})
    assert response.headers["access-control-allow-origin"] == ORIGIN
    assert response.headers["access-control-allow-credentials"] == "true"
    assert "Origin" in response.headers["vary"]


def test_call_without_an_origin_allows_none(client: Client) -> None:
    response = client.get("/user_management/users")
    assert "access-control-allow-origin" not in response.headers
    assert response.headers["access-control-allow-credentials"] == "true"


def test_page_refreshes_its_session_across_origins(server: MockServer, client: Client) -> None:
    create_user(client, password=PASSWORD)
    body = {
        "grant_type": "refresh_token",
        "client_id": client.client_id,
        "refresh_token": sign_in(client)["refresh_token"],
    }
    response = httpx.post(server.url + AUTHENTICATE, json=body, headers={"Origin": ORIGIN})
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == ORIGIN
