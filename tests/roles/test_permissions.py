from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.answers import JSON, assert_pages, not_found, required
from tests.builders import event_data
from tests.conftest import Client
from tests.roles.builders import PERMISSIONS, TOO_LONG, bad_request, create_permission

BAD_SLUG = "A slug has 1 to 48 of the characters a-z 0-9 - _ . : *"


def test_created_permission_is_read_back(client: Client) -> None:
    permission = create_permission(client, "users:read", name="Read users", description="All of them")
    times = {name: permission[name] for name in ("id", "created_at", "updated_at")}
    assert permission == {
        "object": "permission",
        "slug": "users:read",
        "name": "Read users",
        "description": "All of them",
        "system": False,
        "resource_type_slug": "organization",
        **times,
    }
    assert permission["id"].startswith("perm_")
    assert client.get(f"{PERMISSIONS}/users:read").json() == permission
    assert client.get(f"{PERMISSIONS}/users%3Aread").json() == permission
    assert client.event_names() == ["permission.created"]
    assert event_data(client, "permission.created") == [permission]


def test_list_pages_in_all_orders(client: Client) -> None:
    expected = [create_permission(client, f"permission-{number}")["id"] for number in range(5)]
    assert_pages(client, PERMISSIONS, expected)


@pytest.mark.parametrize("slug", ["a", "users:*", "a.b-c_d:0", "x" * 48])
def test_unusual_slug_is_accepted(client: Client, slug: str) -> None:
    assert create_permission(client, slug, name="Name")["slug"] == slug


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"slug": "Users"}, BAD_SLUG),
        ({"slug": "users read"}, BAD_SLUG),
        ({"slug": "users/read"}, BAD_SLUG),
        ({"slug": "x" * 49}, BAD_SLUG),
    ],
)
def test_unusable_slug_is_refused(client: Client, members: JSON, message: str) -> None:
    response = client.post(PERMISSIONS, json={"slug": "users:read", "name": "Read", **members})
    assert (response.status_code, response.json()) == (400, bad_request(message))


@pytest.mark.parametrize(
    ("members", "answer"),
    [
        ({"slug": None}, required("slug")),
        ({"slug": ""}, required("slug")),
        ({"name": None}, required("name")),
        ({"name": "x" * 49}, TOO_LONG["name"]),
        ({"description": "x" * 151}, TOO_LONG["description"]),
    ],
)
def test_unusable_member_is_refused(client: Client, members: JSON, answer: JSON) -> None:
    response = client.post(PERMISSIONS, json={"slug": "users:read", "name": "Read", **members})
    assert (response.status_code, response.json()) == (422, answer)


def test_taken_slug_is_refused(client: Client) -> None:
    create_permission(client)
    response = client.post(PERMISSIONS, json={"slug": "users:read", "name": "Again"})
    assert (response.status_code, response.json()) == (
        409,
        {"code": "permission_slug_conflict", "message": "A permission with the slug 'users:read' already exists."},
    )


def test_update_changes_what_it_names(client: Client) -> None:
    permission = create_permission(client, description="Old")
    client.advance(60)
    changed = client.patch(f"{PERMISSIONS}/users:read", json={"name": "New", "description": None}).json()
    assert changed == {**permission, "name": "New", "description": None, "updated_at": changed["updated_at"]}
    assert changed["updated_at"] > permission["updated_at"]
    assert client.get(f"{PERMISSIONS}/users:read").json() == changed
    assert event_data(client, "permission.updated") == [changed]


@pytest.mark.parametrize("changes", [{}, {"name": "users:read"}, {"description": None}, {"slug": "other"}])
def test_update_that_changes_nothing_is_not_told(client: Client, changes: JSON) -> None:
    permission = create_permission(client)
    client.advance(60)
    assert client.patch(f"{PERMISSIONS}/users:read", json=changes).json() == permission
    assert client.event_names() == ["permission.created"]


@pytest.mark.parametrize(
    ("changes", "answer"),
    [({"name": ""}, required("name")), ({"description": "x" * 151}, TOO_LONG["description"])],
)
def test_unusable_change_is_refused(client: Client, changes: JSON, answer: JSON) -> None:
    permission = create_permission(client)
    response = client.patch(f"{PERMISSIONS}/users:read", json=changes)
    assert (response.status_code, response.json()) == (422, answer)
    assert client.get(f"{PERMISSIONS}/users:read").json() == permission


def test_deleted_permission_is_gone(client: Client) -> None:
    permission = create_permission(client)
    response = client.delete(f"{PERMISSIONS}/users:read")
    assert (response.status_code, response.content) == (204, b"")
    assert client.get(f"{PERMISSIONS}/users:read").status_code == 404
    assert client.event_names() == ["permission.created", "permission.deleted"]
    assert event_data(client, "permission.deleted") == [permission]


def test_slug_of_a_deleted_permission_is_free_again(client: Client) -> None:
    permission = create_permission(client)
    client.delete(f"{PERMISSIONS}/users:read").raise_for_status()
    assert create_permission(client)["id"] != permission["id"]


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PATCH", {"name": "New"}), ("DELETE", None)])
def test_unknown_permission_is_not_found(client: Client, method: str, body: Any) -> None:
    response = client.request(method, f"{PERMISSIONS}/nothing", json=body)
    assert (response.status_code, response.json()) == (404, not_found("Permission", "nothing"))


def test_system_permission_is_listed_and_cannot_be_deleted(new_client: Callable[..., Client]) -> None:
    slug = "widgets:users-table:manage"
    client = new_client(permissions=[{"slug": slug, "name": "Manage users", "system": True}])
    (permission,) = client.get(PERMISSIONS).json()["data"]
    assert (permission["slug"], permission["system"]) == (slug, True)
    response = client.delete(f"{PERMISSIONS}/{slug}")
    assert (response.status_code, response.json()) == (403, {"message": "System permissions cannot be deleted."})
    assert client.get(f"{PERMISSIONS}/{slug}").json() == permission
