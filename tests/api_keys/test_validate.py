"""Which API keys are valid, and how they end"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.answers import invalid, not_found, required
from tests.api_keys.builders import create_key, create_user_key, shown, validate
from tests.builders import create_user, event_data
from tests.conftest import Client
from tests.organization_builders import add_member, create_organization


def in_seconds(client: Client, seconds: int) -> str:
    """The moment that lies so far ahead of the environment's clock, which stops."""
    now = client.get("/_emulate/clock").json()["now"]
    client.put("/_emulate/clock", json={"now": now, "frozen": True}).raise_for_status()
    client.advance(seconds)
    ahead: str = client.get("/_emulate/clock").json()["now"]
    client.advance(-seconds)
    return ahead


def test_valid_key_is_shown_and_counts_as_used(client: Client) -> None:
    organization = create_organization(client)
    key = create_key(client, organization)
    used = validate(client, key["value"])
    assert used is not None
    assert used == {**shown(key), "last_used_at": used["last_used_at"]}
    assert used["last_used_at"] >= key["created_at"]
    assert client.get(f"/organizations/{organization['id']}/api_keys").json()["data"] == [used]


def test_unknown_value_is_not_valid(client: Client) -> None:
    create_key(client, create_organization(client))
    assert validate(client, "sk_unknown") is None


def test_value_must_be_sent(client: Client) -> None:
    response = client.post("/api_keys/validations", json={})
    assert response.status_code == 422
    assert response.json() == required("value")


def test_key_of_another_environment_is_not_valid(client: Client, new_client: Callable[..., Client]) -> None:
    key = create_key(client, create_organization(client))
    assert validate(new_client(), key["value"]) is None


def test_key_is_valid_until_it_expires(client: Client) -> None:
    key = create_key(client, create_organization(client), expires_at=in_seconds(client, 60))
    client.advance(59)
    assert validate(client, key["value"]) is not None
    client.advance(1)
    assert validate(client, key["value"]) is None


def test_key_of_a_member_is_valid_while_the_membership_is_active(client: Client) -> None:
    user, organization = create_user(client), create_organization(client)
    membership = f"/user_management/organization_memberships/{add_member(client, user, organization)['id']}"
    key = create_user_key(client, user, organization)
    client.put(f"{membership}/deactivate").raise_for_status()
    assert validate(client, key["value"]) is None
    client.put(f"{membership}/reactivate").raise_for_status()
    assert validate(client, key["value"]) is not None


def test_key_expires_at_once(client: Client) -> None:
    key = create_key(client, create_organization(client))
    expired = client.post(f"/api_keys/{key['id']}/expire").raise_for_status().json()
    assert expired == {**shown(key), "expires_at": expired["expires_at"], "updated_at": expired["expires_at"]}
    assert validate(client, key["value"]) is None


def test_moment_that_has_passed_expires_a_key_at_once(client: Client) -> None:
    key = create_key(client, create_organization(client))
    expired = client.post(f"/api_keys/{key['id']}/expire", json={"expires_at": "2020-01-01T00:00:00Z"}).json()
    assert expired["expires_at"] >= key["created_at"]
    assert validate(client, key["value"]) is None


def test_expiry_is_scheduled_and_cleared(client: Client) -> None:
    key = create_key(client, create_organization(client))
    moment = in_seconds(client, 60)
    scheduled = client.post(f"/api_keys/{key['id']}/expire", json={"expires_at": moment}).json()
    assert scheduled["expires_at"] == moment
    cleared = client.post(f"/api_keys/{key['id']}/expire", json={"expires_at": None}).json()
    assert cleared["expires_at"] is None
    client.advance(60)
    assert validate(client, key["value"]) is not None
    assert event_data(client, "api_key.updated") == [
        {**scheduled, "previous_attributes": {"expires_at": None}},
        {**cleared, "previous_attributes": {"expires_at": moment}},
    ]


def test_clearing_what_is_not_scheduled_is_not_told(client: Client) -> None:
    key = create_key(client, create_organization(client))
    assert client.post(f"/api_keys/{key['id']}/expire", json={"expires_at": None}).json() == shown(key)
    assert event_data(client, "api_key.updated") == []


@pytest.mark.parametrize("body", [{}, {"expires_at": None}, {"expires_at": "2090-01-01T00:00:00Z"}])
def test_expired_key_stays_expired(client: Client, body: dict[str, str | None]) -> None:
    key = create_key(client, create_organization(client))
    client.post(f"/api_keys/{key['id']}/expire").raise_for_status()
    response = client.post(f"/api_keys/{key['id']}/expire", json=body)
    assert response.status_code == 409
    assert response.json() == {"code": "api_key_already_expired", "message": "API key is already expired"}


def test_expiry_must_be_a_moment(client: Client) -> None:
    key = create_key(client, create_organization(client))
    response = client.post(f"/api_keys/{key['id']}/expire", json={"expires_at": "soon"})
    message = "Expires At must be an ISO 8601 moment, for example 2026-01-15T12:00:00.000Z."
    assert response.status_code == 422
    assert response.json() == invalid("expires_at", "expires_at_invalid", message)


def test_deleted_key_is_gone(client: Client) -> None:
    organization = create_organization(client)
    key = create_key(client, organization)
    response = client.delete(f"/api_keys/{key['id']}")
    assert (response.status_code, response.content) == (204, b"")
    assert validate(client, key["value"]) is None
    assert client.get(f"/organizations/{organization['id']}/api_keys").json()["data"] == []
    assert event_data(client, "api_key.revoked") == [shown(key)]


@pytest.mark.parametrize(("method", "path"), [("DELETE", ""), ("POST", "/expire")])
def test_unknown_key_is_not_found(client: Client, method: str, path: str) -> None:
    response = client.request(method, f"/api_keys/api_key_1{path}")
    assert response.status_code == 404
    assert response.json() == not_found("API Key", "api_key_1")
