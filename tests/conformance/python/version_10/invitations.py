"""Invitations."""

from __future__ import annotations

from typing import Any

from workos import BadRequestError, NotFoundError, UnprocessableEntityError
from world import World, raises

from version_10 import ADA, client_of, create_user, sign_in
from version_10.memberships import join
from version_10.organizations import create_organization

DAY = 86_400


def check_invitation_is_sent_and_read(world: World) -> None:
    client = client_of(world)
    organization, inviter = create_organization(client), create_user(client, "admin@example.com")
    sent = client.user_management.send_invitation(
        email=ADA, organization_id=organization.id, role_slug="member", expires_in_days=3, inviter_user_id=inviter.id
    )
    assert (sent.email, sent.state.value, sent.role_slug) == (ADA, "pending", "member")
    assert (sent.expires_at - sent.created_at).days == 3
    assert world.message(ADA, "invitation")["link"] == sent.accept_invitation_url
    assert client.user_management.get_invitation(sent.id).to_dict() == sent.to_dict()
    assert client.user_management.find_invitation_by_token(sent.token).id == sent.id


def check_invitations_are_listed(world: World) -> None:
    client = client_of(world)
    organization = create_organization(client)
    first = client.user_management.send_invitation(email=ADA, organization_id=organization.id)
    second = client.user_management.send_invitation(email=ADA)

    def listed(**filters: Any) -> list[str]:
        page = client.user_management.list_invitations(order="asc", limit=1, **filters)
        return [invitation.id for invitation in page.auto_paging_iter()]

    assert listed() == listed(email="ADA@example.com") == [first.id, second.id]
    assert listed(organization_id=organization.id) == [first.id]


def check_accepted_invitation_is_spent(world: World) -> None:
    users = client_of(world).user_management
    sent = users.send_invitation(email=ADA)
    accepted = users.accept_invitation(sent.id)
    assert accepted.state.value == "accepted"
    assert users.get_user(accepted.accepted_user_id).email == ADA
    refusals = (
        (users.accept_invitation, "invite_has_accepted_user_id"),
        (users.resend_invitation, "invite_accepted"),
        (users.revoke_invitation, "invite_not_pending"),
    )
    for call, code in refusals:
        with raises(BadRequestError) as refusal:
            call(sent.id)
        assert refusal.error.code == code


def check_resent_revoked_and_expired(world: World) -> None:
    users = client_of(world).user_management
    sent = users.send_invitation(email=ADA, expires_in_days=1)
    assert users.resend_invitation(sent.id, locale="de").token == sent.token
    assert users.revoke_invitation(sent.id).state.value == "revoked"
    with raises(BadRequestError) as refusal:
        users.resend_invitation(sent.id)
    assert refusal.error.code == "invite_revoked"
    again = users.send_invitation(email=ADA, expires_in_days=1)
    world.advance(DAY)
    assert users.get_invitation(again.id).state.value == "expired"
    with raises(BadRequestError) as refusal:
        users.resend_invitation(again.id)
    assert refusal.error.code == "invite_expired"


def check_refused_invitations(world: World) -> None:
    client = client_of(world)
    organization, user = create_organization(client), create_user(client)
    join(client, user, organization)
    client.user_management.send_invitation(email="grace@example.com", organization_id=organization.id)
    client.user_management.send_invitation(email="grace@example.com")
    refused: tuple[tuple[dict[str, Any], str], ...] = (
        ({"email": ADA}, "user_already_exists"),
        ({"email": ADA, "organization_id": organization.id}, "user_already_organization_member"),
        ({"email": "grace@example.com"}, "email_already_invited"),
        (
            {"email": "grace@example.com", "organization_id": organization.id},
            "email_already_invited_to_organization",
        ),
        ({"email": "new@example.com", "expires_in_days": 0}, "expires_in_days_too_short"),
        ({"email": "new@example.com", "expires_in_days": 31}, "expires_in_days_too_long"),
        ({"email": "new@example.com", "organization_id": organization.id, "role_slug": "unknown"}, "invalid_role"),
    )
    for attributes, code in refused:
        with raises(BadRequestError) as refusal:
            client.user_management.send_invitation(**attributes)
        assert refusal.error.code == code
    with raises(NotFoundError):
        client.user_management.send_invitation(email="new@example.com", organization_id="org_unknown")
    with raises(UnprocessableEntityError):
        client.user_management.send_invitation(email="nobody")
    with raises(NotFoundError):
        client.user_management.find_invitation_by_token("unknown")


def check_sole_membership_is_signed_in_to(world: World) -> None:
    client = client_of(world)
    organization, user = create_organization(client), create_user(client)
    sent = client.user_management.send_invitation(email=user.email, organization_id=organization.id)
    client.user_management.accept_invitation(sent.id)
    assert sign_in(client).organization_id == organization.id
