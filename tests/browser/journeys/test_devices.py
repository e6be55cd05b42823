"""Signing a device in: its code is confirmed in a browser."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.browser.conftest import NewPage
from tests.browser.steps import choose, enter, give_credentials, see, see_error
from tests.builders import PASSWORD, create_user
from tests.conftest import Client

ADA = "ada@example.com"
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"


@pytest.fixture
def device(client: Client) -> dict[str, Any]:
    """What a device was answered that wants to be signed in."""
    create_user(client, password=PASSWORD)
    response = client.keyless.post("/user_management/authorize/device", json={"client_id": client.client_id})
    answer: dict[str, Any] = response.raise_for_status().json()
    return answer


def poll(client: Client, device: dict[str, Any]) -> httpx.Response:
    body = {"client_id": client.client_id, "grant_type": DEVICE_CODE, "device_code": device["device_code"]}
    return client.keyless.post("/user_management/authenticate", json=body)


def test_a_device_is_approved_with_the_code_that_it_shows(
    new_page: NewPage, client: Client, device: dict[str, Any]
) -> None:
    page = new_page(device["verification_uri"])
    enter(page, user_code=device["user_code"].lower())
    give_credentials(page)
    see(page, "device-confirm")
    assert poll(client, device).json()["error"] == "authorization_pending"
    choose(page, "approve")
    see(page, "message")
    client.advance(device["interval"])
    assert poll(client, device).raise_for_status().json()["user"]["email"] == ADA


def test_a_device_is_denied(new_page: NewPage, client: Client, device: dict[str, Any]) -> None:
    page = new_page(device["verification_uri_complete"])
    choose(page, "submit")
    give_credentials(page)
    choose(page, "deny")
    see(page, "message")
    assert poll(client, device).json()["error"] == "access_denied"


def test_a_mistyped_code_is_said_to_be_unknown(new_page: NewPage, device: dict[str, Any]) -> None:
    page = new_page(device["verification_uri"])
    enter(page, user_code="BBBB-BBBB")
    see_error(page, "user_code")
