from __future__ import annotations

from typing import Any

import pytest

from tests.answers import JSON, not_found, required
from tests.builders import create_user, event_data
from tests.conftest import Client
from tests.organization_builders import add_member, create_organization
from tests.roles.builders import (
    TOO_LONG,
    bad_request,
    create_organization_role,
    create_permission,
    create_role,
    grant,
    roles_of,
)

NOT_OF_ORGANIZATION = bad_request("Only roles of the organization itself can be changed or deleted here.")


def event_of(role: JSON, organization: JSON) -> JSON:
    """What events say of a role of the organization."""
    data = {name: value for name, value in role.items() if name not in ("id", "type")}
    return {**data, "object": "organization_role", "organization_id": organization["id"]}


def test_created_role_is_read_back(client: Client) -> None:
    organization = create_organization(client)
    role = create_organization_role(client, organization, slug="org-billing", description="Pays")
    times = {name: role[name] for name in ("id", "created_at", "updated_at")}
    assert role == {
        "object": "role",
        "slug": "org-billing",
        "name": "Billing",
        "description": "Pays",
        "type": "OrganizationRole",
        "resource_type_slug": "organization",
        "permissions": [],
        **times,
    }
    assert client.get(f"{roles_of(organization)}/org-billing").json() == role
    assert client.event_names()[1:] == ["organization_role.created"]
    assert event_data(client, "organization_role.created") == [event_of(role, organization)]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Billing Admin", "org-billing-admin"),
        ("  R&D  team ", "org-r-d-team"),
        ("!!!", "org-role"),
        ("n" * 48, "org-" + "n" * 44),
    ],
)
def test_slug_is_made_from_the_name(client: Client, name: str, slug: str) -> None:
    assert create_organization_role(client, create_organization(client), name=name)["slug"] == slug


def test_list_has_roles_of_the_environment_first(client: Client) -> None:
    organization, other = create_organization(client), create_organization(client, "Other")
    create_organization_role(client, organization, slug="org-first")
    create_role(client, "admin")
    create_organization_role(client, organization, slug="org-second")
    create_organization_role(client, other, slug="org-foreign")
    answer = client.get(roles_of(organization)).json()
    assert [role["slug"] for role in answer["data"]] == ["member", "admin", "org-first", "org-second"]
    assert answer["list_metadata"] == {"before": None, "after": None}


def test_role_of_the_environment_is_found_through_the_organization(client: Client) -> None:
    admin = create_role(client, "admin")
    assert client.get(f"{roles_of(create_organization(client))}/admin").json() == admin


def test_two_organizations_may_use_one_slug(client: Client) -> None:
    first, second = create_organization(client), create_organization(client, "Other")
    one, two = (create_organization_role(client, organization) for organization in (first, second))
    assert one["slug"] == two["slug"]
    assert client.get(f"{roles_of(second)}/{two['slug']}").json() == two


def test_taken_slug_is_refused(client: Client) -> None:
    organization = create_organization(client)
    create_organization_role(client, organization, name="Billing")
    response = client.post(roles_of(organization), json={"name": "billing"})
    assert (response.status_code, response.json()) == (
        409,
        {
            "code": "organization_role_slug_conflict",
            "message": "A role with the slug 'org-billing' already exists.",
        },
    )


@pytest.mark.parametrize(
    ("members", "status", "answer"),
    [
        ({"slug": "billing"}, 400, bad_request("The slug of an organization's role must start with 'org-'.")),
        ({"slug": "org-A"}, 400, bad_request("A slug has 1 to 48 of the characters a-z 0-9 - _")),
        ({"name": "x" * 49}, 422, TOO_LONG["name"]),
        ({"description": "x" * 151}, 422, TOO_LONG["description"]),
        ({"name": ""}, 422, required("name")),
        ({"name": None}, 422, required("name")),
        ({"slug": ""}, 422, required("slug")),
    ],
)
def test_unusable_member_is_refused(client: Client, members: JSON, status: int, answer: JSON) -> None:
    organization = create_organization(client)
    response = client.post(roles_of(organization), json={"name": "Billing", **members})
    assert (response.status_code, response.json()) == (status, answer)


def test_update_changes_what_it_names(client: Client) -> None:
    organization = create_organization(client)
    role = create_organization_role(client, organization, description="Pays")
    client.advance(60)
    path = f"{roles_of(organization)}/{role['slug']}"
    changed = client.patch(path, json={"name": "Finance", "description": None}).raise_for_status().json()
    assert changed == {**role, "name": "Finance", "description": None, "updated_at": changed["updated_at"]}
    assert client.get(path).json() == changed
    assert event_data(client, "organization_role.updated") == [event_of(changed, organization)]


