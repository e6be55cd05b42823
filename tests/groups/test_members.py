"""/organizations/{id}/groups/{id}/organization-memberships and the groups of a membership"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.builders import create_user
from tests.conftest import Client
from tests.groups.test_groups import create_group, create_organization, events


def create_membership(client: Client, organization_id: str, email: str = "ada@example.com") -> dict[str, Any]:
    body = {"user_id": create_user(client, email)["id"], "organization_id": organization_id}
    response = client.post("/user_management/organization_memberships", json=body)
    membership: dict[str, Any] = response.raise_for_status().json()
    return membership


def members_path(group: dict[str, Any]) -> str:
    return f"/organizations/{group['organization_id']}/groups/{group['id']}/organization-memberships"


def add(client: Client, group: dict[str, Any], membership_id: str) -> httpx.Response:
    return client.post(members_path(group), json={"organization_membership_id": membership_id})


def member_ids(client: Client, group: dict[str, Any]) -> list[str]:
    return [member["id"] for member in client.get(members_path(group)).raise_for_status().json()["data"]]


def group_ids(client: Client, membership: dict[str, Any]) -> list[str]:
    response = client.get(f"/user_management/organization_memberships/{membership['id']}/groups")
    return [group["id"] for group in response.raise_for_status().json()["data"]]


@pytest.fixture
def organization_id(client: Client) -> str:
    return create_organization(client)


@pytest.fixture
def group(client: Client, organization_id: str) -> dict[str, Any]:
    return create_group(client, organization_id)


@pytest.fixture
def membership(client: Client, organization_id: str) -> dict[str, Any]:
    return create_membership(client, organization_id)


def test_added_member_is_listed_with_its_user_and_without_roles(
    client: Client, group: dict[str, Any], membership: dict[str, Any]
) -> None:
    response = add(client, group, membership["id"])
    assert (response.status_code, response.json()) == (200, group)
    listed = client.get(members_path(group)).json()
    base = {name: value for name, value in membership.items() if name not in ("role", "roles")}
    assert listed == {"object": "list", "data": [base], "list_metadata": {"before": None, "after": None}}
    assert group_ids(client, membership) == [group["id"]]


def test_event_of_a_new_member_belongs_to_the_organization(
    client: Client, group: dict[str, Any], membership: dict[str, Any]
) -> None:
    add(client, group, membership["id"])
    data = {"group_id": group["id"], "organization_membership_id": membership["id"]}
    assert events(client, "group.member") == [("group.member_added", data)]
    query = {"events": "group.member_added", "organization_id": group["organization_id"]}
    assert [event["data"] for event in client.get("/events", params=query).json()["data"]] == [data]


def test_adding_twice_changes_nothing(client: Client, group: dict[str, Any], membership: dict[str, Any]) -> None:
    add(client, group, membership["id"])
    assert add(client, group, membership["id"]).status_code == 200
    assert member_ids(client, group) == [membership["id"]]
    assert len(events(client, "group.member")) == 1


def test_removed_member_is_gone_from_the_group_only(
    client: Client, group: dict[str, Any], membership: dict[str, Any]
) -> None:
    add(client, group, membership["id"])
    response = client.delete(f"{members_path(group)}/{membership['id']}")
    assert (response.status_code, response.content) == (204, b"")
    assert member_ids(client, group) == []
    assert client.get(f"/user_management/organization_memberships/{membership['id']}").status_code == 200
    data = {"group_id": group["id"], "organization_membership_id": membership["id"]}
    assert events(client, "group.member_removed") == [("group.member_removed", data)]


def test_removing_one_who_is_no_member_is_not_found(
    client: Client, group: dict[str, Any], membership: dict[str, Any]
) -> None:
    response = client.delete(f"{members_path(group)}/{membership['id']}")
    assert (response.status_code, response.json()["entity_id"]) == (404, membership["id"])


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_lists_page(client: Client, organization_id: str, order: str) -> None:
    groups = [create_group(client, organization_id, f"Group {n}") for n in range(3)]
    members = [create_membership(client, organization_id, f"user{n}@example.com") for n in range(3)]
    for group, member in [(groups[0], member) for member in members] + [(group, members[0]) for group in groups]:
        add(client, group, member["id"]).raise_for_status()
    groups_path = f"/user_management/organization_memberships/{members[0]['id']}/groups"
    for path, objects in ((members_path(groups[0]), members), (groups_path, groups)):
        ids = [item["id"] for item in objects]
        if order == "desc":
            ids.reverse()
        first = client.get(path, params={"limit": 2, "order": order}).json()
        assert [item["id"] for item in first["data"]] == ids[:2]
        second = client.get(path, params={"limit": 2, "order": order, "after": ids[1]}).json()
        assert [item["id"] for item in second["data"]] == ids[2:]
        back = client.get(path, params={"limit": 2, "order": order, "before": ids[2]}).json()
        assert [item["id"] for item in back["data"]] == ids[:2]


def test_membership_of_another_organization_is_not_found(client: Client, group: dict[str, Any]) -> None:
    foreign = create_membership(client, create_organization(client, "Other"))
    response = add(client, group, foreign["id"])
    assert (response.status_code, response.json()["entity_id"]) == (404, foreign["id"])
    assert client.delete(f"{members_path(group)}/{foreign['id']}").status_code == 404


def test_unknown_membership_is_not_found(client: Client, group: dict[str, Any]) -> None:
    assert add(client, group, "om_x").status_code == 404
    assert client.get("/user_management/organization_memberships/om_x/groups").status_code == 404


@pytest.mark.parametrize("body", [{}, {"organization_membership_id": ""}, {"organization_membership_id": 5}])
def test_membership_must_be_named(client: Client, group: dict[str, Any], body: dict[str, Any]) -> None:
    response = client.post(members_path(group), json=body)
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "organization_membership_id"


def test_deleted_membership_leaves_its_groups(
    client: Client, group: dict[str, Any], membership: dict[str, Any]
) -> None:
    add(client, group, membership["id"])
    client.delete(f"/user_management/organization_memberships/{membership['id']}").raise_for_status()
    assert member_ids(client, group) == []


def test_deleted_group_leaves_its_members(client: Client, group: dict[str, Any], membership: dict[str, Any]) -> None:
    add(client, group, membership["id"])
    client.delete(f"/organizations/{group['organization_id']}/groups/{group['id']}").raise_for_status()
    assert group_ids(client, membership) == []


def test_membership_belongs_to_a_thousand_groups_at_most(new_client: Callable[..., Client]) -> None:
    groups = [{"name": f"Group {n}", "members": ["ada@example.com"]} for n in range(1000)]
    organization = {"name": "Acme", "memberships": [{"email": "ada@example.com"}], "groups": groups}
    client = new_client(users=[{"email": "ada@example.com"}], organizations=[organization])
    (acme,) = client.get("/organizations").json()["data"]
    query = {"organization_id": acme["id"]}
    (membership,) = client.get("/user_management/organization_memberships", params=query).json()["data"]
    response = add(client, create_group(client, acme["id"], "One more"), membership["id"])
    assert response.status_code == 400
    assert response.json()["code"] == "group_membership_limit_exceeded"
