"""No event carries a code, a token, a URL or a hash."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.builders import (
    EMAIL_VERIFICATION,
    MFA_TOTP,
    PASSWORD,
    create_code,
    create_magic_auth,
    create_password_reset,
    create_user,
    enroll_totp,
    sign_in,
    totp_code,
)
from tests.conftest import Client

SECRET_MEMBERS = {
    "access_token",
    "challenge",
    "code",
    "hash",
    "password_hash",
    "password_reset_token",
    "password_reset_url",
    "pending_authentication_token",
    "qr_code",
    "refresh_token",
    "secret",
    "token",
    "uri",
    "url",
}


@pytest.fixture
def client(new_client: Callable[..., Client]) -> Client:
    """An environment in which every kind of secret was made."""
    client = new_client()
    ada = create_user(client, password=PASSWORD)
    sign_in(client)
    create_code(client, ada)
    client.authenticate("password", email="ada@example.com", password="wrong")
    factor = enroll_totp(client, ada["id"])["authentication_factor"]
    pending = client.authenticate("password", email="ada@example.com", password=PASSWORD).json()
    client.authenticate(
        MFA_TOTP,
        code=totp_code(client, factor["totp"]["secret"]),
        pending_authentication_token=pending["pending_authentication_token"],
        authentication_challenge_id="auth_challenge_x",
    )
    create_magic_auth(client)
    reset = create_password_reset(client)
    body = {"token": reset["password_reset_token"], "new_password": "new-secure-password"}
    client.post("/user_management/password_reset/confirm", json=body).raise_for_status()
    create_password_reset(client)
    bob = create_user(client, "bob@example.com", email_verified=False, password=PASSWORD)
    unverified = client.authenticate("password", email="bob@example.com", password=PASSWORD).json()
    client.authenticate(
        EMAIL_VERIFICATION,
        code="000000",
        pending_authentication_token=unverified["pending_authentication_token"],
    )
    client.post(f"/user_management/users/{bob['id']}/email_change/send", json={"new_email": "b@example.com"})
    return client


def members(value: Any) -> Iterator[tuple[str, Any]]:
    """All members at any depth, with the name of the object's member they stand in."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name, inner
            yield from members(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from members(inner)


def test_no_secret_of_the_state_is_in_an_event(client: Client) -> None:
    state = client.get("/_emulate/state").raise_for_status().json()
    events = json.dumps(state.pop("events"))
    state.pop("settings")
    secrets = {str(value) for name, value in members(state) if name in SECRET_MEMBERS and value}
    assert len(secrets) > 10
    assert [secret for secret in secrets if f'"{secret}"' in events] == []


def test_no_payload_has_a_member_for_a_secret(client: Client) -> None:
    events = client.get("/_emulate/state").raise_for_status().json()["events"]
    names = {name for event in events for name, _ in members(event["data"]) if name in SECRET_MEMBERS}
    # The error of a failed sign-in says its code, which is no secret.
    codes = {value["code"] for event in events for name, value in members(event["data"]) if name == "error"}
    assert names <= {"code"}
    assert codes <= {"invalid_credentials", "invalid_one_time_code", "mfa_challenge_failed", "entity_not_found"}


def test_no_payload_has_a_link(client: Client) -> None:
    for event in client.get("/_emulate/state").raise_for_status().json()["events"]:
        assert "://" not in json.dumps(event["data"])


def test_all_kinds_of_events_that_hide_something_were_caused(client: Client) -> None:
    assert {
        "email_verification.created",
        "magic_auth.created",
        "password_reset.created",
        "password_reset.succeeded",
        "session.created",
        "user.created",
    } <= set(client.event_names())
