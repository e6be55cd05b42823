"""`mockserver.testing`, as other people's tests use it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from mockserver.fixtures import FixtureError
from mockserver.serving import CannotStart
from mockserver.settings import InvalidSetting
from mockserver.testing import MockServer
from tests.builders import create_user, sign_in
from tests.conftest import Client

ADA = {"id": "user_ada", "email": "ada@example.com", "password": "pw", "email_verified": True}


def client_of(server: MockServer) -> Client:
    return Client(server.url, server.api_key, server.client_id)


def test_it_serves_its_fixtures_within_the_with_statement() -> None:
    with MockServer(fixtures={"users": [ADA]}) as server, client_of(server) as client:
        assert sign_in(client, password="pw")["user"]["id"] == "user_ada"
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{client.base_url.port}/health")


@pytest.mark.parametrize("kind", [Path, str])
def test_fixtures_can_be_a_file(tmp_path: Path, kind: type[Path] | type[str]) -> None:
    file = tmp_path / "fixtures.yaml"
    file.write_text("users:\n- {id: user_1, email: ada@example.com}\n")
    with MockServer(fixtures=kind(file)) as server, client_of(server) as client:
        assert client.get("/user_management/users/user_1").status_code == 200


def test_settings_win_over_those_of_the_fixtures() -> None:
    fixtures = {"settings": {"mfa": "off", "product_name": "Acme"}}
    with MockServer(fixtures=fixtures, settings={"mfa": "required"}) as server, client_of(server) as client:
        settings = client.get("/_emulate/settings").json()
        assert (settings["mfa"], settings["product_name"]) == ("required", "Acme")


def test_settings_outlast_a_reset() -> None:
    with MockServer(settings={"mfa": "off"}) as server, client_of(server) as client:
        client.post("/_emulate/reset").raise_for_status()
        assert client.get("/_emulate/settings").json()["mfa"] == "off"


def test_two_servers_know_nothing_of_each_other() -> None:
    with MockServer() as one, MockServer() as other, client_of(one) as client, client_of(other) as other_client:
        create_user(client)
        assert other_client.get("/user_management/users").json()["data"] == []


def test_keys_can_be_chosen() -> None:
    with MockServer(api_key="sk_test_mine", client_id="client_mine") as server, client_of(server) as client:
        assert client.get("/_emulate/connections").json()["node"]["variables"] == {
            "WORKOS_API_KEY": "sk_test_mine",
            "WORKOS_CLIENT_ID": "client_mine",
        }


def test_a_data_directory_is_kept_from_one_server_to_the_next(tmp_path: Path) -> None:
    with MockServer(data=tmp_path, fixtures={"users": [ADA]}) as server, client_of(server) as client:
        create_user(client, "alan@example.com")
    with MockServer(data=tmp_path) as server, client_of(server) as client:
        users = client.get("/user_management/users", params={"order": "asc"}).json()["data"]
    assert [user["email"] for user in users] == ["ada@example.com", "alan@example.com"]


def test_a_data_directory_serves_one_server_at_a_time(tmp_path: Path) -> None:
    with MockServer(data=tmp_path), pytest.raises(CannotStart, match="Another server uses the data directory"):
        MockServer(data=tmp_path).start()


def test_a_start_that_failed_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="did you mean 'users'"):
        MockServer(data=tmp_path, fixtures={"user": []}).start()
    with MockServer(data=tmp_path, fixtures={"users": [ADA]}) as server, client_of(server) as client:
        assert client.get("/user_management/users/user_ada").status_code == 200


def test_a_wrong_setting_is_refused() -> None:
    with pytest.raises(InvalidSetting, match="expected one of 'enrolled', 'off', 'required', got 'on'"):
        MockServer(settings={"mfa": "on"}).start()


def test_it_may_be_stopped_twice() -> None:
    server = MockServer().start()
    server.stop()
    server.stop()


def test_it_has_no_url_before_it_starts() -> None:
    with pytest.raises(RuntimeError, match=r"call start\(\)"):
        _ = MockServer().url
