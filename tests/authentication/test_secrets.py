"""No event tells a secret (contract: events, section 9.3)."""

from __future__ import annotations

from typing import Any

from tests.authenticator import totp
from tests.builders import (
    EMAIL_VERIFICATION,
    MAGIC_AUTH,
    MFA_TOTP,
    PASSWORD,
    create_code,
    create_magic_auth,
    create_password_reset,
    create_user,
    enroll_totp,
    sign_in,
    state,
)
from tests.conftest import Client

SECRETS = {
    "users": ["password_hash"],
    "authenticationFactors": ["secret"],
    "refreshTokens": ["token"],
    "magicAuths": ["code"],
    "emailVerifications": ["code"],
    "emailChanges": ["code"],
    "passwordResets": ["password_reset_token", "password_reset_url"],
    "pendingAuthentications": ["token"],
    "authorizationCodes": ["code"],
}


def live_through_everything(client: Client) -> None:
    """Leaves behind at least one secret of each kind."""
    user = create_user(client, password=PASSWORD, email_verified=False)
    body = client.authenticate("password", email="ada@example.com", password=PASSWORD).json()
    code = client.latest_message("ada@example.com")["code"]
    token = body["pending_authentication_token"]
    client.authenticate(EMAIL_VERIFICATION, code=code, pending_authentication_token=token).raise_for_status()
    client.authenticate("refresh_token", refresh_token=sign_in(client)["refresh_token"]).raise_for_status()
    client.authenticate(MAGIC_AUTH, email="ada@example.com", code=create_magic_auth(client)["code"])
    client.authenticate("authorization_code", code=create_code(client, user)).raise_for_status()
    client.post(f"/user_management/users/{user['id']}/email_change/send", json={"new_email": "new@example.com"})
    _second_factor(client, user)
    reset = {"token": create_password_reset(client)["password_reset_token"], "new_password": "new-secure-password"}
    client.post("/user_management/password_reset/confirm", json=reset).raise_for_status()


def _second_factor(client: Client, user: dict[str, Any]) -> None:
    enrolment = enroll_totp(client, user["id"])
    body = client.authenticate("password", email="ada@example.com", password=PASSWORD).json()
    client.authenticate(
        MFA_TOTP,
        code=totp(client, enrolment["authentication_factor"]["totp"]["secret"]),
        pending_authentication_token=body["pending_authentication_token"],
        authentication_challenge_id=enrolment["authentication_challenge"]["id"],
    ).raise_for_status()


def texts(value: Any) -> set[str]:
    """Every text within a JSON value."""
    match value:
        case dict():
            return set().union(*(texts(member) for member in value.values()))
        case list():
            return set().union(*(texts(item) for item in value))
        case str():
            return {value}
        case _:
            return set()


def test_no_event_tells_a_secret(client: Client) -> None:
    live_through_everything(client)
    told = texts([event["data"] for event in state(client, "events")])
    for collection, members in SECRETS.items():
        secrets = {item[member] for item in state(client, collection) for member in members}
        assert secrets, collection
        assert not secrets & told, collection
