from __future__ import annotations

import pytest

from tests.answers import JSON
from tests.builders import create_user, event_data
from tests.conftest import Client
from tests.invitations.builders import (
    INVITATIONS,
    MEMBERSHIPS,
    act,
    event_of,
    invitation_in,
    invite,
    memberships_of,
    read,
)
from tests.organization_builders import add_member, create_organization, send_invitation
from tests.roles.builders import create_role


def accept(client: Client, invitation: JSON) -> JSON:
    accepted: JSON = act(client, invitation, "accept").raise_for_status().json()
    return accepted


def test_new_user_is_made_and_joins(client: Client) -> None:
    create_role(client, "admin")
    invitation = invite(client, role_slug="admin")
    client.advance(60)
    accepted = accept(client, invitation)
    (user,) = client.get("/user_management/users").json()["data"]
    assert accepted == {
        **invitation,
        "state": "accepted",
        "accepted_at": accepted["updated_at"],
        "accepted_user_id": user["id"],
        "updated_at": accepted["updated_at"],
    }
    assert accepted["updated_at"] > invitation["updated_at"]
    assert read(client, accepted) == accepted
    assert (user["email"], user["email_verified"]) == ("ada@example.com", False)
    (membership,) = memberships_of(client, invitation)
    assert (membership["user"], membership["status"], membership["role"]) == (user, "active", {"slug": "admin"})
    assert client.event_names()[-3:] == ["user.created", "invitation.accepted", "organization_membership.created"]
    assert event_data(client, "invitation.accepted") == [event_of(accepted)]


def test_pending_member_becomes_active(client: Client) -> None:
    create_role(client, "admin")
    user = create_user(client)
    invitation = invite(client, role_slug="admin")
    (pending,) = memberships_of(client, invitation)
    assert accept(client, invitation)["accepted_user_id"] == user["id"]
    (membership,) = memberships_of(client, invitation)
    assert membership == {**pending, "status": "active", "updated_at": membership["updated_at"]}
    assert client.event_names()[-2:] == ["invitation.accepted", "organization_membership.updated"]


def test_role_given_to_the_pending_member_meanwhile_stays(client: Client) -> None:
    create_role(client, "admin")
    create_user(client)
    invitation = invite(client)
    (pending,) = memberships_of(client, invitation)
    client.put(f"{MEMBERSHIPS}/{pending['id']}", json={"role_slug": "admin"}).raise_for_status()
    accept(client, invitation)
    assert memberships_of(client, invitation)[0]["role"] == {"slug": "admin"}


def test_inactive_member_comes_back_with_the_role_of_the_invitation(client: Client) -> None:
    create_role(client, "admin")
    organization = create_organization(client)
    membership = add_member(client, create_user(client), organization)
    client.put(f"{MEMBERSHIPS}/{membership['id']}/deactivate").raise_for_status()
    body = {"organization_id": organization["id"], "role_slug": "admin"}
    invitation = send_invitation(client, "ada@example.com", **body)
    accept(client, invitation)
    (again,) = memberships_of(client, invitation)
    assert (again["id"], again["status"], again["role"]) == (membership["id"], "active", {"slug": "admin"})
    assert client.event_names()[-2:] == ["invitation.accepted", "organization_membership.updated"]


def test_user_made_since_then_joins(client: Client) -> None:
    invitation = invite(client)
    user = create_user(client)
    assert accept(client, invitation)["accepted_user_id"] == user["id"]
    assert memberships_of(client, invitation)[0]["user_id"] == user["id"]
    assert client.event_names()[-2:] == ["invitation.accepted", "organization_membership.created"]


def test_member_made_since_then_stays_as_it_is(client: Client) -> None:
    invitation = invite(client)
    membership = add_member(client, create_user(client), {"id": invitation["organization_id"]})
    accept(client, invitation)
    assert memberships_of(client, invitation) == [membership]
    assert client.event_names()[-1] == "invitation.accepted"


def test_invited_user_that_was_deleted_is_made_again(client: Client) -> None:
    user = create_user(client)
    invitation = invite(client)
    client.delete(f"/user_management/users/{user['id']}").raise_for_status()
    assert accept(client, invitation)["accepted_user_id"] != user["id"]
    assert memberships_of(client, invitation)[0]["status"] == "active"


def test_default_role_stands_in_for_one_that_was_deleted(client: Client) -> None:
    organization = create_organization(client)
    roles = f"/authorization/organizations/{organization['id']}/roles"
    client.post(roles, json={"name": "Billing"}).raise_for_status()
    body = {"organization_id": organization["id"], "role_slug": "org-billing"}
    invitation = send_invitation(client, "ada@example.com", **body)
    client.delete(f"{roles}/org-billing").raise_for_status()
    accept(client, invitation)
    assert memberships_of(client, invitation)[0]["role"] == {"slug": "member"}


def test_invitation_without_an_organization_makes_the_user_only(client: Client) -> None:
    invitation = send_invitation(client, "ada@example.com")
    assert accept(client, invitation)["state"] == "accepted"
    assert client.event_names() == ["invitation.created", "user.created", "invitation.accepted"]


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("accepted", "invite_has_accepted_user_id"),
        ("revoked", "invite_not_pending"),
        ("expired", "invite_not_pending"),
    ],
)
def test_invitation_that_ended_cannot_be_accepted(client: Client, state: str, code: str) -> None:
    invitation = invitation_in(client, state)
    told = client.event_names()
    response = act(client, invitation, "accept")
    assert (response.status_code, response.json()) == (400, {"code": code, "message": "Invite is not pending."})
    assert read(client, invitation) == invitation
    assert client.event_names() == told


@pytest.mark.parametrize("content", ["", "{}", "null"])
def test_empty_bodies_of_sdks_are_accepted(client: Client, content: str) -> None:
    path = f"{INVITATIONS}/{invite(client)['id']}/accept"
    response = client.post(path, content=content, headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["state"]) == (200, "accepted")
