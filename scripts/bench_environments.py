"""Environments: how long one takes to make and to reset, what a thousand cost, and calls that name none."""

from __future__ import annotations

import base64
import json
from functools import partial
from statistics import median

from bench_tools import QUICKSTART, Client, Sizes, Table, mock_server, request_for, wall

MANY = 1000


def environments(table: Table, sizes: Sizes) -> None:
    users = [{"email": f"user-{number}@example.com"} for number in range(1000)]
    with mock_server("--log-level", "warning") as server:
        new = [
            wall(partial(server.client.call, request_for("POST", "/_emulate/environments", {})))
            for _ in range(sizes.rounds * 2)
        ]
        started_with = server.send("POST", "/_emulate/environments", {"fixtures": {"users": users}})
        added_later = server.send("POST", "/_emulate/environments", {})
        resets: dict[str, list[float]] = {"started_with": [], "added_later": []}
        for _ in range(sizes.rounds):
            for name, made in (("started_with", started_with), ("added_later", added_later)):
                key = made["api_key"]
                server.send("POST", "/user_management/users", {"email": "more@example.com"}, api_key=key)
                if name == "added_later":
                    server.send("POST", "/_emulate/seed", {"users": users}, api_key=key)
                resets[name].append(wall(partial(server.send, "POST", "/_emulate/reset", {}, api_key=key)))
    table.add("reset to fixtures of 1,000 users", median(resets["started_with"]), "ms", 10)
    table.add("reset of 1,000 users to none", median(resets["added_later"]), "ms", 10)
    table.add("new environment", median(new), "ms", 5)


def memory(table: Table, sizes: Sizes) -> None:
    """Idle; then of a thousand environments without fixtures, made and deleted."""
    resident = []
    for _ in range(min(sizes.starts, 3)):
        with mock_server("--log-level", "warning", "--fixtures", str(QUICKSTART)) as server:
            server.send("GET", "/health")
            resident.append(server.resident())
    table.add("idle memory", median(resident), "MiB", 80)
    with mock_server("--log-level", "warning") as server:
        server.send("POST", "/_emulate/environments", {"name": "first"})
        server.send("DELETE", "/_emulate/environments/first")
        before = server.resident()
        for number in range(MANY):
            server.send("POST", "/_emulate/environments", {"name": f"env-{number}"})
        full = server.resident()
        for number in range(MANY):
            server.send("DELETE", f"/_emulate/environments/env-{number}")
        after = server.resident()
    table.add(f"memory of an environment, of {MANY:,}", (full - before) / MANY, "MiB", 0.5)
    table.add(f"  kept when {MANY:,} are deleted", after - before, "MiB")


def logout(table: Table, sizes: Sizes) -> None:
    """A call that names no environment, alone and among a thousand."""
    calls = sizes.calls // 6
    costs = {}
    for count in (1, MANY):
        with mock_server("--log-level", "warning") as server:
            user = server.send("POST", "/user_management/users", {"email": "ada@example.com", "email_verified": True})
            for number in range(count - 1):
                server.send("POST", "/_emulate/environments", {"name": f"env-{number}"})
            rounds = []
            for _ in range(sizes.rounds):
                requests = [_logout(server.client, user["email"]) for _ in range(calls)]
                before = server.cpu()
                for request in requests:
                    server.client.send(request)
                    server.client.answer()
                rounds.append((server.cpu() - before) / calls * 1e6)
            costs[count] = median(rounds)
    table.add(f"logout among {MANY:,} environments / alone", costs[MANY] / costs[1], "x", 1.3)
    table.add("  alone", costs[1], "us")


def _logout(client: Client, email: str) -> bytes:
    """The request that ends a new session of the user."""
    client.call(request_for("POST", "/user_management/magic_auth", {"email": email}))
    code = json.loads(client.call(request_for("GET", "/_emulate/inbox/latest")))["code"]
    credentials = {
        "client_id": "client_default",
        "client_secret": "sk_test_default",
        "grant_type": "urn:workos:oauth:grant-type:magic-auth:code",
        "email": email,
        "code": code,
    }
    answer = json.loads(client.call(request_for("POST", "/user_management/authenticate", credentials)))
    payload = answer["access_token"].split(".")[1]
    session_id = json.loads(base64.urlsafe_b64decode(payload + "=="))["sid"]
    return request_for("GET", f"/user_management/sessions/logout?session_id={session_id}")
