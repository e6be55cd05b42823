from __future__ import annotations

from typing import Any

from tests.conftest import Client


def create_key(client: Client, organization: dict[str, Any], **members: Any) -> dict[str, Any]:
    """A key of the organization, with its value."""
    path = f"/organizations/{organization['id']}/api_keys"
    key: dict[str, Any] = client.post(path, json={"name": "CI", **members}).raise_for_status().json()
    return key


def create_user_key(
    client: Client, user: dict[str, Any], organization: dict[str, Any], **members: Any
) -> dict[str, Any]:
    body = {"name": "CLI", "organization_id": organization["id"], **members}
    response = client.post(f"/user_management/users/{user['id']}/api_keys", json=body)
    key: dict[str, Any] = response.raise_for_status().json()
    return key


def shown(key: dict[str, Any]) -> dict[str, Any]:
    """What is shown of a key later on."""
    return {name: value for name, value in key.items() if name != "value"}


def validate(client: Client, value: str) -> dict[str, Any] | None:
    answer = client.post("/api_keys/validations", json={"value": value}).raise_for_status().json()
    key: dict[str, Any] | None = answer["api_key"]
    return key
