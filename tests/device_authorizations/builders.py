from __future__ import annotations

from typing import Any

import httpx

from tests.conftest import Client

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"


def authorize_device(client: Client) -> dict[str, Any]:
    """What a device that asks is told."""
    response = client.keyless.post("/user_management/authorize/device", json={"client_id": client.client_id})
    device: dict[str, Any] = response.raise_for_status().json()
    return device


def poll(client: Client, device: dict[str, Any], **members: Any) -> httpx.Response:
    """Without a secret, as a device has none."""
    body = {"client_id": client.client_id, "grant_type": DEVICE_CODE, "device_code": device["device_code"], **members}
    return client.keyless.post("/user_management/authenticate", json=body)


def error(response: httpx.Response) -> str:
    """What a poll is refused with; every such refusal is a 400."""
    assert response.status_code == 400, response.text
    name: str = response.json()["error"]
    return name


def approve(client: Client, device: dict[str, Any], **members: Any) -> httpx.Response:
    return client.post(f"/_emulate/device_authorizations/{device['user_code']}/approve", json=members)


def deny(client: Client, device: dict[str, Any]) -> httpx.Response:
    return client.post(f"/_emulate/device_authorizations/{device['user_code']}/deny")
