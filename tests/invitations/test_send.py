from __future__ import annotations

import re

import pytest

from tests.answers import JSON, invalid, not_found, required
from tests.builders import create_user, event_data
from tests.conftest import Client
from tests.invitations.builders import INVITATIONS, WEEK, act, event_of, invite, memberships_of, read
from tests.organization_builders import add_member, create_organization, send_invitation
from tests.roles.builders import create_role


def test_sent_invitation_is_read_back(client: Client) -> None:
    organization, inviter = create_organization(client), create_user(client, "boss@example.com")
    invitation = send_invitation(
        client, " Ada@Example.com ", organization_id=organization["id"], inviter_user_id=inviter["id"]
    )
    varying = ("id", "token", "accept_invitation_url", "expires_at", "created_at", "updated_at")
    assert invitation == {
        "object": "invitation",
        "email": "Ada@Example.com",
        "state": "pending",
        "accepted_at": None,
        "revoked_at": None,
        "organization_id": organization["id"],
        "inviter_user_id": inviter["id"],
        "accepted_user_id": None,
        "role_slug": "member",
        **{name: invitation[name] for name in varying},
    }
    assert invitation["id"].startswith("invitation_")
    assert re.fullmatch(r"[A-Za-z0-9]{25}", invitation["token"])
    assert read(client, invitation) == invitation
    assert client.get(f"{INVITATIONS}/by_token/{invitation['token']}").json() == invitation


def test_invitation_without_an_organization_has_no_role(client: Client) -> None:
    invitation = send_invitation(client, "ada@example.com")
    assert (invitation["organization_id"], invitation["role_slug"]) == (None, None)
    assert client.event_names() == ["invitation.created"]
    assert event_data(client, "invitation.created") == [event_of(invitation)]


def test_unknown_address_becomes_no_member_yet(client: Client) -> None:
    invitation = invite(client)
    assert memberships_of(client, invitation) == []
    assert client.event_names() == ["organization.created", "invitation.created"]


def test_known_address_becomes_a_pending_member(client: Client) -> None:
    create_role(client, "admin")
    user = create_user(client, "Ada@example.com")
    invitation = invite(client, "ada@EXAMPLE.com", role_slug="admin")
    (membership,) = memberships_of(client, invitation)
    assert (membership["user_id"], membership["status"], membership["role"]) == (
        user["id"],
        "pending",
        {"slug": "admin"},
    )
    assert client.event_names()[-2:] == ["invitation.created", "organization_membership.created"]
    assert event_data(client, "organization_membership.created")[0]["status"] == "pending"


def test_role_of_the_organization_can_be_given(client: Client) -> None:
    organization = create_organization(client)
    client.post(f"/authorization/organizations/{organization['id']}/roles", json={"name": "Billing"})
    invitation = send_invitation(client, "ada@e.com", organization_id=organization["id"], role_slug="org-billing")
    assert invitation["role_slug"] == "org-billing"


@pytest.mark.parametrize(("members", "days"), [({}, 7), ({"expires_in_days": 1}, 1), ({"expires_in_days": 30}, 30)])
def test_invitation_expires_by_the_clock(client: Client, members: JSON, days: int) -> None:
    client.put("/_emulate/clock", json={"now": "2026-01-01T00:00:00.000Z", "frozen": True}).raise_for_status()
    invitation = send_invitation(client, "ada@example.com", **members)
    assert invitation["expires_at"] == f"2026-01-{1 + days:02d}T00:00:00.000Z"
    client.advance(days * 86400 - 1)
    assert read(client, invitation)["state"] == "pending"
    client.advance(1)
    assert read(client, invitation) == {**invitation, "state": "expired"}
    assert client.event_names() == ["invitation.created"]


@pytest.mark.parametrize(
    ("members", "answer"),
    [
        ({"email": None}, required("email")),
        ({"email": ""}, required("email")),
        ({"email": "nobody"}, invalid("email", "invalid_email", "Email must be a valid email address.")),
        ({"role_slug": "member"}, invalid("role_slug", "role_slug_invalid", "Role Slug needs an organization_id.")),
        ({"locale": "tlh"}, invalid("locale", "locale_invalid", "Locale 'tlh' is not supported.")),
        (
            {"expires_in_days": "soon"},
            invalid(
                "expires_in_days",
                "expires_in_days_invalid",
                "Expires In Days is invalid: Expected `int`, got `str`.",
            ),
        ),
    ],
)
def test_invalid_body_is_refused(client: Client, members: JSON, answer: JSON) -> None:
    response = client.post(INVITATIONS, json={"email": "ada@example.com", **members})
    assert (response.status_code, response.json()) == (422, answer)
    assert client.event_names() == []


