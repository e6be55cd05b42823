"""Signing in on a device: a program in a terminal shows a code, and polls until its user has decided."""

from __future__ import annotations

import jwt
from workos import BadRequestError, WorkOSClient
from world import World, raises

from version_10 import ADA, client_of, create_user


def refusal_of_poll(client: WorkOSClient, device_code: str) -> BadRequestError:
    with raises(BadRequestError) as refusal:
        client.user_management.authenticate_with_device_code(device_code=device_code)
    return refusal.error


def check_device_is_signed_in_once_it_is_approved(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    device = client.user_management.create_device(client_id=world.client_id)
    assert (device.expires_in, device.interval) == (300, 5)
    assert device.verification_uri_complete == f"{device.verification_uri}?user_code={device.user_code}"
    assert refusal_of_poll(client, device.device_code).error == "authorization_pending"
    world.control("POST", f"device_authorizations/{device.user_code}/approve", {"email": ADA})
    answer = client.user_management.authenticate_with_device_code(device_code=device.device_code)
    assert answer.user.id == user.id
    assert jwt.decode(answer.access_token, options={"verify_signature": False})["sub"] == user.id
    assert refusal_of_poll(client, device.device_code).error == "invalid_grant"


def check_device_that_polls_too_often_is_slowed_down(world: World) -> None:
    client = client_of(world)
    world.control("PUT", "clock", {"frozen": True})
    device = client.user_management.create_device(client_id=world.client_id)
    errors = [refusal_of_poll(client, device.device_code).error for _ in range(2)]
    assert errors == ["authorization_pending", "slow_down"]


def check_denied_device_is_told_so(world: World) -> None:
    client = client_of(world)
    device = client.user_management.create_device(client_id=world.client_id)
    world.control("POST", f"device_authorizations/{device.user_code}/deny")
    refusal = refusal_of_poll(client, device.device_code)
    assert (refusal.error, refusal.error_description) == (
        "access_denied",
        "The user declined the authorization request.",
    )
    assert refusal.code == "access_denied"


def check_device_code_expires(world: World) -> None:
    client = client_of(world)
    device = client.user_management.create_device(client_id=world.client_id)
    world.control("POST", "clock/advance", {"seconds": device.expires_in})
    assert refusal_of_poll(client, device.device_code).error == "expired_token"


def check_device_of_an_unknown_client_is_refused(world: World) -> None:
    with raises(BadRequestError) as refusal:
        client_of(world).user_management.create_device(client_id="client_unknown")
    assert (refusal.error.error, refusal.error.error_description) == ("invalid_client", "Unknown client")
