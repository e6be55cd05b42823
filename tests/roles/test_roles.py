from __future__ import annotations

from typing import Any

import pytest

from tests.answers import JSON, not_found, required
from tests.builders import event_data
from tests.conftest import Client
from tests.organization_builders import create_organization
from tests.roles.builders import ROLES, TOO_LONG, bad_request, create_organization_role, create_role


def listed(client: Client, path: str = ROLES) -> list[JSON]:
    roles: list[JSON] = client.get(path).raise_for_status().json()["data"]
    return roles


def event_of(role: JSON) -> JSON:
    """What events say of a role of the environment."""
    return {name: value for name, value in role.items() if name not in ("id", "name", "description", "type")}


def test_member_is_the_only_role_of_a_new_environment(client: Client) -> None:
    (member,) = listed(client)
    times = {name: member[name] for name in ("id", "created_at", "updated_at")}
    assert member == {
        "object": "role",
        "slug": "member",
        "name": "Member",
        "description": None,
        "type": "EnvironmentRole",
        "resource_type_slug": "organization",
        "permissions": [],
        **times,
    }
    assert client.get(f"{ROLES}/member").json() == member
    assert client.event_names() == []


def test_created_role_is_read_back(client: Client) -> None:
    role = create_role(client, "admin", name="Administrator", description="May do anything")
    assert role["id"].startswith("role_")
    assert role == {
        **role,
        "slug": "admin",
        "name": "Administrator",
        "description": "May do anything",
        "type": "EnvironmentRole",
        "resource_type_slug": "organization",
        "permissions": [],
    }
    assert client.get(f"{ROLES}/admin").json() == role
    assert client.event_names() == ["role.created"]
    assert event_data(client, "role.created") == [event_of(role)]


def test_list_has_all_roles_in_order_of_priority(client: Client) -> None:
    for slug in ("zebra", "admin", "viewer"):
        create_role(client, slug)
    answer = client.get(ROLES).json()
    assert [role["slug"] for role in answer["data"]] == ["member", "zebra", "admin", "viewer"]
    assert answer["list_metadata"] == {"before": None, "after": None}


def test_list_is_not_paginated(client: Client) -> None:
    for number in range(12):
        create_role(client, f"role-{number}")
    assert len(listed(client, f"{ROLES}?limit=2")) == 13


def test_list_leaves_out_roles_of_organizations(client: Client) -> None:
    create_organization_role(client, create_organization(client))
    assert [role["slug"] for role in listed(client)] == ["member"]


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"name": "Boss"}, {"name": "Boss"}),
        ({"description": "New"}, {"description": "New"}),
        ({"description": None}, {"description": None}),
        ({"name": "Boss", "slug": "boss"}, {"name": "Boss"}),
    ],
)
def test_update_changes_what_it_names(client: Client, changes: JSON, shown: JSON) -> None:
    role = create_role(client, description="Old")
    client.advance(60)
    changed = client.patch(f"{ROLES}/admin", json=changes).raise_for_status().json()
    assert changed == {**role, **shown, "updated_at": changed["updated_at"]}
    assert changed["updated_at"] > role["updated_at"]
    assert client.get(f"{ROLES}/admin").json() == changed
    assert client.event_names() == ["role.created", "role.updated"]
    assert event_data(client, "role.updated") == [event_of(changed)]


@pytest.mark.parametrize("changes", [{}, {"name": "admin"}, {"name": None}, {"description": None}])
def test_update_that_changes_nothing_is_not_told(client: Client, changes: JSON) -> None:
    role = create_role(client)
    client.advance(60)
    assert client.patch(f"{ROLES}/admin", json=changes).json() == role
    assert client.event_names() == ["role.created"]


@pytest.mark.parametrize("slug", ["admin", "member"])
def test_taken_slug_is_refused(client: Client, slug: str) -> None:
    create_role(client)
    response = client.post(ROLES, json={"slug": slug, "name": "Again"})
    assert (response.status_code, response.json()) == (
        409,
        {"code": "role_slug_conflict", "message": f"A role with the slug '{slug}' already exists."},
    )


BAD_SLUG = "A slug has 1 to 48 of the characters a-z 0-9 - _"


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"slug": "Admin"}, BAD_SLUG),
        ({"slug": "ad min"}, BAD_SLUG),
        ({"slug": "admin\n"}, BAD_SLUG),
        ({"slug": "users:read"}, BAD_SLUG),
        ({"slug": "x" * 49}, BAD_SLUG),
    ],
)
def test_unusable_slug_is_refused(client: Client, members: JSON, message: str) -> None:
    response = client.post(ROLES, json={"slug": "admin", "name": "Admin", **members})
    assert (response.status_code, response.json()) == (400, bad_request(message))


def test_longest_members_are_accepted(client: Client) -> None:
    role = create_role(client, "x" * 48, name="n" * 48, description="d" * 150)
    assert client.get(f"{ROLES}/{'x' * 48}").json() == role


@pytest.mark.parametrize(
    ("members", "answer"),
    [
        ({"slug": None}, required("slug")),
        ({"name": None}, required("name")),
        ({"name": ""}, required("name")),
        ({"name": "x" * 49}, TOO_LONG["name"]),
        ({"description": "x" * 151}, TOO_LONG["description"]),
    ],
)
def test_unusable_member_is_refused(client: Client, members: JSON, answer: JSON) -> None:
    response = client.post(ROLES, json={"slug": "admin", "name": "Admin", **members})
    assert (response.status_code, response.json()) == (422, answer)


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"name": "x" * 49}, TOO_LONG["name"]),
        ({"description": "x" * 151}, TOO_LONG["description"]),
        ({"name": ""}, required("name")),
        ({"description": 7}, required("description")),
    ],
)
def test_unusable_change_is_refused(client: Client, changes: JSON, answer: JSON) -> None:
    role = create_role(client)
    response = client.patch(f"{ROLES}/admin", json=changes)
    assert (response.status_code, response.json()) == (422, answer)
    assert client.get(f"{ROLES}/admin").json() == role


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"name": "New"}),
        ("PUT", "/permissions", {"permissions": []}),
        ("POST", "/permissions", {"slug": "users:read"}),
    ],
)
def test_unknown_role_is_not_found(client: Client, method: str, path: str, body: Any) -> None:
    response = client.request(method, f"{ROLES}/nobody{path}", json=body)
    assert (response.status_code, response.json()) == (404, not_found("Role", "nobody"))


def test_role_of_an_organization_is_not_found_among_those_of_the_environment(client: Client) -> None:
    role = create_organization_role(client, create_organization(client))
    response = client.get(f"{ROLES}/{role['slug']}")
    assert (response.status_code, response.json()) == (404, not_found("Role", role["slug"]))


def test_role_of_the_environment_cannot_be_deleted(client: Client) -> None:
    create_role(client)
    assert client.delete(f"{ROLES}/admin").status_code == 405
