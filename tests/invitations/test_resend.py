from __future__ import annotations

import pytest

from tests.answers import JSON, invalid
from tests.builders import event_data, messages
from tests.conftest import Client
from tests.invitations.builders import act, event_of, invitation_in, invite, read

REFUSALS = {
    "expired": {"code": "invite_expired", "message": "Invite has expired."},
    "revoked": {"code": "invite_revoked", "message": "Invite has been revoked."},
    "accepted": {"code": "invite_accepted", "message": "Invite has already been accepted."},
}


@pytest.mark.parametrize("members", [{}, {"locale": "fr-CA"}])
def test_same_link_is_mailed_again(client: Client, members: JSON) -> None:
    invitation = invite(client)
    client.advance(60)
    resent = act(client, invitation, "resend", **members).raise_for_status().json()
    assert resent == {**invitation, "updated_at": resent["updated_at"]}
    assert resent["updated_at"] > invitation["updated_at"]
    assert [mail["link"] for mail in messages(client)] == [invitation["accept_invitation_url"]] * 2
    assert client.event_names()[-1] == "invitation.resent"
    assert event_data(client, "invitation.resent") == [event_of(resent)]


@pytest.mark.fault("B8")
@pytest.mark.parametrize("state", ["expired", "revoked", "accepted"])
def test_invitation_that_ended_is_not_mailed_again(client: Client, state: str) -> None:
    invitation = invitation_in(client, state)
    response = act(client, invitation, "resend")
    assert (response.status_code, response.json()) == (400, REFUSALS[state])
    assert read(client, invitation) == invitation
    assert len(messages(client)) == 1


def test_unknown_locale_is_refused(client: Client) -> None:
    response = act(client, invite(client), "resend", locale="tlh")
    assert response.status_code == 422
    assert response.json() == invalid("locale", "locale_invalid", "Locale 'tlh' is not supported.")
