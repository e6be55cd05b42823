"""/organizations/{id}/groups"""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Client


def create_organization(client: Client, name: str = "Acme") -> str:
    id: str = client.post("/organizations", json={"name": name}).raise_for_status().json()["id"]
    return id


def create_group(client: Client, organization_id: str, name: str = "Engineering", **members: Any) -> dict[str, Any]:
    response = client.post(f"/organizations/{organization_id}/groups", json={"name": name, **members})
    group: dict[str, Any] = response.raise_for_status().json()
    return group


def events(client: Client, family: str = "group.") -> list[tuple[str, dict[str, Any]]]:
    state = client.get("/_emulate/state").raise_for_status().json()
    return [(event["event"], event["data"]) for event in state["events"] if event["event"].startswith(family)]


@pytest.fixture
def organization_id(client: Client) -> str:
    return create_organization(client)


def test_group_is_created_and_read_back(client: Client, organization_id: str) -> None:
    path = f"/organizations/{organization_id}/groups"
    response = client.post(path, json={"name": "Engineering", "description": "Builders"})
    assert response.status_code == 201
    group = response.json()
    assert list(group) == ["object", "id", "organization_id", "name", "description", "created_at", "updated_at"]
    assert group["object"] == "group"
    assert group["id"].startswith("group_")
    assert (group["organization_id"], group["name"], group["description"]) == (
        organization_id,
        "Engineering",
        "Builders",
    )
    assert client.get(f"{path}/{group['id']}").json() == group
    assert events(client) == [("group.created", group)]


@pytest.mark.parametrize("members", [{}, {"description": None}])
def test_description_may_be_missing(client: Client, organization_id: str, members: dict[str, Any]) -> None:
    assert create_group(client, organization_id, **members)["description"] is None


def test_two_groups_may_bear_one_name(client: Client, organization_id: str) -> None:
    assert create_group(client, organization_id)["id"] != create_group(client, organization_id)["id"]


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_list_has_the_groups_of_the_organization_and_pages(client: Client, organization_id: str, order: str) -> None:
    ids = [create_group(client, organization_id, f"Group {n}")["id"] for n in range(3)]
    create_group(client, create_organization(client, "Other"))
    if order == "desc":
        ids.reverse()
    path = f"/organizations/{organization_id}/groups"
    first = client.get(path, params={"limit": 2, "order": order}).json()
    assert [group["id"] for group in first["data"]] == ids[:2]
    assert first["list_metadata"] == {"before": None, "after": ids[1]}
    second = client.get(path, params={"limit": 2, "order": order, "after": ids[1]}).json()
    assert [group["id"] for group in second["data"]] == ids[2:]


def test_group_is_changed(client: Client, organization_id: str) -> None:
    group = create_group(client, organization_id, description="Builders")
    path = f"/organizations/{organization_id}/groups/{group['id']}"
    client.advance(60)
    changed = client.patch(path, json={"name": "R&D"}).raise_for_status().json()
    assert (changed["name"], changed["description"]) == ("R&D", "Builders")
    assert changed["updated_at"] > group["updated_at"]
    assert client.get(path).json() == changed
    assert events(client)[1:] == [("group.updated", changed)]


def test_null_clears_the_description(client: Client, organization_id: str) -> None:
    group = create_group(client, organization_id, description="Builders")
    changed = client.patch(f"/organizations/{organization_id}/groups/{group['id']}", json={"description": None}).json()
    assert (changed["name"], changed["description"]) == ("Engineering", None)


@pytest.mark.parametrize("body", [{}, {"name": "Engineering"}, {"name": None}])
def test_change_of_nothing_records_no_event(client: Client, organization_id: str, body: dict[str, Any]) -> None:
    group = create_group(client, organization_id)
    path = f"/organizations/{organization_id}/groups/{group['id']}"
    assert client.patch(path, json=body).json() == group
    assert [name for name, _ in events(client)] == ["group.created"]


def test_deleted_group_is_gone(client: Client, organization_id: str) -> None:
    group = create_group(client, organization_id)
    path = f"/organizations/{organization_id}/groups/{group['id']}"
    response = client.delete(path)
    assert (response.status_code, response.content) == (204, b"")
    assert client.get(path).status_code == 404
    assert client.delete(path).status_code == 404
    assert events(client)[1:] == [("group.deleted", group)]


@pytest.mark.parametrize(
    "members", [{"name": "n" * 257}, {"name": "Engineering", "description": "d" * 151}], ids=["name", "description"]
)
def test_text_that_is_too_long_is_a_bad_request(client: Client, organization_id: str, members: dict[str, Any]) -> None:
    group = create_group(client, organization_id)
    path = f"/organizations/{organization_id}/groups"
    for response in (client.post(path, json=members), client.patch(f"{path}/{group['id']}", json=members)):
        assert response.status_code == 400
        assert response.json()["code"] == "bad_request"


def test_longest_texts_are_taken(client: Client, organization_id: str) -> None:
    group = create_group(client, organization_id, "n" * 256, description="d" * 150)
    assert (len(group["name"]), len(group["description"])) == (256, 150)


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": 5}, {"name": "Engineering", "description": 5}])
def test_missing_or_ill_typed_member_is_refused(client: Client, organization_id: str, body: dict[str, Any]) -> None:
    response = client.post(f"/organizations/{organization_id}/groups", json=body)
    assert response.status_code == 422
    assert response.json()["code"] == "invalid_request_parameters"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", ""),
        ("GET", ""),
        ("GET", "/group_x"),
        ("PATCH", "/group_x"),
        ("DELETE", "/group_x"),
        ("POST", "/group_x/organization-memberships"),
        ("GET", "/group_x/organization-memberships"),
        ("DELETE", "/group_x/organization-memberships/om_x"),
    ],
)
def test_unknown_organization_is_not_found(client: Client, method: str, path: str) -> None:
    body = {"name": "Engineering", "organization_membership_id": "om_x"}
    response = client.request(method, f"/organizations/org_x/groups{path}", json=body)
    assert response.status_code == 404
    assert response.json()["entity_id"] == "org_x"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "/organization-memberships"),
        ("GET", "/organization-memberships"),
        ("DELETE", "/organization-memberships/om_x"),
    ],
)
def test_group_of_another_organization_is_not_found(
    client: Client, organization_id: str, method: str, path: str
) -> None:
    group = create_group(client, create_organization(client, "Other"))
    body = {"name": "Engineering", "organization_membership_id": "om_x"}
    response = client.request(method, f"/organizations/{organization_id}/groups/{group['id']}{path}", json=body)
    assert response.status_code == 404
    assert response.json() == {
        "message": f"Group not found: '{group['id']}'.",
        "code": "entity_not_found",
        "entity_id": group["id"],
    }


def test_groups_need_a_key(client: Client, organization_id: str) -> None:
    assert client.keyless.get(f"/organizations/{organization_id}/groups").status_code == 401


def test_groups_go_with_their_organization(client: Client, organization_id: str) -> None:
    create_group(client, organization_id)
    client.delete(f"/organizations/{organization_id}").raise_for_status()
    assert "groups" not in client.get("/_emulate/state").json()
