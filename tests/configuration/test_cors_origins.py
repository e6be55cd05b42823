"""/user_management/cors_origins, and which pages may call."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import Client, MockServer

PATH = "/user_management/cors_origins"
APP, OTHER, LOCAL = "https://app.example.com", "https://other.example.com", "http://localhost:3000"
ALLOWED = "access-control-allow-origin"


def register(client: Client, origin: Any = APP) -> httpx.Response:
    return client.post(PATH, json={"origin": origin})


def allowed_origin(client: Client, origin: str, path: str = PATH) -> str | None:
    return client.get(path, headers={"Origin": origin}).headers.get(ALLOWED)


def test_registered_origin_is_listed(client: Client) -> None:
    response = register(client)
    assert response.status_code == 201
    made = response.json()
    assert list(made) == ["object", "id", "origin", "created_at", "updated_at"]
    assert made["object"] == "cors_origin"
    assert made["id"].startswith("cors_origin_")
    assert made["origin"] == APP
    assert client.get(PATH).json() == {
        "object": "list",
        "data": [made],
        "list_metadata": {"before": None, "after": None},
    }


def test_list_pages(client: Client) -> None:
    ids = [register(client, f"https://app{n}.example.com").json()["id"] for n in range(3)]
    page = client.get(PATH, params={"limit": 2, "order": "asc"}).json()
    assert [origin["id"] for origin in page["data"]] == ids[:2]
    rest = client.get(PATH, params={"limit": 2, "order": "asc", "after": page["list_metadata"]["after"]}).json()
    assert [origin["id"] for origin in rest["data"]] == ids[2:]


@pytest.mark.parametrize("again", [APP, "HTTPS://APP.example.com", f"{APP}/"])
def test_origin_is_registered_once(client: Client, again: str) -> None:
    register(client)
    response = register(client, again)
    assert response.status_code == 409
    assert response.json() == {"code": "duplicate_cors_origin", "message": "CORS origin already exists."}


@pytest.mark.parametrize(
    ("origin", "constraint"),
    [
        (None, "isString"),
        ("", "isString"),
        (5, "isString"),
        (["https://a.example.com"], "isString"),
        ("example.com", "isUrl"),
        ("ftp://example.com", "isUrl"),
        ("https://example.com/path", "isUrl"),
        ("https://example.com?query", "isUrl"),
        ("https://user@example.com", "isUrl"),
        ("https://", "isUrl"),
        ("*", "isUrl"),
        ("null", "isUrl"),
    ],
)
def test_invalid_origin_is_refused_with_its_constraint(client: Client, origin: Any, constraint: str) -> None:
    response = register(client, origin)
    assert response.status_code == 422
    body = response.json()
    assert body["message"] == "Validation failed."
    (error,) = body["errors"]
    assert error["property"] == "origin"
    assert list(error["constraints"]) == [constraint]


def test_missing_origin_is_refused(client: Client) -> None:
    assert client.post(PATH, json={}).status_code == 422


def test_list_needs_a_key(client: Client) -> None:
    assert client.keyless.get(PATH).status_code == 401


@pytest.mark.fault("A3")
@pytest.mark.parametrize("path", [PATH, "/user_management/users/user_x"])
def test_no_page_elsewhere_may_call_unless_its_origin_is_registered(client: Client, path: str) -> None:
    assert [allowed_origin(client, origin, path) for origin in (APP, OTHER, "null")] == [None, None, None]
    register(client)
    assert [allowed_origin(client, origin, path) for origin in (APP, OTHER, "null")] == [APP, None, None]


@pytest.mark.parametrize(
    "origin",
    [LOCAL, "https://localhost", "http://app.localhost:3000", "http://127.0.0.1:5173", "http://[::1]:80"],
)
def test_pages_of_this_machine_always_may_call(client: Client, origin: str) -> None:
    assert allowed_origin(client, origin) == origin


@pytest.mark.parametrize("origin", ["http://localhost.example.com", "http://127.0.0.1.example.com", f"{APP}:8443"])
def test_what_resembles_an_allowed_origin_may_not_call(client: Client, origin: str) -> None:
    register(client)
    assert allowed_origin(client, origin) is None


def test_page_that_may_not_call_is_answered_all_the_same(client: Client) -> None:
    register(client)
    response = client.get(PATH, headers={"Origin": OTHER})
    assert response.status_code == 200
    assert response.headers["vary"] == "Origin"


def test_origins_of_one_environment_say_nothing_of_another(new_client: Callable[..., Client]) -> None:
    first, second = new_client(), new_client()
    register(first)
    assert allowed_origin(first, APP) == APP
    assert allowed_origin(second, APP) is None


def test_client_id_names_the_environment_of_a_sign_in(client: Client) -> None:
    register(client)
    body = {"grant_type": "refresh_token", "client_id": client.client_id, "refresh_token": "unknown"}
    refused = client.keyless.post("/user_management/authenticate", json=body, headers={"Origin": OTHER})
    allowed = client.keyless.post("/user_management/authenticate", json=body, headers={"Origin": APP})
    assert ALLOWED not in refused.headers
    assert allowed.headers[ALLOWED] == APP


def preflight(server: MockServer, origin: str) -> httpx.Response:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    return httpx.options(f"{server.url}/user_management/authenticate", headers=headers, verify=False)


@pytest.mark.fault("A2d")
def test_preflight_is_allowed_where_any_environment_has_registered_the_origin() -> None:
    with MockServer() as server, Client(server.url, server.api_key, server.client_id) as client:
        register(client)
        client.post("/_emulate/environments", json={}).raise_for_status()
        assert preflight(server, APP).headers[ALLOWED] == APP
        refused = preflight(server, OTHER)
        assert refused.status_code == 204
        assert ALLOWED not in refused.headers


@pytest.mark.fault("A2d")
def test_refusal_of_an_unknown_key_is_read_where_any_environment_has_registered_the_origin() -> None:
    with MockServer() as server, Client(server.url, server.api_key, server.client_id) as client:
        register(client)
        client.post("/_emulate/environments", json={}).raise_for_status()
        url = f"{server.url}{PATH}"
        assert httpx.get(url, headers={"Origin": APP}, verify=False).headers[ALLOWED] == APP
        assert ALLOWED not in httpx.get(url, headers={"Origin": OTHER}, verify=False).headers


def test_reset_goes_back_to_the_origins_of_the_fixtures(new_client: Callable[..., Client]) -> None:
    client = new_client(corsOrigins=[APP])
    register(client, OTHER)
    client.post("/_emulate/reset").raise_for_status()
    assert [allowed_origin(client, origin) for origin in (APP, OTHER)] == [APP, None]


def test_seed_registers_origins(client: Client) -> None:
    client.post("/_emulate/seed", json={"corsOrigins": ["HTTPS://App.example.com/"]}).raise_for_status()
    assert allowed_origin(client, APP) == APP


def test_refused_seed_registers_none(client: Client) -> None:
    refused = client.post("/_emulate/seed", json={"corsOrigins": [APP, APP]})
    assert refused.status_code == 422
    assert allowed_origin(client, APP) is None


def test_origins_are_kept_over_a_restart(tmp_path: Path) -> None:
    with MockServer(data=tmp_path) as server, Client(server.url, server.api_key, server.client_id) as client:
        register(client)
    with MockServer(data=tmp_path) as server, Client(server.url, server.api_key, server.client_id) as client:
        assert allowed_origin(client, APP) == APP
