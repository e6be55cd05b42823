"""A device asks for its codes."""

from __future__ import annotations

import re

import pytest

from tests.conftest import Client
from tests.device_authorizations.builders import authorize_device, error, poll

AUTHORIZE_DEVICE = "/user_management/authorize/device"


def test_device_is_told_its_codes_and_where_to_send_the_user(client: Client) -> None:
    device = authorize_device(client)
    assert re.fullmatch("[A-Za-z0-9]{64}", device.pop("device_code"))
    user_code = device.pop("user_code")
    assert re.fullmatch("[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}", user_code)
    page = f"{str(client.base_url).rstrip('/')}/authkit/{client.client_id}/device"
    assert device == {
        "verification_uri": page,
        "verification_uri_complete": f"{page}?user_code={user_code}",
        "expires_in": 300,
        "interval": 5,
    }


def test_codes_differ_from_device_to_device(client: Client) -> None:
    first, second = authorize_device(client), authorize_device(client)
    assert first["device_code"] != second["device_code"]
    assert first["user_code"] != second["user_code"]


@pytest.mark.fault("B12")
def test_device_may_ask_at_the_path_of_the_standard(client: Client) -> None:
    device = client.keyless.post("/oauth2/device_authorization", data={"client_id": client.client_id})
    assert (device.status_code, device.json().keys()) == (200, authorize_device(client).keys())
    assert poll(client, device.json()).json()["error"] == "authorization_pending"


def test_device_may_send_a_form(client: Client) -> None:
    response = client.keyless.post(AUTHORIZE_DEVICE, data={"client_id": client.client_id})
    assert (response.status_code, response.json()["interval"]) == (200, 5)


def test_key_beside_the_client_id_is_not_looked_at(client: Client) -> None:
    headers = {"Authorization": "Bearer sk_test_of_no_environment"}
    response = client.keyless.post(AUTHORIZE_DEVICE, json={"client_id": client.client_id}, headers=headers)
    assert response.status_code == 200


@pytest.mark.parametrize("body", [{}, {"client_id": ""}, {"client_id": None}, {"client_id": 1}])
def test_device_without_a_client_id_is_refused(client: Client, body: dict[str, object]) -> None:
    response = client.keyless.post(AUTHORIZE_DEVICE, json=body)
    assert response.status_code == 400
    assert response.json() == {"error": "invalid_request", "error_description": "client_id is required."}


def test_device_of_an_unknown_client_is_refused(client: Client) -> None:
    response = client.keyless.post(AUTHORIZE_DEVICE, json={"client_id": "client_unknown"})
    assert response.status_code == 400
    assert response.json() == {"error": "invalid_client", "error_description": "Unknown client"}


def test_lifetime_of_the_codes_can_be_set(client: Client) -> None:
    client.change_settings(lifetimes={"device_code": 60})
    device = authorize_device(client)
    assert device["expires_in"] == 60
    client.advance(60)
    assert error(poll(client, device)) == "expired_token"


def test_discovery_names_the_endpoint_and_the_grant(client: Client) -> None:
    found = client.keyless.get(f"/user_management/{client.client_id}/.well-known/openid-configuration").json()
    assert found["device_authorization_endpoint"].endswith(AUTHORIZE_DEVICE)
    assert "urn:ietf:params:oauth:grant-type:device_code" in found["grant_types_supported"]
