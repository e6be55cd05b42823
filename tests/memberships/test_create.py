from __future__ import annotations

import pytest

from tests.answers import JSON, not_found, required
from tests.builders import create_user, event_data
from tests.conftest import Client
from tests.memberships.builders import MEMBERSHIPS, create_membership, event_of, read, slugs
from tests.organization_builders import add_member, create_organization
from tests.roles.builders import create_role


def pair(membership: JSON) -> tuple[JSON, JSON]:
    """The user and the organization, as the builders take them."""
    return {"id": membership["user_id"]}, {"id": membership["organization_id"]}


def test_created_membership_is_read_back(client: Client) -> None:
    user, organization = create_user(client), create_organization(client)
    membership = add_member(client, user, organization)
    times = {name: membership[name] for name in ("id", "created_at", "updated_at")}
    assert membership == {
        "object": "organization_membership",
        "user_id": user["id"],
        "organization_id": organization["id"],
        "organization_name": "Acme",
        "status": "active",
        "directory_managed": False,
        "custom_attributes": {},
        "role": {"slug": "member"},
        "roles": [{"slug": "member"}],
        "user": user,
        **times,
    }
    assert membership["id"].startswith("om_")
    assert read(client, membership) == membership
    assert client.event_names()[2:] == ["organization_membership.created"]
    assert event_data(client, "organization_membership.created") == [event_of(membership)]


def test_name_of_the_organization_is_the_current_one(client: Client) -> None:
    membership = create_membership(client)
    client.put(f"/organizations/{membership['organization_id']}", json={"name": "Umbrella"}).raise_for_status()
    assert read(client, membership)["organization_name"] == "Umbrella"


def test_user_may_belong_to_several_organizations(client: Client) -> None:
    user = create_user(client)
    first = add_member(client, user, create_organization(client))
    second = add_member(client, user, create_organization(client, "Other"))
    assert first["id"] != second["id"]


@pytest.mark.parametrize("missing", ["user_id", "organization_id"])
def test_both_ids_are_required(client: Client, missing: str) -> None:
    body = {"user_id": create_user(client)["id"], "organization_id": create_organization(client)["id"]}
    response = client.post(MEMBERSHIPS, json={**body, missing: ""})
    assert (response.status_code, response.json()) == (422, required(missing))
    del body[missing]
    assert client.post(MEMBERSHIPS, json=body).json() == required(missing)


@pytest.mark.parametrize(("member", "label"), [("user_id", "User"), ("organization_id", "Organization")])
def test_unknown_user_or_organization_is_not_found(client: Client, member: str, label: str) -> None:
    body = {"user_id": create_user(client)["id"], "organization_id": create_organization(client)["id"]}
    response = client.post(MEMBERSHIPS, json={**body, member: "nobody"})
    assert (response.status_code, response.json()) == (404, not_found(label, "nobody"))


# A pair that exists already


def test_active_member_cannot_be_added_again(client: Client) -> None:
    user, organization = pair(create_membership(client))
    response = client.post(MEMBERSHIPS, json={"user_id": user["id"], "organization_id": organization["id"]})
    assert (response.status_code, response.json()) == (
        409,
        {
            "code": "organization_membership_already_exists",
            "message": "The user is already a member of the organization.",
        },
    )


def test_pending_member_cannot_be_added(client: Client) -> None:
    membership = create_membership(client, "pending")
    user, organization = pair(membership)
    response = client.post(MEMBERSHIPS, json={"user_id": user["id"], "organization_id": organization["id"]})
    assert (response.status_code, response.json()) == (
        400,
        {
            "code": "cannot_reactivate_pending_organization_membership",
            "message": "A pending organization membership cannot be reactivated. "
            "The user needs to accept the invitation instead.",
        },
    )
    assert read(client, membership) == membership


@pytest.mark.parametrize(("members", "role"), [({"role_slug": "viewer"}, "viewer"), ({}, "member")])
def test_inactive_member_comes_back_with_the_roles_given(client: Client, members: JSON, role: str) -> None:
    create_role(client, "admin")
    create_role(client, "viewer")
    before = create_membership(client, "inactive", role_slug="admin")
    again = add_member(client, *pair(before), **members)
    assert (again["id"], again["status"], slugs(again)) == (before["id"], "active", [role])
    assert read(client, again) == again
    assert client.event_names()[-1] == "organization_membership.updated"
    assert event_data(client, "organization_membership.updated")[-1] == event_of(again)


def test_deleted_member_can_be_added_again(client: Client) -> None:
    before = create_membership(client)
    client.delete(f"{MEMBERSHIPS}/{before['id']}").raise_for_status()
    assert add_member(client, *pair(before))["id"] != before["id"]
