"""Deactivating, reactivating and deleting, and the sessions that end with it."""

from __future__ import annotations

import pytest

from tests.answers import JSON, not_found
from tests.builders import PASSWORD, create_user, event_data, list_sessions, sign_in
from tests.conftest import Client
from tests.memberships.builders import MEMBERSHIPS, create_membership, event_of, put, read, slugs
from tests.organization_builders import add_member, create_organization
from tests.roles.builders import create_role

CANNOT_DEACTIVATE = {
    "code": "cannot_deactivate_pending_organization_membership",
    "message": "A pending organization membership cannot be deactivated. This membership should be deleted instead.",
}
CANNOT_REACTIVATE = {
    "code": "cannot_reactivate_pending_organization_membership",
    "message": "A pending organization membership cannot be reactivated. "
    "The user needs to accept the invitation instead.",
}


def test_deactivated_membership_is_inactive(client: Client) -> None:
    before = create_membership(client)
    client.advance(60)
    after = put(client, before, "deactivate")
    assert after == {**before, "status": "inactive", "updated_at": after["updated_at"]}
    assert after["updated_at"] > before["updated_at"]
    assert read(client, after) == after
    assert client.event_names()[-1] == "organization_membership.updated"
    assert event_data(client, "organization_membership.updated") == [event_of(after)]


def test_reactivated_membership_keeps_its_roles(client: Client) -> None:
    create_role(client, "admin")
    before = create_membership(client, "inactive", role_slug="admin")
    after = put(client, before, "reactivate")
    assert after == {**before, "status": "active", "updated_at": after["updated_at"]}
    assert slugs(after) == ["admin"]
    assert read(client, after) == after
    assert event_data(client, "organization_membership.updated")[-1] == event_of(after)


@pytest.mark.parametrize(("status", "action"), [("inactive", "deactivate"), ("active", "reactivate")])
def test_status_that_holds_already_is_not_told(client: Client, status: str, action: str) -> None:
    membership = create_membership(client, status)
    told = client.event_names()
    client.advance(60)
    assert put(client, membership, action) == membership
    assert client.event_names() == told


@pytest.mark.parametrize(("action", "answer"), [("deactivate", CANNOT_DEACTIVATE), ("reactivate", CANNOT_REACTIVATE)])
def test_pending_membership_stays_pending(client: Client, action: str, answer: JSON) -> None:
    membership = create_membership(client, "pending")
    response = client.put(f"{MEMBERSHIPS}/{membership['id']}/{action}", json={})
    assert (response.status_code, response.json()) == (400, answer)
    assert read(client, membership) == membership


@pytest.mark.parametrize("status", ["active", "inactive", "pending"])
def test_membership_can_be_deleted_in_any_status(client: Client, status: str) -> None:
    membership = create_membership(client, status)
    response = client.delete(f"{MEMBERSHIPS}/{membership['id']}")
    assert (response.status_code, response.content) == (200, b"")
    assert "content-type" not in response.headers
    assert client.get(f"{MEMBERSHIPS}/{membership['id']}").status_code == 404
    assert client.event_names()[-1] == "organization_membership.deleted"
    assert event_data(client, "organization_membership.deleted") == [event_of(membership)]


@pytest.mark.fault("B10")
@pytest.mark.parametrize(
    ("method", "path"), [("GET", ""), ("DELETE", ""), ("PUT", "/deactivate"), ("PUT", "/reactivate")]
)
def test_unknown_membership_is_not_found(client: Client, method: str, path: str) -> None:
    response = client.request(method, f"{MEMBERSHIPS}/om_none{path}")
    assert (response.status_code, response.json()) == (404, not_found("Organization Membership", "om_none"))


# Sessions


def member_of_two(client: Client) -> tuple[JSON, dict[str, str], JSON]:
    """A membership of a user signed in here and in another organization; the sessions, and the answer here."""
    user = create_user(client, password=PASSWORD)
    membership = add_member(client, user, create_organization(client))
    here = sign_in(client)
    other = add_member(client, user, create_organization(client, "Other"))
    code = client.authenticate("password", email="ada@example.com", password=PASSWORD).json()
    client.authenticate(
        "urn:workos:oauth:grant-type:organization-selection",
        pending_authentication_token=code["pending_authentication_token"],
        organization_id=other["organization_id"],
    ).raise_for_status()
    sessions = {session["organization_id"]: session["id"] for session in list_sessions(client, user["id"])}
    return membership, sessions, here


@pytest.mark.parametrize(
    ("method", "path", "names"),
    [
        ("PUT", "/deactivate", ["organization_membership.updated", "session.revoked"]),
        ("DELETE", "", ["session.revoked", "organization_membership.deleted"]),
    ],
)
def test_sessions_in_that_organization_end(client: Client, method: str, path: str, names: list[str]) -> None:
    membership, sessions, here = member_of_two(client)
    client.request(method, f"{MEMBERSHIPS}/{membership['id']}{path}").raise_for_status()
    assert client.event_names()[-2:] == names
    ended = sessions.pop(membership["organization_id"])
    (event,) = event_data(client, "session.revoked")
    assert (event["id"], event["status"], event["organization_id"]) == (
        ended,
        "revoked",
        membership["organization_id"],
    )
    assert [session["id"] for session in list_sessions(client, membership["user_id"])] == list(sessions.values())
    refused = client.authenticate("refresh_token", refresh_token=here["refresh_token"])
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


def test_sessions_of_other_members_live_on(client: Client) -> None:
    organization = create_organization(client)
    ada = add_member(client, create_user(client, password=PASSWORD), organization)
    bob = add_member(client, create_user(client, "bob@example.com", password=PASSWORD), organization)
    sign_in(client)
    token = sign_in(client, "bob@example.com")["refresh_token"]
    put(client, ada, "deactivate")
    assert list_sessions(client, ada["user_id"]) == []
    assert len(list_sessions(client, bob["user_id"])) == 1
    assert client.authenticate("refresh_token", refresh_token=token).status_code == 200


def test_session_without_an_organization_lives_on(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    sign_in(client)
    membership = add_member(client, user, create_organization(client))
    put(client, membership, "deactivate")
    assert len(list_sessions(client, user["id"])) == 1
    assert "session.revoked" not in client.event_names()
