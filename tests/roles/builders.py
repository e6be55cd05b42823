"""Roles and permissions as the API makes them."""

from __future__ import annotations

from typing import Any

from tests.answers import invalid
from tests.conftest import Client

ROLES = "/authorization/roles"
PERMISSIONS = "/authorization/permissions"


def create_permission(client: Client, slug: str = "users:read", **members: Any) -> dict[str, Any]:
    response = client.post(PERMISSIONS, json={"slug": slug, "name": slug, **members})
    permission: dict[str, Any] = response.raise_for_status().json()
    return permission


def create_role(client: Client, slug: str = "admin", **members: Any) -> dict[str, Any]:
    """Of the environment."""
    response = client.post(ROLES, json={"slug": slug, "name": slug, **members})
    role: dict[str, Any] = response.raise_for_status().json()
    return role


def roles_of(organization: dict[str, Any]) -> str:
    """The path of the organization's roles."""
    return f"/authorization/organizations/{organization['id']}/roles"


def create_organization_role(client: Client, organization: dict[str, Any], **members: Any) -> dict[str, Any]:
    response = client.post(roles_of(organization), json={"name": "Billing", **members})
    role: dict[str, Any] = response.raise_for_status().json()
    return role


def grant(client: Client, path: str, *slugs: str) -> dict[str, Any]:
    """Replaces the permissions of the role at the path."""
    response = client.put(f"{path}/permissions", json={"permissions": list(slugs)})
    role: dict[str, Any] = response.raise_for_status().json()
    return role


def bad_request(message: str) -> dict[str, Any]:
    return {"code": "bad_request", "message": message}


TOO_LONG = {
    "name": invalid("name", "name_invalid", "Name has at most 48 characters."),
    "description": invalid("description", "description_invalid", "Description has at most 150 characters."),
}
