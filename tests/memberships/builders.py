"""Memberships in each status, and what the API says of them."""

from __future__ import annotations

from typing import Any

from tests.builders import create_user
from tests.conftest import Client
from tests.organization_builders import add_member, create_organization, send_invitation

MEMBERSHIPS = "/user_management/organization_memberships"


def read(client: Client, membership: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{MEMBERSHIPS}/{membership['id']}").raise_for_status().json()
    return found


def put(client: Client, membership: dict[str, Any], action: str) -> dict[str, Any]:
    """Answers the membership after `deactivate` or `reactivate`."""
    changed: dict[str, Any] = client.put(f"{MEMBERSHIPS}/{membership['id']}/{action}").raise_for_status().json()
    return changed


def create_membership(
    client: Client, status: str = "active", email: str = "ada@example.com", **members: Any
) -> dict[str, Any]:
    """Of a new user in a new organization."""
    user, organization = create_user(client, email), create_organization(client)
    if status == "pending":
        send_invitation(client, email, organization_id=organization["id"], **members)
        query = {"user_id": user["id"], "statuses": "pending"}
        (pending,) = client.get(MEMBERSHIPS, params=query).raise_for_status().json()["data"]
        return dict(pending)
    membership = add_member(client, user, organization, **members)
    return put(client, membership, "deactivate") if status == "inactive" else membership


def event_of(membership: dict[str, Any]) -> dict[str, Any]:
    """What events say of it."""
    return {name: value for name, value in membership.items() if name not in ("user", "organization_name")}


def slugs(membership: dict[str, Any]) -> list[str]:
    """Of its roles, checked to begin with the one that is called its role."""
    found = [role["slug"] for role in membership["roles"]]
    assert membership["role"] == {"slug": found[0]}
    return found