@pytest.mark.parametrize(
    ("days", "code", "message"),
    [
        (0, "expires_in_days_too_short", "expires_in_days must be at least 1."),
        (-1, "expires_in_days_too_short", "expires_in_days must be at least 1."),
        (31, "expires_in_days_too_long", "expires_in_days must be at most 30."),
    ],
)
def test_expiry_has_limits(client: Client, days: int, code: str, message: str) -> None:
    response = client.post(INVITATIONS, json={"email": "ada@example.com", "expires_in_days": days})
    assert (response.status_code, response.json()) == (400, {"code": code, "message": message})


@pytest.mark.parametrize("slug", ["boss", "editor"])
def test_role_that_members_cannot_have_is_refused(client: Client, slug: str) -> None:
    create_role(client, "editor", resource_type_slug="document")
    body = {"email": "ada@example.com", "organization_id": create_organization(client)["id"], "role_slug": slug}
    response = client.post(INVITATIONS, json=body)
    assert (response.status_code, response.json()) == (
        400,
        {"code": "invalid_role", "message": f"Role '{slug}' is not a valid role."},
    )


@pytest.mark.parametrize(("member", "label"), [("organization_id", "Organization"), ("inviter_user_id", "User")])
def test_unknown_organization_or_inviter_is_not_found(client: Client, member: str, label: str) -> None:
    response = client.post(INVITATIONS, json={"email": "ada@example.com", member: "nobody"})
    assert (response.status_code, response.json()) == (404, not_found(label, "nobody"))


@pytest.mark.parametrize("locale", ["en", "pt-BR", "es-419", None])
def test_supported_locale_is_accepted(client: Client, locale: str | None) -> None:
    assert send_invitation(client, "ada@example.com", locale=locale)["state"] == "pending"


# Duplicates


def test_second_invitation_to_the_organization_is_refused(client: Client) -> None:
    invitation = invite(client)
    body = {"email": "ADA@example.com", "organization_id": invitation["organization_id"]}
    response = client.post(INVITATIONS, json=body)
    assert (response.status_code, response.json()) == (
        400,
        {
            "code": "email_already_invited_to_organization",
            "message": "The email has already been invited to the organization.",
        },
    )


def test_second_invitation_without_an_organization_is_refused(client: Client) -> None:
    send_invitation(client, "ada@example.com")
    response = client.post(INVITATIONS, json={"email": "Ada@example.com"})
    assert (response.status_code, response.json()) == (
        400,
        {"code": "email_already_invited", "message": "The email has already been invited."},
    )


def test_invitations_to_different_places_do_not_exclude_each_other(client: Client) -> None:
    sent = [invite(client), invite(client), send_invitation(client, "ada@example.com")]
    assert len({invitation["token"] for invitation in sent}) == 3


@pytest.mark.parametrize("status", ["active", "inactive"])
def test_only_an_active_member_is_not_invited(client: Client, status: str) -> None:
    organization = create_organization(client)
    membership = add_member(client, create_user(client), organization)
    if status == "inactive":
        client.put(f"/user_management/organization_memberships/{membership['id']}/deactivate").raise_for_status()
    response = client.post(INVITATIONS, json={"email": "ada@example.com", "organization_id": organization["id"]})
    if status == "inactive":
        assert response.status_code == 201
        assert memberships_of(client, response.json())[0]["status"] == "inactive"
    else:
        assert (response.status_code, response.json()) == (
            400,
            {
                "code": "user_already_organization_member",
                "message": "The user is already a member of the organization.",
            },
        )


def test_known_address_is_not_invited_to_the_application(client: Client) -> None:
    create_user(client)
    response = client.post(INVITATIONS, json={"email": "ada@example.com"})
    assert (response.status_code, response.json()) == (
        400,
        {"code": "user_already_exists", "message": "A user with this email already exists."},
    )


@pytest.mark.parametrize("ending", ["revoke", "expiry"])
def test_address_can_be_invited_again_after_the_invitation_ended(client: Client, ending: str) -> None:
    first = invite(client)
    if ending == "revoke":
        act(client, first, "revoke").raise_for_status()
    else:
        client.advance(WEEK)
    again = send_invitation(client, "ada@example.com", organization_id=first["organization_id"])
    assert again["token"] != first["token"]


def test_invited_again_the_pending_member_gets_the_new_role(client: Client) -> None:
    create_role(client, "admin")
    create_user(client)
    first = invite(client)
    client.advance(WEEK)
    send_invitation(client, "ada@example.com", organization_id=first["organization_id"], role_slug="admin")
    (membership,) = memberships_of(client, first)
    assert (membership["status"], membership["role"]) == ("pending", {"slug": "admin"})
    assert client.event_names()[-2:] == ["invitation.created", "organization_membership.updated"]
