"""Calls on an invitation, and its states."""

from __future__ import annotations

from typing import Any

import httpx

from tests.answers import JSON
from tests.conftest import Client
from tests.organization_builders import create_organization, send_invitation

INVITATIONS = "/user_management/invitations"
MEMBERSHIPS = "/user_management/organization_memberships"
WEEK = 7 * 86400


def act(client: Client, invitation: JSON, action: str, **members: Any) -> httpx.Response:
    """`accept`, `resend` or `revoke`."""
    return client.post(f"{INVITATIONS}/{invitation['id']}/{action}", json=members)


def read(client: Client, invitation: JSON) -> JSON:
    found: JSON = client.get(f"{INVITATIONS}/{invitation['id']}").raise_for_status().json()
    return found


def invite(client: Client, email: str = "ada@example.com", **members: Any) -> JSON:
    """Into a new organization."""
    return send_invitation(client, email, organization_id=create_organization(client)["id"], **members)


def invitation_in(client: Client, state: str) -> JSON:
    invitation = invite(client)
    match state:
        case "expired":
            client.advance(WEEK)
        case "accepted":
            act(client, invitation, "accept").raise_for_status()
        case "revoked":
            act(client, invitation, "revoke").raise_for_status()
    found = read(client, invitation)
    assert found["state"] == state
    return found


def memberships_of(client: Client, invitation: JSON) -> list[JSON]:
    """Those of its organization, in any status."""
    query = {"organization_id": invitation["organization_id"], "statuses": "active,inactive,pending"}
    found: list[JSON] = client.get(MEMBERSHIPS, params=query).raise_for_status().json()["data"]
    return found


def event_of(invitation: JSON) -> JSON:
    """What events say of it."""
    return {name: value for name, value in invitation.items() if name not in ("token", "accept_invitation_url")}
