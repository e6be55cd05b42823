"""Environments never see each other, however alike they are."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
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
    event_data,
    list_sessions,
    messages,
    sign_in,
)
from tests.conftest import Client

USER = "user_01HZZZZZZZZZZZZZZZZZZZZZZZ"
FACTOR = "auth_factor_01HZZZZZZZZZZZZZZZZZZZZZZZ"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def fixtures(name: str, **changes: Any) -> dict[str, Any]:
    user = {
        "id": USER,
        "email": "ada@example.com",
        "email_verified": True,
        "first_name": name,
        "password": PASSWORD,
        **changes,
    }
    factor = {"id": FACTOR, "user_id": USER, "secret": SECRET}
    return {"users": [user], "authenticationFactors": [factor], "settings": {"mfa": "off"}}


@pytest.fixture
def pair(new_client: Callable[..., Client]) -> tuple[Client, Client]:
    """Two environments with the same user and factor, but for the name."""
    return new_client(**fixtures("One")), new_client(**fixtures("Two"))


def test_pinned_id_is_another_user_in_each(pair: tuple[Client, Client]) -> None:
    one, two = pair
    one.put(f"/user_management/users/{USER}", json={"last_name": "Changed"}).raise_for_status()
    shown = [client.get(f"/user_management/users/{USER}").json() for client in pair]
    assert [(user["first_name"], user["last_name"]) for user in shown] == [("One", "Changed"), ("Two", None)]
    assert [len(client.get("/user_management/users").json()["data"]) for client in pair] == [1, 1]
    assert two.event_names() == []


def test_deletion_in_one_leaves_the_other_alone(pair: tuple[Client, Client]) -> None:
    one, two = pair
    one.delete(f"/user_management/users/{USER}").raise_for_status()
    assert sign_in(two)["user"]["first_name"] == "Two"
    assert two.get(f"/auth/factors/{FACTOR}").status_code == 200


def test_events_and_mails_stay_where_they_were_caused(pair: tuple[Client, Client]) -> None:
    one, two = pair
    magic_auth = create_magic_auth(one)
    assert [message["code"] for message in messages(one)] == [magic_auth["code"]]
    assert (messages(two), two.event_names()) == ([], [])
    assert two.get("/events", params={"events": "magic_auth.created"}).json()["data"] == []
    assert two.get(f"/user_management/magic_auth/{magic_auth['id']}").status_code == 404


def test_sessions_stay_where_they_began(pair: tuple[Client, Client]) -> None:
    one, two = pair
    session_id = claims(sign_in(one)["access_token"])["sid"]
    assert list_sessions(two, USER) == []
    assert two.post("/user_management/sessions/revoke", json={"session_id": session_id}).status_code == 404
    assert len(list_sessions(one, USER)) == 1


def test_tokens_tell_environments_apart(pair: tuple[Client, Client]) -> None:
    contents = [claims(sign_in(client)["access_token"]) for client in pair]
    assert [content["client_id"] for content in contents] == [client.client_id for client in pair]
    assert contents[0]["iss"] != contents[1]["iss"]
    assert contents[0]["sub"] == contents[1]["sub"] == USER


def test_refresh_token_of_another_environment_is_refused(pair: tuple[Client, Client]) -> None:
    one, two = pair
    token = sign_in(one)["refresh_token"]
    assert two.authenticate("refresh_token", refresh_token=token).json() == {
        "error": "invalid_grant",
        "error_description": "Invalid refresh token.",
    }
    assert one.authenticate("refresh_token", refresh_token=token).status_code == 200


def test_authorization_code_of_another_environment_is_refused(pair: tuple[Client, Client]) -> None:
    one, two = pair
    code = create_code(one, {"id": USER})
    assert two.authenticate("authorization_code", code=code).json()["error"] == "invalid_grant"
    assert one.authenticate("authorization_code", code=code).json()["user"]["first_name"] == "One"


def test_magic_code_of_another_environment_is_wrong(pair: tuple[Client, Client]) -> None:
    one, two = pair
    code = create_magic_auth(one)["code"]
    response = two.authenticate(MAGIC_AUTH, email="ada@example.com", code=code)
    assert response.json()["code"] == "invalid_one_time_code"
    assert event_data(one, "authentication.magic_auth_failed") == []


def test_reset_token_of_another_environment_is_not_found(pair: tuple[Client, Client]) -> None:
    one, two = pair
    body = {"token": create_password_reset(one)["password_reset_token"], "new_password": "new-secure-password"}
    assert two.post("/user_management/password_reset/confirm", json=body).status_code == 404
    assert sign_in(two)["user"]["first_name"] == "Two"


def test_pending_token_of_another_environment_is_refused(new_client: Callable[..., Client]) -> None:
    one, two = (new_client(**fixtures(name, email_verified=False)) for name in ("One", "Two"))
    bodies = [
        client.authenticate("password", email="ada@example.com", password=PASSWORD).json() for client in (one, two)
    ]
    response = two.authenticate(
        EMAIL_VERIFICATION,
        code=two.latest_message("ada@example.com")["code"],
        pending_authentication_token=bodies[0]["pending_authentication_token"],
    )
    assert response.json()["code"] == "invalid_pending_authentication_token"


def test_challenge_and_time_step_belong_to_one_environment(pair: tuple[Client, Client]) -> None:
    one, two = pair
    code = totp(one, SECRET)
    challenge = challenge_factor(one, FACTOR)
    assert two.post(f"/auth/challenges/{challenge['id']}/verify", json={"code": code}).status_code == 404
    for client in pair:
        url = f"/auth/challenges/{challenge_factor(client, FACTOR)['id']}/verify"
        assert client.post(url, json={"code": code}).json()["valid"] is True


def test_second_factor_of_another_environment_finishes_nothing(pair: tuple[Client, Client]) -> None:
    one, two = pair
    two.change_settings(mfa="required")
    body = two.authenticate("password", email="ada@example.com", password=PASSWORD).json()
    response = two.authenticate(
        MFA_TOTP,
        code=totp(one, SECRET),
        pending_authentication_token=body["pending_authentication_token"],
        authentication_challenge_id=challenge_factor(one, FACTOR)["id"],
    )
    assert response.status_code == 404
    assert list_sessions(two, USER) == []


def test_clock_and_settings_belong_to_one_environment(pair: tuple[Client, Client]) -> None:
    one, two = pair
    one.advance(86400)
    one.change_settings(methods=["magic_auth"])
    assert two.get("/_emulate/clock").json()["offset_seconds"] == 0
    assert sign_in(two)["user"]["first_name"] == "Two"


def test_logout_ends_the_session_of_its_own_environment(pair: tuple[Client, Client]) -> None:
    one, two = pair
    session_id = claims(sign_in(one)["access_token"])["sid"]
    sign_in(two)
    one.keyless.get("/user_management/sessions/logout", params={"session_id": session_id})
    assert (list_sessions(one, USER), len(list_sessions(two, USER))) == ([], 1)


async def use(http: httpx.AsyncClient, client: Client, number: int) -> dict[str, Any]:
    """A life in one environment; answers what it then sees."""
    headers = {"Authorization": f"Bearer {client.api_key}"}

    async def call(method: str, path: str, **members: Any) -> Any:
        response = await http.request(method, path, headers=headers, **members)
        return response.raise_for_status().json()

    created = await call("POST", "/user_management/magic_auth", json={"email": "ada@example.com"})
    await call("POST", "/user_management/users", json={"email": f"user-{number}@example.com"})
    grant = {"client_id": client.client_id, "grant_type": MAGIC_AUTH, "email": "ada@example.com"}
    answer = await call("POST", "/user_management/authenticate", json={**grant, "code": created["code"]})
    users = await call("GET", "/user_management/users", params={"order": "asc"})
    inbox = await call("GET", "/_emulate/inbox")
    events = await call("GET", "/events", params={"events": "user.created"})
    sessions = await call("GET", f"/user_management/users/{created['user_id']}/sessions")
    return {
        "client_id": claims(answer["access_token"])["client_id"],
        "users": [user["email"] for user in users["data"]],
        "codes": [message["code"] == created["code"] for message in inbox["data"]],
        "created": [event["data"]["email"] for event in events["data"]],
        "sessions": [session["id"] == claims(answer["access_token"])["sid"] for session in sessions["data"]],
    }


def test_fifty_environments_under_parallel_requests_see_their_own(new_client: Callable[..., Client]) -> None:
    clients = [new_client() for _ in range(50)]

    async def use_all() -> list[dict[str, Any]]:
        async with httpx.AsyncClient(base_url=clients[0].base_url, verify=False, timeout=30) as http:
            return await asyncio.gather(*(use(http, client, number) for number, client in enumerate(clients)))

    for number, (client, seen) in enumerate(zip(clients, run(use_all()), strict=True)):
        emails = ["ada@example.com", f"user-{number}@example.com"]
        assert seen == {
            "client_id": client.client_id,
            "users": emails,
            "codes": [True],
            "created": emails,
            "sessions": [True],
        }
