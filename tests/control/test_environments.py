from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from mockserver.testing import MockServer
from tests.builders import create_user
from tests.conftest import Client


def create(server: MockServer, **body: Any) -> httpx.Response:
    return httpx.post(f"{server.url}/_emulate/environments", json=body)


def listed(server: MockServer) -> list[dict[str, Any]]:
    environments: list[dict[str, Any]] = httpx.get(f"{server.url}/_emulate/environments").json()["data"]
    return environments


def test_a_new_environment_has_a_name_and_keys_of_its_own(server: MockServer) -> None:
    one, other = create(server).json(), create(server).json()
    assert one["name"].startswith("env-")
    assert one["api_key"].startswith("sk_test_")
    assert one["client_id"].startswith("client_")
    assert not {*one.values()} & {other["name"], other["api_key"], other["client_id"], other["issuer"]}


def test_name_and_keys_can_be_chosen(server: MockServer) -> None:
    chosen = {"name": "chosen", "api_key": "sk_test_chosen", "client_id": "client_chosen"}
    response = create(server, **chosen)
    assert response.status_code == 201
    assert response.json() == {
        "object": "environment",
        **chosen,
        "issuer": f"{server.url}/user_management/client_chosen",
    }
    assert response.json() in listed(server)


def test_an_environment_starts_with_its_fixtures(server: MockServer) -> None:
    made = create(server, fixtures={"users": [{"id": "user_1", "email": "ada@example.com"}]}).json()
    with Client(server.url, made["api_key"], made["client_id"]) as client:
        assert client.get("/user_management/users/user_1").json()["email"] == "ada@example.com"


def test_an_environment_whose_fixtures_are_wrong_is_not_left_behind(server: MockServer) -> None:
    body = {"name": "wrong", "api_key": "sk_test_second_try", "client_id": "client_second_try"}
    response = create(server, **body, fixtures={"user": []})
    assert (response.status_code, response.json()["code"]) == (422, "invalid_fixture")
    assert "wrong" not in [environment["name"] for environment in listed(server)]
    assert create(server, **body).status_code == 201


@pytest.mark.parametrize("member", ["name", "api_key", "client_id"])
def test_what_another_environment_has_is_refused(server: MockServer, member: str) -> None:
    taken = create(server).json()
    response = create(server, **{member: taken[member]})
    assert response.status_code == 409
    assert response.json() == {
        "code": "environment_exists",
        "message": f"Another environment has the {member} '{taken[member]}'. Choose another one.",
    }


@pytest.mark.parametrize("name", ["a b", "../etc", "ä", "x" * 65, ".", "a.b", "a\n"])
def test_a_name_of_other_characters_is_refused(server: MockServer, name: str) -> None:
    response = create(server, name=name)
    assert (response.status_code, response.json()["code"]) == (422, "invalid_name")


def test_a_production_key_is_refused(server: MockServer) -> None:
    response = create(server, api_key="sk_live_1")
    assert (response.status_code, response.json()["code"]) == (422, "live_key_refused")


def test_a_deleted_environment_is_gone(server: MockServer, client: Client) -> None:
    made = create(server).json()
    assert client.delete(f"/_emulate/environments/{made['name']}").status_code == 204
    assert made not in listed(server)
    response = httpx.get(f"{server.url}/user_management/users", headers={"Authorization": f"Bearer {made['api_key']}"})
    assert response.status_code == 401


def test_the_name_and_keys_of_a_deleted_environment_are_free_again(server: MockServer) -> None:
    made = create(server).json()
    httpx.delete(f"{server.url}/_emulate/environments/{made['name']}").raise_for_status()
    assert create(server, name=made["name"], api_key=made["api_key"], client_id=made["client_id"]).status_code == 201


def test_the_default_environment_is_not_deletable(server: MockServer) -> None:
    response = httpx.delete(f"{server.url}/_emulate/environments/default")
    assert (response.status_code, response.json()["code"]) == (409, "default_environment")
    assert "default" in [environment["name"] for environment in listed(server)]


def test_an_unknown_environment_is_not_found(server: MockServer) -> None:
    response = httpx.delete(f"{server.url}/_emulate/environments/nowhere")
    assert (response.status_code, response.json()["code"]) == (404, "environment_not_found")


def test_the_same_address_and_id_live_in_any_number_of_environments(new_client: Callable[..., Client]) -> None:
    fixtures = {"users": [{"id": "user_1", "email": "ada@example.com"}]}
    one, other = new_client(**fixtures), new_client(**fixtures)
    one.put("/user_management/users/user_1", json={"first_name": "Ada"}).raise_for_status()
    assert other.get("/user_management/users/user_1").json()["first_name"] is None


def test_control_calls_act_on_the_environment_of_the_client_id(server: MockServer, client: Client) -> None:
    create_user(client)
    state = httpx.get(f"{server.url}/_emulate/state", params={"client_id": client.client_id}).json()
    assert [user["email"] for user in state["users"]] == ["ada@example.com"]


def test_the_client_id_wins_over_the_api_key(new_client: Callable[..., Client]) -> None:
    one, other = new_client(), new_client()
    create_user(one)
    state = other.get("/_emulate/state", params={"client_id": one.client_id}).json()
    assert len(state["users"]) == 1


def test_without_key_and_client_id_control_calls_act_on_the_default_environment(server: MockServer) -> None:
    links = httpx.get(server.url).json()
    assert links["client_id"] == server.client_id


def test_an_unknown_client_id_is_not_found(client: Client) -> None:
    response = client.get("/_emulate/clock", params={"client_id": "client_nobody"})
    assert (response.status_code, response.json()["code"]) == (404, "environment_not_found")


def test_an_unknown_api_key_is_not_found(server: MockServer) -> None:
    response = httpx.get(f"{server.url}/_emulate/clock", headers={"Authorization": "Bearer sk_test_nobody"})
    assert (response.status_code, response.json()["code"]) == (404, "environment_not_found")
