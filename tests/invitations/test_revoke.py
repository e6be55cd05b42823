from __future__ import annotations

import pytest

from tests.builders import create_user, event_data
from tests.conftest import Client
from tests.invitations.builders import act, event_of, invitation_in, invite, memberships_of, read
from tests.organization_builders import add_member


def test_revoked_invitation_is_over(client: Client) -> None:
    invitation = invite(client)
    client.advance(60)
    revoked = act(client, invitation, "revoke").raise_for_status().json()
    moment = revoked["updated_at"]
    assert revoked == {**invitation, "state": "revoked", "revoked_at": moment, "updated_at": moment}
    assert moment > invitation["updated_at"]
    assert read(client, revoked) == revoked
    assert client.event_names()[1:] == ["invitation.created", "invitation.revoked"]
    assert event_data(client, "invitation.revoked") == [event_of(revoked)]


def test_pending_member_goes_with_it(client: Client) -> None:
    create_user(client)
    invitation = invite(client)
    act(client, invitation, "revoke").raise_for_status()
    assert memberships_of(client, invitation) == []
    assert client.event_names()[-2:] == ["invitation.revoked", "organization_membership.deleted"]


def test_member_made_since_then_stays(client: Client) -> None:
    invitation = invite(client)
    membership = add_member(client, create_user(client), {"id": invitation["organization_id"]})
    act(client, invitation, "revoke").raise_for_status()
    assert memberships_of(client, invitation) == [membership]


@pytest.mark.parametrize("state", ["accepted", "revoked", "expired"])
def test_invitation_that_ended_cannot_be_revoked(client: Client, state: str) -> None:
    invitation = invitation_in(client, state)
    response = act(client, invitation, "revoke")
    assert (response.status_code, response.json()) == (
        400,
        {"code": "invite_not_pending", "message": "Invite is not pending."},
    )
    assert read(client, invitation) == invitation


def test_revoked_invitation_never_expires(client: Client) -> None:
    invitation = invitation_in(client, "revoked")
    client.advance(8 * 86400)
    assert read(client, invitation) == invitation
