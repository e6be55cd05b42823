"""What the server costs: CPU of its process per request, as ratios within one run, and a few absolute figures.

A ratio compares two series that were measured in turns, so that whatever else the machine does slows both.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any

import jwt
from argon2 import PasswordHasher, extract_parameters
from bench_organizations import organizations
from bench_pages import pages
from bench_tools import (
    PASSWORD,
    QUICKSTART,
    SERVE,
    Client,
    Process,
    Sizes,
    Table,
    bare_server,
    clean_environment,
    mock_server,
    per_call,
    request_for,
    wall,
)
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from mockserver.core.keys import DEVELOPMENT_KEY

# Prints the third-party modules that a server has imported when it serves.
IMPORTED = """
import sys, sysconfig, uvicorn

async def startup(self, sockets=None):
    await uvicorn_startup(self, sockets)
    self.should_exit = True
    folders = sysconfig.get_path("purelib"), sysconfig.get_path("platlib")
    modules = [m for m in list(sys.modules.values()) if (getattr(m, "__file__", None) or "").startswith(folders)]
    print(*(m.__name__ for m in modules if not m.__name__.startswith(("mockserver", "_"))), file=sys.stderr)

uvicorn_startup, uvicorn.Server.startup = uvicorn.Server.startup, startup
from mockserver.cli import main
main(["serve", "--port", "0"])
"""


def start_up(table: Table, sizes: Sizes) -> None:
    """From exec to the first created user, against processes that import what the server imports, and end."""
    served = subprocess.run(
        [sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True, env=clean_environment()
    )
    modules = served.stderr.split()
    packages = sorted({name.partition(".")[0] for name in modules})
    series: list[tuple[Callable[[], Cost], list[Cost]]] = [
        (first_user, []),
        (partial(importing, packages), []),
        (partial(importing, modules), []),
    ]
    for _ in range(sizes.starts):
        for action, costs in series:
            costs.append(action())
    first, with_packages, with_modules = (Cost.median(costs) for _, costs in series)
    table.add("start to first user / import of its third-party packages", first.wall / with_packages.wall, "x", 1.6)
    table.add("  the same in CPU", first.cpu / with_packages.cpu, "x")
    table.add("  / import of every third-party module it has", first.wall / with_modules.wall, "x")
    table.add("  start to first user", first.wall, "ms")


@dataclass
class Cost:
    """Milliseconds."""

    wall: float
    cpu: float

    @staticmethod
    def median(costs: list[Cost]) -> Cost:
        return Cost(median(cost.wall for cost in costs), median(cost.cpu for cost in costs))


def importing(modules: list[str]) -> Cost:
    started_at = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", "import " + ", ".join(modules)], env=clean_environment())
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return Cost((time.perf_counter() - started_at) * 1e3, (usage.ru_utime + usage.ru_stime) * 1e3)


def first_user() -> Cost:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    command = [*SERVE, "--port", str(port), "--log-level", "error"]
    started_at = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=clean_environment())
    while True:
        try:
            server = Process(process.pid, Client(port))
        except ConnectionRefusedError:
            time.sleep(0.002)
        else:
            break
    server.send("POST", "/user_management/users", {"email": "first@example.com"})
    cost = Cost((time.perf_counter() - started_at) * 1e3, server.cpu() * 1e3)
    process.kill()  # what follows the first answer is not measured
    process.wait()
    return cost


def single_user(table: Table, sizes: Sizes) -> None:
    with ExitStack() as stack:
        bare = stack.enter_context(bare_server())
        quiet = stack.enter_context(mock_server("--log-level", "warning"))
        logging = stack.enter_context(mock_server("--log-level", "info"))
        series = [(bare, request_for("GET", "/user_management/users/user_01JZ0000000000000000000000"))]
        for server in (quiet, logging):
            user = server.send("POST", "/user_management/users", {"email": "ada@example.com"})
            series.append((server, request_for("GET", f"/user_management/users/{user['id']}")))
        in_bare, in_quiet, in_logging = per_call(sizes, *series)
    table.add("GET a user / bare Starlette route", in_quiet / in_bare, "x", 2)
    table.add("  with a log line for each request", in_logging / in_bare, "x")
    table.add("  bare Starlette route", in_bare, "us")


def lists(table: Table, sizes: Sizes) -> None:
    with mock_server("--log-level", "warning") as server:
        few, many = filled(server, 100), filled(server, sizes.users)
        for figure, name in (
            ("list 10 users", "plain"),
            ("list users by e-mail", "filtered"),
            ("list 10 users behind a deep cursor", "deep"),
        ):
            in_few, in_many = per_call(sizes, (server, few[name]), (server, many[name]))
            table.add(f"{figure}: {sizes.users:,} / 100 users", in_many / in_few, "x", 1.3)
            table.add("  among 100 users", in_few, "us")


def filled(server: Process, count: int) -> dict[str, bytes]:
    """The requests for lists of a new environment with so many users."""
    users = [{"email": f"user-{number}@example.com"} for number in range(count)]
    made = server.send("POST", "/_emulate/environments", {"fixtures": {"users": users}})
    listing = partial(request_for, "GET", api_key=made["api_key"])
    after, limit = "", min(count // 2, 100)
    for _ in range(count // 2 // limit):
        page = server.send("GET", f"/user_management/users?limit={limit}{after}", api_key=made["api_key"])
        after = f"&after={page['data'][-1]['id']}"
    return {
        "plain": listing("/user_management/users?limit=10"),
        "filtered": listing(f"/user_management/users?limit=10&email=user-{count // 2}%40example.com"),
        "deep": listing(f"/user_management/users?limit=10{after}"),
    }


def sign_in(table: Table, sizes: Sizes) -> None:
    """Against its irreducible parts: one verification, one signature, one request."""
    with mock_server("--log-level", "warning") as server, bare_server() as bare:
        server.send(
            "POST",
            "/user_management/users",
            {"email": "ada@example.com", "email_verified": True, "password": PASSWORD},
        )
        request = request_for(
            "POST",
            "/user_management/authenticate",
            {
                "grant_type": "password",
                "client_id": "client_default",
                "client_secret": "sk_test_default",
                "email": "ada@example.com",
                "password": PASSWORD,
            },
        )
        bare_request = request_for("GET", "/user_management/users/user_01JZ0000000000000000000000")
        answer = json.loads(server.client.call(request))
        hash = next(user["password_hash"] for user in server.send("GET", "/_emulate/state")["users"])
        parts = partial(verify_and_sign, hash, jwt.decode(answer["access_token"], options={"verify_signature": False}))

        smaller = Sizes(rounds=sizes.rounds, calls=max(sizes.calls // 6, 10))
        whole, apart, requests = [], [], []
        for _ in range(smaller.rounds):
            one_round = Sizes(rounds=1, calls=smaller.calls)
            in_server, in_bare = per_call(one_round, (server, request), (bare, bare_request))
            whole.append(in_server)
            requests.append(in_bare)
            before = time.process_time()
            for _ in range(smaller.calls):
                parts()
            apart.append((time.process_time() - before) / smaller.calls * 1e6)
    total = median(apart) + median(requests)
    table.add("password sign-in / argon2 + RS256 + bare request", median(whole) / total, "x", 2)
    table.add("  argon2 + RS256 + bare request", total, "us")


_private_key = load_pem_private_key(DEVELOPMENT_KEY.read_bytes(), None)


def verify_and_sign(hash: str, claims: dict[str, Any]) -> None:
    PasswordHasher.from_parameters(extract_parameters(hash)).verify(hash, PASSWORD)
    assert isinstance(_private_key, RSAPrivateKey)
    jwt.encode(claims, _private_key, algorithm="RS256")


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
    resident = []
    for _ in range(min(sizes.starts, 3)):
        with mock_server("--log-level", "warning", "--fixtures", str(QUICKSTART)) as server:
            server.send("GET", "/health")
            resident.append(server.resident())
    table.add("idle memory", median(resident), "MiB", 80)


FIGURES = {
    "start": start_up,
    "get": single_user,
    "lists": lists,
    "organizations": organizations,
    "sign-in": sign_in,
    "pages": pages,
    "environments": environments,
    "memory": memory,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__.splitlines()[0])
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=f"{', '.join(FIGURES)}; default: all")
    parser.add_argument("--quick", action="store_true", help="a tenth of the users and calls")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.figures) - FIGURES.keys())
    if unknown:
        parser.error(f"no figure is called {unknown[0]}; there are {', '.join(FIGURES)}")
    if not sys.platform.startswith("linux"):
        parser.error("the CPU of a server process is read as Linux gives it; run this on Linux or in a container")
    sizes = Sizes(users=10_000, rounds=5, calls=150, starts=7) if arguments.quick else Sizes()
    table = Table()
    for name in arguments.figures or FIGURES:
        FIGURES[name](table, sizes)
    print(f"\n{table}")
    return 1 if table.is_over else 0


if __name__ == "__main__":
    sys.exit(main())
