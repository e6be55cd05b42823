"""The roles of a membership: when it is made, and later."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from tests.answers import JSON, invalid, not_found
from tests.builders import create_user, event_data
from tests.conftest import Client
from tests.memberships.builders import MEMBERSHIPS, create_membership, event_of, read, slugs
from tests.organization_builders import add_member, create_organization
from tests.roles.builders import create_organization_role, create_role


def create(client: Client, roles: JSON) -> httpx.Response:
    body = {"user_id": create_user(client)["id"], "organization_id": create_organization(client)["id"]}
    return client.post(MEMBERSHIPS, json={**body, **roles})


def update(client: Client, roles: JSON) -> httpx.Response:
    return client.put(f"{MEMBERSHIPS}/{create_membership(client)['id']}", json=roles)


BOTH = pytest.mark.parametrize("send", [create, update])
Send = Callable[[Client, JSON], httpx.Response]


@BOTH
@pytest.mark.parametrize("roles", [{"role_slug": "admin"}, {"role_slugs": ["admin"]}, {"role_slugs": ["admin"] * 2}])
def test_role_is_given(client: Client, send: Send, roles: JSON) -> None:
    create_role(client, "admin")
    membership = send(client, roles).raise_for_status().json()
    assert slugs(membership) == ["admin"]
    assert read(client, membership) == membership


@BOTH
def test_several_roles_are_shown_by_priority(client: Client, send: Send) -> None:
    client.change_settings(multiple_roles="on")
    create_role(client, "admin")
    create_role(client, "viewer")
    membership = send(client, {"role_slugs": ["viewer", "member", "admin"]}).raise_for_status().json()
    assert slugs(membership) == ["member", "admin", "viewer"]
    assert read(client, membership) == membership


@BOTH
@pytest.mark.parametrize(
    ("roles", "answer"),
    [
        ({"role_slug": "boss"}, {"code": "invalid_role", "message": "Role 'boss' is not a valid role."}),
        ({"role_slugs": ["boss"]}, {"code": "invalid_role", "message": "Role 'boss' is not a valid role."}),
        (
            {"role_slugs": ["member", "admin"]},
            {
                "code": "multiple_roles_not_enabled",
                "message": "Multiple roles are not enabled for this environment.",
            },
        ),
        (
            {"role_slug": "editor"},
            {
                "code": "sub_resource_scoped_role_not_allowed",
                "message": "Sub-resource scoped roles are not allowed for this operation.",
                "role_slug": "editor",
            },
        ),
        (
            {"role_slug": "member", "role_slugs": ["member"]},
            invalid("role_slugs", "role_slugs_invalid", "Send role_slug or role_slugs, not both."),
        ),
        (
            {"role_slugs": "member"},
            invalid("role_slugs", "role_slugs_array_required", "Role Slugs must be an array."),
        ),
    ],
)
def test_unusable_roles_are_refused(client: Client, send: Send, roles: JSON, answer: JSON) -> None:
    create_role(client, "admin")
    create_role(client, "editor", resource_type_slug="document")
    response = send(client, roles)
    assert (response.status_code, response.json()) == (422, answer)


@BOTH
@pytest.mark.parametrize("roles", [{}, {"role_slug": None}, {"role_slugs": None}, {"role_slugs": []}])
def test_without_roles_it_is_the_default_one(client: Client, send: Send, roles: JSON) -> None:
    create_role(client, "admin")
    assert slugs(send(client, roles).raise_for_status().json()) == ["member"]


def test_role_of_the_organization_can_be_given(client: Client) -> None:
    organization = create_organization(client)
    role = create_organization_role(client, organization)
    membership = add_member(client, create_user(client), organization, role_slug=role["slug"])
    assert slugs(membership) == [role["slug"]]


def test_role_of_another_organization_is_unknown(client: Client) -> None:
    create_organization_role(client, create_organization(client))
    response = create(client, {"role_slug": "org-billing"})
    assert (response.status_code, response.json()["code"]) == (422, "invalid_role")


def test_update_replaces_all_roles(client: Client) -> None:
    client.change_settings(multiple_roles="on")
    for slug in ("admin", "viewer"):
        create_role(client, slug)
    before = create_membership(client, role_slugs=["admin", "member"])
    client.advance(60)
    after = client.put(f"{MEMBERSHIPS}/{before['id']}", json={"role_slugs": ["viewer"]}).json()
    assert slugs(after) == ["viewer"]
    assert after["updated_at"] > before["updated_at"]
    assert read(client, after) == after
    assert client.event_names()[-2:] == ["organization_membership.created", "organization_membership.updated"]
    assert event_data(client, "organization_membership.updated") == [event_of(after)]


@pytest.mark.parametrize("roles", [{}, {"role_slug": "admin"}, {"role_slugs": ["admin"]}])
def test_update_that_changes_nothing_is_not_told(client: Client, roles: JSON) -> None:
    create_role(client, "admin")
    membership = create_membership(client, role_slug="admin")
    client.advance(60)
    assert client.put(f"{MEMBERSHIPS}/{membership['id']}", json=roles).json() == membership
    assert "organization_membership.updated" not in client.event_names()


@pytest.mark.parametrize("status", ["inactive", "pending"])
def test_roles_can_change_in_any_status(client: Client, status: str) -> None:
    create_role(client, "admin")
    membership = create_membership(client, status)
    changed = client.put(f"{MEMBERSHIPS}/{membership['id']}", json={"role_slug": "admin"}).json()
    assert (changed["status"], slugs(changed)) == (status, ["admin"])


def test_refused_update_changes_nothing(client: Client) -> None:
    membership = create_membership(client)
    client.put(f"{MEMBERSHIPS}/{membership['id']}", json={"role_slug": "boss"})
    assert read(client, membership) == membership


@pytest.mark.fault("B10")
def test_unknown_membership_is_not_found(client: Client) -> None:
    response = client.put(f"{MEMBERSHIPS}/om_none", json={"role_slug": "member"})
    assert (response.status_code, response.json()) == (404, not_found("Organization Membership", "om_none"))
