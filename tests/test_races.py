"""Twenty clients redeem the same thing at the same moment."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest

from tests.asynchronous import run
from tests.authenticator import totp
from tests.builders import (
    EMAIL_VERIFICATION,
    MAGIC_AUTH,
    MFA_TOTP,
    PASSWORD,
    challenge_factor,
    claims,
    create_code,
    create_magic_auth,
    create_password_reset,
    create_user,
    enroll_totp,
    list_sessions,
    sign_in,
    state,
)
from tests.conftest import Client

TIMES = 20


def post_at_once(client: Client, path: str, bodies: list[dict[str, Any]]) -> list[httpx.Response]:
    """Each request on a connection of its own, opened beforehand."""

    async def post_all() -> list[httpx.Response]:
        limits = httpx.Limits(max_connections=TIMES, max_keepalive_connections=TIMES)
        headers = {"Authorization": f"Bearer {client.api_key}"}
        async with httpx.AsyncClient(
            base_url=client.base_url, headers=headers, limits=limits, verify=False, timeout=30
        ) as http:
            await asyncio.gather(*(http.get("/health") for _ in bodies))
            return await asyncio.gather(*(http.post(path, json=body) for body in bodies))

    return run(post_all())


@pytest.mark.fault("A1")
def test_a_name_is_given_to_one_environment(client: Client) -> None:
    body = {"name": "raced", "fixtures": {"users": [{"email": "ada@example.com", "password": PASSWORD}]}}
    answers = post_at_once(client, "/_emulate/environments", [body] * TIMES)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: TIMES - 1}
    listed = client.get("/_emulate/environments").json()["data"]
    assert [each["name"] for each in listed].count("raced") == 1
    client.delete("/_emulate/environments/raced").raise_for_status()


def authenticate_at_once(client: Client, grant_type: str, *variants: dict[str, Any]) -> list[httpx.Response]:
    """The variants in turn, until there are twenty requests."""
    base = {"client_id": client.client_id, "client_secret": client.api_key, "grant_type": grant_type}
    bodies = [{**base, **variants[number % len(variants)]} for number in range(TIMES)]
    return post_at_once(client, "/user_management/authenticate", bodies)


def outcomes(responses: list[httpx.Response]) -> Counter[str]:
    """How often each code was answered; a success counts as `ok`."""
    bodies = [response.json() for response in responses]
    return Counter(body.get("code") or body.get("error") or "ok" for body in bodies)


def test_magic_code_has_one_winner(client: Client) -> None:
    magic_auth = create_magic_auth(client)
    responses = authenticate_at_once(client, MAGIC_AUTH, {"email": "ada@example.com", "code": magic_auth["code"]})
    assert outcomes(responses) == {"ok": 1, "one_time_code_previously_used": TIMES - 1}
    assert len(list_sessions(client, magic_auth["user_id"])) == 1
    assert client.event_names().count("user.updated") == 1


def test_authorization_code_has_one_winner(client: Client) -> None:
    user = create_user(client)
    responses = authenticate_at_once(client, "authorization_code", {"code": create_code(client, user)})
    assert outcomes(responses) == {"ok": 1, "invalid_grant": TIMES - 1}
    assert len(list_sessions(client, user["id"])) == 1


def test_email_verification_has_one_winner(client: Client) -> None:
    user = create_user(client, email_verified=False, password=PASSWORD)
    body = client.authenticate("password", email="ada@example.com", password=PASSWORD).json()
    code = client.latest_message("ada@example.com")["code"]
    members = {"code": code, "pending_authentication_token": body["pending_authentication_token"]}
    responses = authenticate_at_once(client, EMAIL_VERIFICATION, members)
    assert outcomes(responses) == {"ok": 1, "invalid_pending_authentication_token": TIMES - 1}
    assert len(list_sessions(client, user["id"])) == 1


def test_pending_token_with_two_right_codes_has_one_winner(client: Client) -> None:
    user = create_user(client, email_verified=False, password=PASSWORD)
    bodies = [client.authenticate("password", email="ada@example.com", password=PASSWORD).json() for _ in range(2)]
    codes = [item["code"] for item in state(client, "emailVerifications")]
    token = bodies[0]["pending_authentication_token"]
    variants = [{"code": code, "pending_authentication_token": token} for code in codes]
    responses = authenticate_at_once(client, EMAIL_VERIFICATION, *variants)
    assert outcomes(responses) == {"ok": 1, "invalid_pending_authentication_token": TIMES - 1}
    assert len(list_sessions(client, user["id"])) == 1


def challenged(client: Client) -> tuple[dict[str, Any], dict[str, Any]]:
    """A factor, and a sign-in that waits for its code."""
    user = create_user(client, password=PASSWORD)
    factor = enroll_totp(client, user["id"])["authentication_factor"]
    return factor, client.authenticate("password", email="ada@example.com", password=PASSWORD).json()


def test_totp_challenge_has_one_winner(client: Client) -> None:
    factor, body = challenged(client)
    members = {
        "code": totp(client, factor["totp"]["secret"]),
        "authentication_challenge_id": challenge_factor(client, factor["id"])["id"],
        "pending_authentication_token": body["pending_authentication_token"],
    }
    responses = authenticate_at_once(client, MFA_TOTP, members)
    assert outcomes(responses) == {"ok": 1, "invalid_pending_authentication_token": TIMES - 1}
    assert len(list_sessions(client, factor["user_id"])) == 1


def test_totp_code_has_one_winner_among_many_challenges_and_sign_ins(client: Client) -> None:
    factor, _ = challenged(client)
    code = totp(client, factor["totp"]["secret"])
    variants = []
    for _ in range(TIMES):
        body = client.authenticate("password", email="ada@example.com", password=PASSWORD).json()
        challenge = challenge_factor(client, factor["id"])
        token = body["pending_authentication_token"]
        variants.append(
            {"code": code, "authentication_challenge_id": challenge["id"], "pending_authentication_token": token}
        )
    responses = authenticate_at_once(client, MFA_TOTP, *variants)
    assert outcomes(responses) == {"ok": 1, "invalid_one_time_code": TIMES - 1}
    assert len(list_sessions(client, factor["user_id"])) == 1


def test_challenge_is_verified_once(client: Client) -> None:
    factor, _ = challenged(client)
    challenge = challenge_factor(client, factor["id"])
    body = {"code": totp(client, factor["totp"]["secret"])}
    responses = post_at_once(client, f"/auth/challenges/{challenge['id']}/verify", [body] * TIMES)
    assert outcomes(responses) == {"ok": 1, "authentication_challenge_previously_verified": TIMES - 1}


def test_password_reset_token_has_one_winner(client: Client) -> None:
    create_user(client, password=PASSWORD)
    token = create_password_reset(client)["password_reset_token"]
    passwords = [f"new-secure-password-{number}" for number in range(TIMES)]
    bodies = [{"token": token, "new_password": password} for password in passwords]
    responses = post_at_once(client, "/user_management/password_reset/confirm", bodies)
    assert outcomes(responses) == {"ok": 1, "password_reset_token_not_found": TIMES - 1}
    (winner,) = [number for number, response in enumerate(responses) if response.status_code == 200]
    assert sign_in(client, password=passwords[winner])["user"]["email"] == "ada@example.com"


def test_refresh_token_gives_everyone_the_same_successor(client: Client) -> None:
    create_user(client, password=PASSWORD)
    before = sign_in(client)
    responses = authenticate_at_once(client, "refresh_token", {"refresh_token": before["refresh_token"]})
    assert outcomes(responses) == {"ok": TIMES}
    (successor,) = {response.json()["refresh_token"] for response in responses}
    stored = {token["token"]: token["successor"] for token in state(client, "refreshTokens")}
    assert stored == {before["refresh_token"]: successor, successor: None}
    sessions = {claims(response.json()["access_token"])["sid"] for response in responses}
    assert sessions == {claims(before["access_token"])["sid"]}


def test_address_is_taken_once(client: Client) -> None:
    responses = post_at_once(client, "/user_management/users", [{"email": "ada@example.com"}] * TIMES)
    assert Counter(response.status_code for response in responses) == {201: 1, 400: TIMES - 1}
    assert client.event_names() == ["user.created"]


def test_session_is_revoked_once(client: Client) -> None:
    create_user(client, password=PASSWORD)
    body = {"session_id": claims(sign_in(client)["access_token"])["sid"]}
    responses = post_at_once(client, "/user_management/sessions/revoke", [body] * TIMES)
    assert Counter(response.status_code for response in responses) == {200: 1, 400: TIMES - 1}
    assert client.event_names().count("session.revoked") == 1
