"""Single calls against what they can't do without: a bare route, argon2, a signature."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from statistics import median
from typing import Any

import jwt
from argon2 import PasswordHasher, extract_parameters
from bench_tools import (
    PASSWORD,
    Client,
    Process,
    Sizes,
    Table,
    WrongAnswer,
    bare_server,
    mock_server,
    per_call,
    request_for,
)
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from mockserver.core.keys import DEVELOPMENT_KEY

BARE = request_for("GET", "/user_management/users/user_01JZ0000000000000000000000")
CREDENTIALS = {"client_id": "client_default", "client_secret": "sk_test_default"}
ADA = {"email": "ada@example.com", "email_verified": True, "password": PASSWORD}
LIMITS = {"get": {1: 1.1, 16: 1.4}, "sign-in": {1: 2.3, 16: 2.0}, "refresh": {1: 1.6, 16: 1.7}}


def single_user(table: Table, sizes: Sizes) -> None:
    with ExitStack() as stack:
        bare = stack.enter_context(bare_server())
        quiet = stack.enter_context(mock_server("--log-level", "warning"))
        logging = stack.enter_context(mock_server("--log-level", "info"))
        series = [(bare, BARE)]
        for server in (quiet, logging):
            user = server.send("POST", "/user_management/users", {"email": "ada@example.com"})
            series.append((server, request_for("GET", f"/user_management/users/{user['id']}")))
        for connections in (1, 16):
            in_bare, in_quiet, in_logging = per_call(sizes, *series, connections=connections)
            among = f"{connections} connection{'s' if connections > 1 else ''}"
            table.add(
                f"GET a user / bare Starlette route, {among}", in_quiet / in_bare, "x", LIMITS["get"][connections]
            )
            table.add("  with a log line for each request", in_logging / in_bare, "x")
            table.add("  bare Starlette route", in_bare, "us")


def sign_in(table: Table, sizes: Sizes) -> None:
    """Sign-in and refresh against their irreducible parts: one verification, one signature, one request."""
    with mock_server("--log-level", "warning") as server, bare_server() as bare:
        server.send("POST", "/user_management/users", ADA)
        request = _authenticate("password", email=ADA["email"], password=PASSWORD)
        answer = json.loads(server.client.call(request))
        claims = jwt.decode(answer["access_token"], options={"verify_signature": False})
        hash = next(user["password_hash"] for user in server.send("GET", "/_emulate/state")["users"])
        for connections in (1, 16):
            password, token = partial(_sign_ins, request), _Refreshes(server, request, connections)
            for name, load, parts in (
                ("sign-in", password, partial(verify_and_sign, hash, claims)),
                ("refresh", token, partial(sign, claims)),
            ):
                _against_parts(table, sizes, name, server, bare, load, parts, connections)


def _against_parts(
    table: Table,
    sizes: Sizes,
    name: str,
    server: Process,
    bare: Process,
    load: Callable[[list[Client]], None],
    parts: Callable[[], None],
    connections: int,
) -> None:
    turns = max(sizes.calls // 2 // connections, 2)
    calls = turns * connections
    clients = server.clients(connections)
    load(clients)
    whole, apart, requests = [], [], []
    for _ in range(sizes.rounds):
        before = server.cpu()
        for _ in range(turns):
            load(clients)
        whole.append((server.cpu() - before) / calls * 1e6)
        requests += per_call(Sizes(rounds=1, calls=calls), (bare, BARE), connections=connections)
        before = time.process_time()
        for _ in range(calls):
            parts()
        apart.append((time.process_time() - before) / calls * 1e6)
    total = median(apart) + median(requests)
    needed = "argon2 + RS256 + bare request" if name == "sign-in" else "RS256 + bare request"
    table.add(
        f"{name} / {needed}, {connections} connection{'s' if connections > 1 else ''}",
        median(whole) / total,
        "x",
        LIMITS[name][connections],
    )
    table.add(f"  {needed}", total, "us")


def _sign_ins(request: bytes, clients: list[Client]) -> None:
    for client in clients:
        client.send(request)
    for client in clients:
        _answer(client, request)


class _Refreshes:
    """Each connection goes on with the token that it was given last."""

    def __init__(self, server: Process, sign_in: bytes, connections: int) -> None:
        self._tokens = [json.loads(server.client.call(sign_in))["refresh_token"] for _ in range(connections)]

    def __call__(self, clients: list[Client]) -> None:
        requests = [_authenticate("refresh_token", refresh_token=token) for token in self._tokens]
        for client, request in zip(clients, requests, strict=True):
            client.send(request)
        self._tokens = [
            json.loads(_answer(client, request))["refresh_token"]
            for client, request in zip(clients, requests, strict=True)
        ]


def _authenticate(grant_type: str, **members: Any) -> bytes:
    return request_for("POST", "/user_management/authenticate", {**CREDENTIALS, "grant_type": grant_type, **members})


def _answer(client: Client, request: bytes) -> bytes:
    status, body = client.answer()
    if status != 200:
        raise WrongAnswer(request, status, body)
    return body


_private_key = load_pem_private_key(DEVELOPMENT_KEY.read_bytes(), None)


def verify_and_sign(hash: str, claims: dict[str, Any]) -> None:
    PasswordHasher.from_parameters(extract_parameters(hash)).verify(hash, PASSWORD)
    sign(claims)


def sign(claims: dict[str, Any]) -> None:
    assert isinstance(_private_key, RSAPrivateKey)
    jwt.encode(claims, _private_key, algorithm="RS256")
