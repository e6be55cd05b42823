"""Making and listing the API keys of organizations and users"""

from __future__ import annotations

from typing import Any

import pytest

from tests.answers import assert_pages, ids, invalid, not_found, required
from tests.api_keys.builders import create_key, create_user_key, shown, validate
from tests.builders import create_user, event_data
from tests.conftest import Client
from tests.organization_builders import add_member, create_member, create_organization, create_role

LATER = "2090-01-01T00:00:00.000Z"


def test_key_of_an_organization_shows_its_value_once(client: Client) -> None:
    organization = create_organization(client)
    create_role(client, "author", "posts:read")
    key = create_key(client, organization, permissions=["posts:read"], expires_at=LATER)
    assert key == {
        "object": "api_key",
        "id": key["id"],
        "owner": {"type": "organization", "id": organization["id"]},
        "name": "CI",
        "obfuscated_value": f"sk_...{key['value'][-4:]}",
        "last_used_at": None,
        "expires_at": LATER,
        "permissions": ["posts:read"],
        "created_at": key["created_at"],
        "updated_at": key["created_at"],
        "value": key["value"],
    }
    assert key["value"].startswith("sk_")
    assert client.get(f"/organizations/{organization['id']}/api_keys").json()["data"] == [shown(key)]


def test_key_of_a_user_names_the_organization_too(client: Client) -> None:
    organization = create_organization(client)
    user = create_member(client, organization)
    key = create_user_key(client, user, organization)
    assert key["owner"] == {"type": "user", "id": user["id"], "organization_id": organization["id"]}
    assert client.get(f"/user_management/users/{user['id']}/api_keys").json()["data"] == [shown(key)]


def test_new_key_is_told_without_its_value(client: Client) -> None:
    organization = create_organization(client)
    keys = [
        create_key(client, organization),
        create_user_key(client, create_member(client, organization), organization),
    ]
    assert event_data(client, "api_key.created") == [shown(key) for key in keys]
    query = {"events": "api_key.created", "organization_id": organization["id"]}
    assert len(client.get("/events", params=query).json()["data"]) == 2


def test_keys_of_an_organization_are_paged_without_those_of_its_members(client: Client) -> None:
    organization = create_organization(client)
    create_user_key(client, create_member(client, organization), organization)
    create_key(client, create_organization(client, "Other"))
    made = [create_key(client, organization)["id"] for _ in range(5)]
    assert_pages(client, f"/organizations/{organization['id']}/api_keys", made)


def test_keys_of_a_user_are_paged_and_found_by_organization(client: Client) -> None:
    organization, other = create_organization(client), create_organization(client, "Other")
    user = create_member(client, organization)
    add_member(client, user, other)
    made = [create_user_key(client, user, organization)["id"] for _ in range(5)]
    elsewhere = create_user_key(client, user, other)["id"]
    path = f"/user_management/users/{user['id']}/api_keys"
    assert_pages(client, path, [*made, elsewhere])
    assert_pages(client, path, made, organization_id=organization["id"])
    assert ids(client, path, organization_id=other["id"]) == [elsewhere]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("path", "label", "id"),
    [
        ("/organizations/org_1/api_keys", "Organization", "org_1"),
        ("/user_management/users/user_1/api_keys", "User", "user_1"),
    ],
)
def test_unknown_owner_is_not_found(client: Client, method: str, path: str, label: str, id: str) -> None:
    body = {} if method == "GET" else {"json": {"name": "CI", "organization_id": "org_1"}}
    response = client.request(method, path, **body)
    assert response.status_code == 404
    assert response.json() == not_found(label, id)


def test_unknown_organization_of_a_users_key_is_not_found(client: Client) -> None:
    body = {"name": "CLI", "organization_id": "org_1"}
    response = client.post(f"/user_management/users/{create_user(client)['id']}/api_keys", json=body)
    assert response.status_code == 404
    assert response.json() == not_found("Organization", "org_1")


@pytest.mark.parametrize("status", ["none", "inactive"])
def test_user_needs_an_active_membership(client: Client, status: str) -> None:
    user, organization = create_user(client), create_organization(client)
    if status == "inactive":
        membership = add_member(client, user, organization)
        client.put(f"/user_management/organization_memberships/{membership['id']}/deactivate").raise_for_status()
    body = {"name": "CLI", "organization_id": organization["id"]}
    response = client.post(f"/user_management/users/{user['id']}/api_keys", json=body)
    message = "The user must have an active membership in the organization."
    error = {"field": "organization_id", "code": "active_membership_required", "message": message}
    assert response.status_code == 400
    assert response.json() == {"message": "Validation failed.", "errors": [error]}


@pytest.mark.parametrize(
    ("members", "answer"),
    [
        ({"name": ""}, required("name")),
        (
            {"expires_at": "tomorrow"},
            invalid(
                "expires_at",
                "expires_at_invalid",
                "Expires At must be an ISO 8601 moment, for example 2026-01-15T12:00:00.000Z.",
            ),
        ),
        ({"expires_at": "2020-01-01"}, invalid("expires_at", "expires_at_invalid", "Expires At must lie ahead.")),
        (
            {"permissions": ["posts:write"]},
            invalid("permissions", "permission_not_found", "The environment has no permission 'posts:write'."),
        ),
    ],
)
def test_wrong_member_is_refused(client: Client, members: dict[str, Any], answer: dict[str, Any]) -> None:
    organization = create_organization(client)
    user = create_member(client, organization)
    body = {"name": "CI", "organization_id": organization["id"], **members}
    for owner in (f"/organizations/{organization['id']}", f"/user_management/users/{user['id']}"):
        response = client.post(f"{owner}/api_keys", json=body)
        assert response.status_code == 422
        assert response.json() == answer


@pytest.mark.parametrize("owner", ["organizations", "user_management/users"])
def test_keys_end_with_their_owner(client: Client, owner: str) -> None:
    organization = create_organization(client)
    user = create_member(client, organization)
    key = create_user_key(client, user, organization)
    owner_id = organization["id"] if owner == "organizations" else user["id"]
    client.delete(f"/{owner}/{owner_id}").raise_for_status()
    assert validate(client, key["value"]) is None
