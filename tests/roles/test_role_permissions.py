"""What a role grants, of the environment and of an organization alike."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.answers import invalid, not_found, required
from tests.builders import claims, event_data, sign_in
from tests.conftest import Client
from tests.organization_builders import create_member, create_organization
from tests.roles.builders import (
    PERMISSIONS,
    ROLES,
    create_organization_role,
    create_permission,
    create_role,
    grant,
    roles_of,
)


def environment_role(client: Client) -> str:
    return f"{ROLES}/{create_role(client)['slug']}"


def organization_role(client: Client) -> str:
    organization = create_organization(client)
    return f"{roles_of(organization)}/{create_organization_role(client, organization)['slug']}"


BOTH = pytest.mark.parametrize(
    ("make", "family"), [(environment_role, "role"), (organization_role, "organization_role")]
)
Make = Callable[[Client], str]


@BOTH
def test_set_replaces_what_the_role_grants(client: Client, make: Make, family: str) -> None:
    path = make(client)
    for slug in ("a", "b", "c"):
        create_permission(client, slug)
    grant(client, path, "b", "a")
    client.advance(60)
    role = grant(client, path, "c", "b", "b")
    assert role["permissions"] == ["b", "c"]
    assert client.get(path).json() == role
    assert role["updated_at"] > role["created_at"]
    assert client.event_names()[-2:] == [f"{family}.updated"] * 2
    assert [data["permissions"] for data in event_data(client, f"{family}.updated")] == [["a", "b"], ["b", "c"]]


@BOTH
def test_empty_set_takes_all_away(client: Client, make: Make, family: str) -> None:
    path = make(client)
    create_permission(client, "a")
    grant(client, path, "a")
    assert grant(client, path)["permissions"] == []


@BOTH
def test_same_set_is_not_told(client: Client, make: Make, family: str) -> None:
    path = make(client)
    create_permission(client, "a")
    role = grant(client, path, "a")
    client.advance(60)
    assert grant(client, path, "a") == role
    assert client.event_names().count(f"{family}.updated") == 1


@BOTH
def test_unknown_permission_changes_nothing(client: Client, make: Make, family: str) -> None:
    path = make(client)
    create_permission(client, "a")
    response = client.put(f"{path}/permissions", json={"permissions": ["a", "nothing"]})
    assert (response.status_code, response.json()) == (404, not_found("Permission", "nothing"))
    assert client.get(path).json()["permissions"] == []


@BOTH
def test_added_permission_joins_the_others(client: Client, make: Make, family: str) -> None:
    path = make(client)
    create_permission(client, "a")
    create_permission(client, "b")
    grant(client, path, "b")
    response = client.post(f"{path}/permissions", json={"slug": "a"})
    assert response.status_code == 200
    assert response.json()["permissions"] == ["a", "b"]
    assert client.get(path).json() == response.json()
    assert client.event_names()[-1] == f"{family}.updated"


@BOTH
def test_permission_can_be_added_again(client: Client, make: Make, family: str) -> None:
    path = make(client)
    create_permission(client, "a")
    role = grant(client, path, "a")
    client.advance(60)
    assert client.post(f"{path}/permissions", json={"slug": "a"}).json() == role
    assert client.event_names().count(f"{family}.updated") == 1


@BOTH
def test_unknown_permission_cannot_be_added(client: Client, make: Make, family: str) -> None:
    response = client.post(f"{make(client)}/permissions", json={"slug": "nothing"})
    assert (response.status_code, response.json()) == (404, not_found("Permission", "nothing"))


@BOTH
def test_set_and_addition_need_their_members(client: Client, make: Make, family: str) -> None:
    path = make(client)
    response = client.put(f"{path}/permissions", json={})
    answer = invalid("permissions", "permissions_array_required", "Permissions must be an array.")
    assert (response.status_code, response.json()) == (422, answer)
    response = client.post(f"{path}/permissions", json={})
    assert (response.status_code, response.json()) == (422, required("slug"))


def test_removed_permission_is_no_longer_granted(client: Client) -> None:
    path = organization_role(client)
    create_permission(client, "users:read")
    create_permission(client, "b")
    grant(client, path, "users:read", "b")
    response = client.delete(f"{path}/permissions/users:read")
    assert response.status_code == 200
    assert response.json()["permissions"] == ["b"]
    assert client.get(path).json() == response.json()
    assert event_data(client, "organization_role.updated")[-1]["permissions"] == ["b"]
    assert client.get(f"{PERMISSIONS}/users:read").status_code == 200


@pytest.mark.parametrize("exists", [True, False])
def test_permission_that_is_not_granted_cannot_be_removed(client: Client, exists: bool) -> None:
    path = organization_role(client)
    if exists:
        create_permission(client, "a")
    response = client.delete(f"{path}/permissions/a")
    assert (response.status_code, response.json()) == (404, not_found("Permission", "a"))


def test_deleted_permission_is_taken_from_the_roles_concerned(client: Client) -> None:
    paths = [environment_role(client), organization_role(client), f"{ROLES}/member"]
    create_permission(client, "a")
    create_permission(client, "b")
    for path in paths[:2]:
        grant(client, path, "a", "b")
    client.delete(f"{PERMISSIONS}/a").raise_for_status()
    assert [client.get(path).json()["permissions"] for path in paths] == [["b"], ["b"], []]
    assert client.event_names()[-3:] == ["role.updated", "organization_role.updated", "permission.deleted"]


def test_deleted_permission_is_missing_from_new_tokens(client: Client) -> None:
    create_permission(client, "a")
    create_permission(client, "b")
    grant(client, f"{ROLES}/member", "b", "a")
    create_member(client, create_organization(client))
    answer = sign_in(client)
    assert claims(answer["access_token"])["permissions"] == ["a", "b"]
    client.delete(f"{PERMISSIONS}/a").raise_for_status()
    refreshed = client.authenticate("refresh_token", refresh_token=answer["refresh_token"]).json()
    assert claims(refreshed["access_token"])["permissions"] == ["b"]
