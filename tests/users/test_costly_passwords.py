"""What takes long with a password keeps nobody waiting, and is decided by what is true when it is done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from secrets import token_hex
from typing import Any

import bcrypt
import httpx
import pytest

from tests.asynchronous import run
from tests.builders import PASSWORD, create_password_reset, create_user, sign_in, state
from tests.conftest import Client
from tests.hosted.servers import serve_as

USERS = "/user_management/users"
COSTLY = {
    "password_hash": bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(11)).decode(),
    "password_hash_type": "bcrypt",
}

Call = tuple[str, str, dict[str, Any]]


def call_of_sign_in(client: Client, password: str = PASSWORD) -> Call:
    credentials = {"client_id": client.client_id, "client_secret": client.api_key, "grant_type": "password"}
    return "POST", "/user_management/authenticate", {**credentials, "email": "ada@example.com", "password": password}


def imported(client: Client) -> Call:
    create_user(client, **COSTLY)
    return call_of_sign_in(client)


def imported_and_wrong(client: Client) -> Call:
    create_user(client, **COSTLY)
    return call_of_sign_in(client, "wrong")


def long_password() -> str:
    """Another one each time, for what is known of a password is remembered."""
    return "a" * 32 + token_hex(8) + "{[1|+7" * 4


def long_and_new(client: Client) -> Call:
    return "POST", USERS, {"email": "ada@example.com", "password": long_password()}


def long_and_changed(client: Client) -> Call:
    return "PUT", f"{USERS}/{create_user(client)['id']}", {"password": long_password()}


def long_and_reset(client: Client) -> Call:
    create_user(client)
    token = create_password_reset(client)["password_reset_token"]
    return "POST", "/user_management/password_reset/confirm", {"token": token, "new_password": long_password()}


@asynccontextmanager
async def under_way(
    client: Client, call: Call
) -> AsyncIterator[tuple[asyncio.Task[httpx.Response], httpx.AsyncClient]]:
    """The call, which has been sent, and a client for others to the same environment."""
    method, url, body = call
    options: dict[str, Any] = {"base_url": client.base_url, "headers": client.headers, "timeout": 60, "verify": False}
    async with httpx.AsyncClient(**options) as http, httpx.AsyncClient(**options) as other:
        await asyncio.gather(http.get("/health"), other.get("/health"))
        sent = asyncio.create_task(http.request(method, url, json=body))
        await other.get("/health")
        yield sent, other


def answer_and_others(client: Client, call: Call) -> tuple[httpx.Response, int]:
    """The answer to the call, and how many other calls to the same environment were answered before.

    One may be sent before the call is answered and answered after it, so one alone proves nothing.
    """

    async def count() -> tuple[httpx.Response, int]:
        async with under_way(client, call) as (sent, other):
            times = 0
            while not sent.done():
                (await other.get("/organizations")).raise_for_status()
                times += 1
            return await sent, times

    return run(count())


def answer_after(client: Client, call: Call, change: Call) -> httpx.Response:
    """The answer to a call during which a change was made and answered."""

    async def make_both() -> httpx.Response:
        async with under_way(client, call) as (sent, other):
            method, url, body = change
            (await other.request(method, url, json=body)).raise_for_status()
            assert not sent.done()
            return await sent

    return run(make_both())


@pytest.mark.fault("A4a")
@pytest.mark.fault("A4b")
@pytest.mark.parametrize(
    ("prepare", "status"),
    [(imported, 200), (imported_and_wrong, 400), (long_and_new, 201), (long_and_changed, 200), (long_and_reset, 200)],
)
def test_costly_call_keeps_nobody_waiting(client: Client, prepare: Callable[[Client], Call], status: int) -> None:
    answer, others = answer_and_others(client, prepare(client))
    assert answer.status_code == status, answer.text
    assert others > 1


@pytest.fixture(scope="module")
def strict() -> Iterator[Client]:
    """Of a server that hashes as RFC 9106 wants it."""
    with serve_as("http://localhost", argon2="rfc9106") as client:
        yield client


@pytest.mark.fault("A4a")
def test_hashes_of_real_cost_keep_nobody_waiting(strict: Client) -> None:
    body = {"email": "ada@example.com", "password": PASSWORD, "email_verified": True}
    for call in (("POST", USERS, body), call_of_sign_in(strict)):
        answer, others = answer_and_others(strict, call)
        assert answer.is_success, answer.text
        assert others > 1
    (user,) = state(strict, "users")
    assert user["password_hash"].startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.fault("A4a")
def test_password_that_was_replaced_meanwhile_signs_nobody_in(client: Client) -> None:
    user = create_user(client, **COSTLY)
    change = ("PUT", f"{USERS}/{user['id']}", {"password": "another-good-password"})
    assert answer_after(client, call_of_sign_in(client), change).json()["code"] == "invalid_credentials"
    assert sign_in(client, password="another-good-password")


@pytest.mark.fault("A4a")
def test_user_who_was_deleted_meanwhile_is_not_signed_in(client: Client) -> None:
    user = create_user(client, **COSTLY)
    change = ("DELETE", f"{USERS}/{user['id']}", {})
    assert answer_after(client, call_of_sign_in(client), change).json()["code"] == "invalid_credentials"
    assert state(client, "sessions") == []


@pytest.mark.fault("A4a")
def test_costly_sign_in_leaves_one_event(client: Client) -> None:
    create_user(client, **COSTLY)
    assert sign_in(client)
    assert client.event_names() == ["user.created", "authentication.password_succeeded", "session.created"]