def test_deleted_role_is_gone(client: Client) -> None:
    organization = create_organization(client)
    role = create_organization_role(client, organization)
    create_permission(client, "users:read")
    path = f"{roles_of(organization)}/{role['slug']}"
    role = grant(client, path, "users:read")
    response = client.delete(path)
    assert (response.status_code, response.content) == (204, b"")
    assert client.get(path).status_code == 404
    assert client.event_names()[-1] == "organization_role.deleted"
    assert event_data(client, "organization_role.deleted") == [event_of(role, organization)]


@pytest.mark.parametrize("status", ["active", "inactive"])
def test_role_that_somebody_holds_cannot_be_deleted(client: Client, status: str) -> None:
    organization = create_organization(client)
    role = create_organization_role(client, organization)
    membership = add_member(client, create_user(client), organization, role_slug=role["slug"])
    if status == "inactive":
        client.put(f"/user_management/organization_memberships/{membership['id']}/deactivate").raise_for_status()
    response = client.delete(f"{roles_of(organization)}/{role['slug']}")
    assert (response.status_code, response.json()) == (
        409,
        {"code": "role_has_assignments", "message": "The role is assigned to organization memberships."},
    )
    client.delete(f"/user_management/organization_memberships/{membership['id']}").raise_for_status()
    assert client.delete(f"{roles_of(organization)}/{role['slug']}").status_code == 204


@pytest.mark.parametrize("slug", ["member", "admin"])
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("DELETE", "", None),
        ("PATCH", "", {"name": "New"}),
        ("POST", "/permissions", {"slug": "users:read"}),
    ],
)
def test_role_of_the_environment_cannot_be_changed_here(
    client: Client, slug: str, method: str, path: str, body: Any
) -> None:
    create_role(client, "admin")
    response = client.request(method, f"{roles_of(create_organization(client))}/{slug}{path}", json=body)
    assert (response.status_code, response.json()) == (400, NOT_OF_ORGANIZATION)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("PUT", "/permissions", {"permissions": []}), ("DELETE", "/permissions/users:read", None)],
)
def test_role_of_the_environment_is_not_found_here(client: Client, method: str, path: str, body: Any) -> None:
    response = client.request(method, f"{roles_of(create_organization(client))}/member{path}", json=body)
    assert (response.status_code, response.json()) == (404, not_found("Role", "member"))


CALLS = [
    ("GET", "/org-billing", None),
    ("PATCH", "/org-billing", {"name": "New"}),
    ("DELETE", "/org-billing", None),
    ("PUT", "/org-billing/permissions", {"permissions": []}),
    ("POST", "/org-billing/permissions", {"slug": "users:read"}),
    ("DELETE", "/org-billing/permissions/users:read", None),
]


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_role_of_another_organization_is_not_found(client: Client, method: str, path: str, body: Any) -> None:
    create_organization_role(client, create_organization(client))
    other = create_organization(client, "Other")
    response = client.request(method, f"{roles_of(other)}{path}", json=body)
    assert (response.status_code, response.json()) == (404, not_found("Role", "org-billing"))


@pytest.mark.parametrize(("method", "path", "body"), [*CALLS, ("GET", "", None), ("POST", "", {"name": "Billing"})])
def test_unknown_organization_is_not_found(client: Client, method: str, path: str, body: Any) -> None:
    response = client.request(method, f"{roles_of({'id': 'org_none'})}{path}", json=body)
    assert (response.status_code, response.json()) == (404, not_found("Organization", "org_none"))


@pytest.mark.fault("B3")
def test_older_sdks_list_the_roles_at_a_path_of_their_own(client: Client) -> None:
    organization = create_organization(client)
    create_organization_role(client, organization)
    current = client.get(roles_of(organization)).json()
    response = client.get(f"/organizations/{organization['id']}/roles")
    assert (response.status_code, response.json()) == (200, {"object": "list", "data": current["data"]})
    assert [role["slug"] for role in current["data"]] == ["member", "org-billing"]


@pytest.mark.fault("B3")
def test_roles_of_an_unknown_organization_are_not_found_at_the_older_path(client: Client) -> None:
    response = client.get("/organizations/org_missing/roles")
    assert (response.status_code, response.json()) == (404, not_found("Organization", "org_missing"))
