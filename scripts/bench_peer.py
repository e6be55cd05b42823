"""The same load on this server and on any other of the API, in turns: `scripts/bench --peer URL`."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count, product
from math import exp, log
from pathlib import Path
from statistics import mean, median
from typing import Any
from urllib.parse import urlsplit

from bench_tools import PASSWORD, Client, Process, Sizes, Table, WrongAnswer, mock_server, request_for

PAIRS = 9
MEMBERS = 100  # of the organization whose lists are read; a tenth as many as users once there are more
SLOWER = ("memberships", "users of an organization", "deep cursor", "list of 100", "magic auth")


@dataclass
class Side:
    """A server with its data. `process` is None where it runs on another machine: then time alone is measured."""

    host: str
    port: int
    process: Process | None
    api_key: str
    client_id: str
    client: Client = field(init=False)
    emails: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    organization: str = ""

    def __post_init__(self) -> None:
        self.client = Client(self.port, self.host)

    def send(self, method: str, path: str, content: Any = None) -> Any:
        return json.loads(self.client.call(self.request(method, path, content)))

    def request(self, method: str, path: str, content: Any = None) -> bytes:
        return request_for(method, path, content, api_key=self.api_key)

    def authenticate(self, grant_type: str, **members: str) -> bytes:
        credentials = {"client_id": self.client_id, "client_secret": self.api_key, "grant_type": grant_type}
        return self.request("POST", "/user_management/authenticate", {**credentials, **members})

    def fill(self, users: int, members: int) -> None:
        """Adds users until there are so many, with a new organization that the newest `members` of them belong to."""
        self.client = Client(self.port, self.host)  # the one before may have been idle for longer than a server waits
        for number in range(len(self.ids), users):
            content = {"email": f"user-{number}@example.com", "email_verified": True}
            if not number:
                content["password"] = PASSWORD
            self.ids.append(self.send("POST", "/user_management/users", content)["id"])
        self.organization = self.send("POST", "/organizations", {"name": f"Of {users}"})["id"]
        for user in self.ids[-members:]:
            membership = {"user_id": user, "organization_id": self.organization}
            self.send("POST", "/user_management/organization_memberships", membership)


Step = Callable[[Side, int, bytes], bytes]
"""The request of a connection, by its number and the body of the answer that it had before."""


@dataclass(frozen=True)
class Call:
    """`steps` follow one another on each connection and count as one call."""

    name: str
    steps: tuple[Step, ...]
    status: int = 200


_numbers = count()


def _get(path: Callable[[Side], str]) -> tuple[Step]:
    return (lambda side, _slot, _body: side.request("GET", path(side)),)


def _update(side: Side, _slot: int, _body: bytes) -> bytes:
    return side.request("PUT", f"/user_management/users/{side.ids[0]}", {"first_name": f"Ada {next(_numbers)}"})


def _create(**members: Any) -> tuple[Step]:
    def step(side: Side, _slot: int, _body: bytes) -> bytes:
        content = {"email": f"new-{next(_numbers)}@example.com", **members}
        return side.request("POST", "/user_management/users", content)

    return (step,)


def _sign_in(side: Side, _slot: int, _body: bytes) -> bytes:
    return side.authenticate("password", email="user-0@example.com", password=PASSWORD)


def _refresh(side: Side, _slot: int, body: bytes) -> bytes:
    return side.authenticate("refresh_token", refresh_token=json.loads(body)["refresh_token"])


def _mail_code(side: Side, slot: int, _body: bytes) -> bytes:
    return side.request("POST", "/user_management/magic_auth", {"email": f"user-{slot + 1}@example.com"})


def _redeem_code(side: Side, slot: int, body: bytes) -> bytes:
    code = json.loads(body)["code"]
    return side.authenticate(
        "urn:workos:oauth:grant-type:magic-auth:code", email=f"user-{slot + 1}@example.com", code=code
    )


def _by_email(side: Side) -> str:
    return f"/user_management/users?limit=10&email=user-{len(side.ids) // 2}%40example.com"


def _deep(side: Side) -> str:
    return f"/user_management/users?limit=10&after={side.ids[len(side.ids) // 2]}"


LISTS = (
    Call("list of users", _get(lambda _: "/user_management/users?limit=10")),
    Call("e-mail filter", _get(_by_email)),
    Call("deep cursor", _get(_deep)),
    Call("events", _get(lambda _: "/events?events=user.created&limit=10")),
    Call(
        "memberships",
        _get(lambda side: f"/user_management/organization_memberships?limit=10&organization_id={side.organization}"),
    ),
    Call(
        "users of an organization",
        _get(lambda side: f"/user_management/users?limit=10&organization_id={side.organization}"),
    ),
)
# Those that add users come last, so that all others find a hundred.
CALLS = (
    Call("GET a user", _get(lambda side: f"/user_management/users/{side.ids[50]}")),
    *LISTS,
    Call("list of 100", _get(lambda _: "/user_management/users?limit=100")),
    Call("404", _get(lambda _: "/user_management/users/user_01JZ0000000000000000000000"), 404),
    Call("update", (_update,)),
    Call("password sign-in", (_sign_in,)),
    Call("refresh", (_refresh,)),
    Call("magic auth", (_mail_code, _redeem_code)),
    Call("create", _create(), 201),
    Call("create with password", _create(password=PASSWORD), 201),
)
# The answers of a first step other than the call's own status.
FIRST_STATUS = {"magic auth": 201}


def peer(table: Table, sizes: Sizes, url: str) -> None:
    """Raises WrongAnswer when an answer has another status than this server's."""
    with mock_server("--log-level", "error") as server:
        ours = Side("127.0.0.1", server.port, server, "sk_test_default", "client_default")
        theirs = _side_at(url)
        what = "CPU" if theirs.process is not None else "time"
        for users, calls in ((100, CALLS), (sizes.users // 10, LISTS)):
            for side in (ours, theirs):
                side.fill(users, MEMBERS if users == 100 else users // 10)
            means: dict[int, list[float]] = {1: [], 16: []}
            for call, connections in product(calls, (1, 16) if users == 100 else (1,)):
                mine, other, times = _compare(call, ours, theirs, connections, sizes)
                means[connections].append(log(mine / other))
                where = f"{users:,} users, {connections} connection{'s' if connections > 1 else ''}"
                table.add(f"{call.name}: {what} / the peer's, {where}", mine / other, "x", _limit(call.name, users))
                table.add("  here", mine, f"us, there {other:.0f} us; time {times:.2f} x")
            if users == 100:
                for connections, logarithms in means.items():
                    table.add(f"geometric mean of the calls: {connections}", exp(mean(logarithms)), "x", 0.9)


def _limit(name: str, users: int) -> float:
    if users == 100:
        return 1.3 if name in SLOWER else 1.1
    return 1.3 if "organization" in name or name == "memberships" else 0.3


def _compare(call: Call, ours: Side, theirs: Side, connections: int, sizes: Sizes) -> tuple[float, float, float]:
    """Microseconds a call, here and there, and how much longer it takes here: medians of pairs taken in turns."""
    sides = [(side, _Load(side, call, connections)) for side in (ours, theirs)]
    turns = max(sizes.calls // 3 // connections, 2)
    for _, load in sides:
        load.run(turns)
    found: dict[int, list[tuple[float, float]]] = {0: [], 1: []}
    for _ in range(max(sizes.rounds, PAIRS)):
        for number, (side, load) in enumerate(sides):
            cpu, started = _cpu(side), time.perf_counter()
            load.run(turns)
            seconds = time.perf_counter() - started
            found[number].append(((_cpu(side) - cpu or seconds) / turns / connections * 1e6, seconds))
    (mine, my_time), (other, other_time) = (
        (median(cost for cost, _ in costs), median(seconds for _, seconds in costs)) for costs in found.values()
    )
    return mine, other, my_time / other_time


def _cpu(side: Side) -> float:
    return 0.0 if side.process is None else side.process.cpu()


class _Load:
    """A call on several connections at once."""

    def __init__(self, side: Side, call: Call, connections: int) -> None:
        self._side, self._call = side, call
        self._clients = [Client(side.port, side.host) for _ in range(connections)]
        self._bodies = [b""] * connections
        if call.name == "refresh":
            self._bodies = [client.call(_sign_in(side, 0, b"")) for client in self._clients]

    def run(self, turns: int) -> None:
        for _ in range(turns):
            for step in self._call.steps:
                self._volley(step)

    def _volley(self, step: Step) -> None:
        requests = [step(self._side, slot, self._bodies[slot]) for slot in range(len(self._clients))]
        for client, request in zip(self._clients, requests, strict=True):
            client.send(request)
        is_last = step is self._call.steps[-1]
        expected = self._call.status if is_last else FIRST_STATUS[self._call.name]
        for slot, client in enumerate(self._clients):
            status, body = client.answer()
            if status != expected:
                raise WrongAnswer(requests[slot], status, body)
            self._bodies[slot] = body


def _side_at(url: str) -> Side:
    parts = urlsplit(url)
    if parts.hostname is None or parts.port is None:
        raise SystemExit(f"--peer takes a URL with host and port, such as http://localhost:4100; found '{url}'.")
    pid = _listener(parts.port) if parts.hostname in ("localhost", "127.0.0.1", "::1") else None
    try:
        client = Client(parts.port, parts.hostname)
    except OSError as error:
        raise SystemExit(
            f"Nothing answers at {url}: {error.strerror}. Start the peer, freshly, and try again."
        ) from None
    process = None if pid is None else Process(pid, client)
    side = Side(parts.hostname, parts.port, process, "sk_test_default", "client_default")
    if side.send("GET", "/user_management/users?limit=1")["data"]:
        raise SystemExit(f"The peer at {url} has users already: start it afresh, so that both hold the same.")
    return side


def _listener(port: int) -> int | None:
    """The process of this machine that listens on the port."""
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            columns = line.split()
            if columns[3] == "0A" and int(columns[1].rpartition(":")[2], 16) == port:
                inodes.add(columns[9])
    for folder in Path("/proc").glob("[0-9]*/fd"):
        try:
            for link in folder.iterdir():
                found = re.fullmatch(r"socket:\[(\d+)\]", os.readlink(link))
                if found and found[1] in inodes:
                    return int(folder.parent.name)
        except OSError:  # another user's, or gone
            continue
    return None
