"""/feature-flags: which exist, and switching them"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.answers import assert_pages, not_found
from tests.builders import create_user, event_data, state
from tests.conftest import Client
from tests.organization_builders import create_organization

FLAG = {"slug": "new-nav", "name": "New navigation"}


@pytest.fixture
def client(new_client: Callable[..., Client]) -> Client:
    """Knows the disabled flag `new-nav`."""
    return new_client(featureFlags=[FLAG])


def target(client: Client, resource: dict[str, Any], method: str = "POST") -> int:
    return client.request(method, f"/feature-flags/new-nav/targets/{resource['id']}").status_code


def contexts(client: Client, name: str) -> list[dict[str, Any]]:
    data: list[dict[str, Any]] = client.get("/events", params={"events": name}).json()["data"]
    return [event["context"] for event in data]


def test_flag_is_shown_with_all_its_members(new_client: Callable[..., Client]) -> None:
    owner = {"email": "jane@example.com", "first_name": "Jane", "last_name": None}
    client = new_client(featureFlags=[{**FLAG, "id": "flag_1", "description": "Wider", "tags": ["ui"], "owner": owner}])
    flag = client.get("/feature-flags/new-nav").json()
    assert flag == {
        "object": "feature_flag",
        "id": "flag_1",
        "slug": "new-nav",
        "name": "New navigation",
        "description": "Wider",
        "owner": owner,
        "tags": ["ui"],
        "enabled": False,
        "default_value": False,
        "created_at": flag["created_at"],
        "updated_at": flag["updated_at"],
    }


def test_flags_are_paged(new_client: Callable[..., Client]) -> None:
    client = new_client(featureFlags=[{"id": f"flag_{n}", "slug": f"flag-{n}", "name": f"Flag {n}"} for n in range(5)])
    assert_pages(client, "/feature-flags", [f"flag_{n}" for n in range(5)])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("PUT", "/enable"),
        ("PUT", "/disable"),
        ("POST", "/targets/user_1"),
        ("DELETE", "/targets/user_1"),
    ],
)
def test_unknown_flag_is_not_found(client: Client, method: str, path: str) -> None:
    response = client.request(method, f"/feature-flags/unknown{path}")
    assert response.status_code == 404
    assert response.json() == not_found("Feature Flag", "unknown")


def test_flag_is_enabled_and_disabled(client: Client) -> None:
    enabled = client.put("/feature-flags/new-nav/enable").json()
    assert enabled["enabled"] is True
    assert client.get("/feature-flags/new-nav").json() == enabled
    disabled = client.put("/feature-flags/new-nav/disable").json()
    assert disabled["enabled"] is False
    assert client.get("/feature-flags/new-nav").json() == disabled


def test_switching_is_told_once_with_the_environment_and_who_did_it(client: Client) -> None:
    flag = client.put("/feature-flags/new-nav/enable").json()
    assert client.put("/feature-flags/new-nav/enable").json() == flag
    (data,) = event_data(client, "flag.updated")
    assert data == {**flag, "environment_id": data["environment_id"]}
    assert data["environment_id"].startswith("environment_")
    assert contexts(client, "flag.updated") == [
        {
            "client_id": client.client_id,
            "actor": {"id": client.client_id, "source": "api", "name": None},
            "previous_attributes": {"data": {"enabled": False}},
        }
    ]


def test_targets_are_told_with_their_names(client: Client) -> None:
    user, organization = create_user(client), create_organization(client)
    assert [target(client, resource) for resource in (user, organization, user)] == [204, 204, 204]
    named_user = {"id": user["id"], "email": "ada@example.com"}
    first, second = contexts(client, "flag.rule_updated")
    assert first["access_type"] == "some"
    assert first["configured_targets"] == {"organizations": [], "users": [named_user]}
    assert second["configured_targets"] == {
        "organizations": [{"id": organization["id"], "name": "Acme"}],
        "users": [named_user],
    }
    assert second["previous_attributes"] == {"context": {"configured_targets": first["configured_targets"]}}


def test_target_is_removed(client: Client) -> None:
    user = create_user(client)
    target(client, user)
    assert target(client, user, "DELETE") == 204
    assert state(client, "featureFlagTargets") == []
    assert contexts(client, "flag.rule_updated")[-1]["access_type"] == "none"


def test_removing_what_is_no_target_is_not_found(client: Client) -> None:
    user = create_user(client)
    response = client.delete(f"/feature-flags/new-nav/targets/{user['id']}")
    assert response.status_code == 404
    assert response.json() == not_found("Feature Flag Target", user["id"])


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize(("id", "label"), [("user_1", "User"), ("org_1", "Organization")])
def test_unknown_target_is_not_found(client: Client, method: str, id: str, label: str) -> None:
    response = client.request(method, f"/feature-flags/new-nav/targets/{id}")
    assert response.status_code == 404
    assert response.json() == not_found(label, id)


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_target_that_is_neither_user_nor_organization_is_refused(client: Client, method: str) -> None:
    response = client.request(method, "/feature-flags/new-nav/targets/conn_1")
    assert response.status_code == 400
    assert response.json() == {
        "code": "invalid_resource_id_format",
        "message": "Invalid resource id",
        "statusCode": 400,
    }
