"""Builders for organizations and what belongs to them."""

from __future__ import annotations

from typing import Any

from tests.builders import PASSWORD, create_user
from tests.conftest import Client


def create_organization(client: Client, name: str = "Acme", **members: Any) -> dict[str, Any]:
    response = client.post("/organizations", json={"name": name, **members})
    organization: dict[str, Any] = response.raise_for_status().json()
    return organization


def add_member(client: Client, user: dict[str, Any], organization: dict[str, Any], **members: Any) -> dict[str, Any]:
    body = {"user_id": user["id"], "organization_id": organization["id"], **members}
    response = client.post("/user_management/organization_memberships", json=body)
    membership: dict[str, Any] = response.raise_for_status().json()
    return membership


def create_member(client: Client, organization: dict[str, Any], email: str = "ada@example.com") -> dict[str, Any]:
    """A verified user with PASSWORD who belongs to the organization."""
    user = create_user(client, email, password=PASSWORD)
    add_member(client, user, organization)
    return user


def create_role(client: Client, slug: str, *permissions: str) -> None:
    """A role of the environment that grants the permissions, which are made too."""
    for permission in permissions:
        client.post("/authorization/permissions", json={"slug": permission, "name": permission}).raise_for_status()
    client.post("/authorization/roles", json={"slug": slug, "name": slug}).raise_for_status()
    body = {"permissions": list(permissions)}
    client.put(f"/authorization/roles/{slug}/permissions", json=body).raise_for_status()


def send_invitation(client: Client, email: str, **members: Any) -> dict[str, Any]:
    response = client.post("/user_management/invitations", json={"email": email, **members})
    invitation: dict[str, Any] = response.raise_for_status().json()
    return invitation
