from __future__ import annotations

import httpx

from mockserver import __version__
from mockserver.testing import MockServer
from tests.conftest import Client


def test_health_is_told_at_both_addresses(server: MockServer) -> None:
    for path in ("/health", "/_emulate/health"):
        answer = httpx.get(f"{server.url}{path}").json()
        assert (answer["status"], answer["version"]) == ("ok", __version__)


def test_a_server_that_answers_queries_is_ready(server: MockServer) -> None:
    response = httpx.get(f"{server.url}/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ready"})


def test_the_index_lists_every_control_call_with_a_description(server: MockServer) -> None:
    calls = httpx.get(f"{server.url}/_emulate").json()["data"]
    assert [call for call in calls if not call["description"]] == []
    named = {f"{call['method']} {call['path']}" for call in calls}
    assert {"GET /_emulate/inbox/wait", "POST /_emulate/reset", "PATCH /_emulate/settings"} <= named


def test_connections_name_address_and_keys_of_the_environment(server: MockServer, client: Client) -> None:
    connections = client.get("/_emulate/connections").json()
    assert sorted(connections) == ["nextjs", "node", "python"]
    for connection in connections.values():
        assert connection["variables"]["WORKOS_API_KEY"] == client.api_key
        assert connection["variables"]["WORKOS_CLIENT_ID"] == client.client_id
    assert f"port: {httpx.URL(server.url).port}," in connections["node"]["code"]
    assert f'base_url="{server.url}/"' in connections["python"]["code"]


def test_the_root_is_json_for_programs(client: Client, server: MockServer) -> None:
    assert client.get("/").json() == {
        "name": "mockserver",
        "version": __version__,
        "client_id": client.client_id,
        "inbox": f"{server.url}/_emulate/inbox",
        "control": f"{server.url}/_emulate",
        "health": f"{server.url}/health",
    }


def test_the_root_is_a_page_for_browsers(client: Client) -> None:
    response = client.get("/", headers={"Accept": "text/html"})
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert client.api_key in response.text
