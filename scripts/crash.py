"""Kills a server (kill -9) while it makes, seeds, resets, deletes and writes, and looks at what the next one finds.

Four threads call it, each in an environment of its own, one call after the other. So of each environment is known what
it was when the last call was answered, and what the one under way was to make of it: it must be one of the two.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

JSON = dict[str, Any]
CALLERS = 4
FIXTURES: JSON = {
    "users": [{"email": "ada@example.com"}, {"email": "grace@example.com"}],
    "settings": {"product_name": "Start"},
}
DEFAULT_KEY, DEFAULT_CLIENT = "sk_test_default", "client_default"


class Lost(Exception):
    """Says what is not as it must be."""


@dataclass(frozen=True)
class World:
    """What an environment holds."""

    api_key: str
    client_id: str
    emails: frozenset[str] = frozenset(user["email"] for user in FIXTURES["users"])
    product_name: str = "Start"


@dataclass
class Slot:
    """A caller's environment: as it was answered last, and the call under way with what comes of it."""

    name: str
    world: World | None
    under_way: tuple[str, World | None] | None = None

    def may_be(self, found: World | None) -> bool:
        return found == self.world or (self.under_way is not None and found == self.under_way[1])


@dataclass
class Tally:
    """Of calls by kind. Those that were not answered are counted by what the next server found of them."""

    kills: int = 0
    answered: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    undone: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        lines = [f"{self.kills} kills, {self.answered.total()} answered calls, nothing lost and nothing half-made"]
        for kind in sorted({*self.answered, *self.done, *self.undone}):
            cut = f"{self.done[kind]:4} done and {self.undone[kind]:4} undone when they were cut off"
            lines.append(f"  {kind:9} {self.answered[kind]:6} answered, {cut}")
        return "\n".join(lines)


def call(connection: HTTPConnection, method: str, path: str, body: JSON | None = None, api_key: str = "") -> Any:
    """Raises Lost when the answer is no success."""
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {api_key}"} if api_key else {})
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    response = connection.getresponse()
    content = response.read()
    if response.status >= 300:
        raise Lost(f"{method} {path} answered {response.status}: {content.decode()[:300]}")
    return json.loads(content) if content else None


class Server:
    """A process that listens on a free port once `ready` has returned."""

    def __init__(self, data: Path) -> None:
        fixtures = data.with_suffix(".json")
        fixtures.write_text(json.dumps(FIXTURES))
        line = [sys.executable, "-m", "mockserver", "serve", "--port", "0", "--json", "--log-level", "warning"]
        variables = {key: value for key, value in os.environ.items() if not key.startswith(("MOCKSERVER_", "WORKOS_"))}
        self.log = data.with_suffix(".log").open("a+")
        self.process = subprocess.Popen(
            [*line, "--data", str(data), "--fixtures", str(fixtures)],
            stdout=subprocess.PIPE,
            stderr=self.log,
            env=variables,
        )
        self.port = 0

    def ready(self) -> None:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.log.seek(0)
            raise Lost(f"the server doesn't start again:\n{self.log.read()[-2000:]}")
        self.port = json.loads(line)["port"]

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=30)

    def kill(self) -> None:
        """May be called twice."""
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.log.close()


# Calls, each with what comes of it


def next_call(slot: Slot, chance: random.Random) -> tuple[str, tuple[str, str, JSON | None], World | None]:
    """Its kind, its method, path and body, and the world after it."""
    token = f"{chance.getrandbits(64):016x}"
    world = slot.world
    if world is None:
        made = World(f"sk_test_{token}", f"client_{token}")
        body = {"name": slot.name, "api_key": made.api_key, "client_id": made.client_id, "fixtures": FIXTURES}
        return "make", ("POST", "/_emulate/environments", body), made
    kinds = ["write", "write", "write", "seed", "settings", "reset", "empty"] + ["delete"] * (
        slot.name != "default"
    ) * 2
    kind = chance.choice(kinds)
    query = f"?client_id={world.client_id}"
    if kind == "write":
        email = f"{token}@example.com"
        return kind, ("POST", "/user_management/users", {"email": email}), replace(world, emails=world.emails | {email})
    if kind == "seed":
        emails = [f"{number}-{token}@example.com" for number in range(20)]
        seed = {"users": [{"email": email} for email in emails], "settings": {"product_name": token}}
        after = replace(world, emails=world.emails | set(emails), product_name=token)
        return kind, ("POST", f"/_emulate/seed{query}", seed), after
    if kind == "settings":
        path = f"/_emulate/settings{query}"
        return kind, ("PATCH", path, {"product_name": token}), replace(world, product_name=token)
    if kind == "reset":
        return kind, ("POST", f"/_emulate/reset{query}", {}), World(world.api_key, world.client_id)
    if kind == "empty":
        emptied = replace(world, emails=frozenset[str](), product_name="Start")
        return kind, ("POST", f"/_emulate/reset{query}", {"to": "empty"}), emptied
    return kind, ("DELETE", f"/_emulate/environments/{slot.name}", None), None


def keep_calling(server: Server, slot: Slot, chance: random.Random, tally: Tally, failures: list[Lost]) -> None:
    """Until the server is gone."""
    connection = server.connect()
    try:
        while True:
            kind, (method, path, body), after = next_call(slot, chance)
            api_key = slot.world.api_key if slot.world is not None else ""
            slot.under_way = kind, after
            call(connection, method, path, body, api_key)
            slot.world, slot.under_way = after, None
            tally.answered[kind] += 1
    except (OSError, HTTPException):
        pass
    except Lost as error:
        failures.append(error)
    finally:
        connection.close()


# What the next server finds


def examine(server: Server, slots: list[Slot], data: Path, tally: Tally) -> None:
    """Raises Lost; else the slots are as they were found."""
    server.ready()
    connection = server.connect()
    connection.request("GET", "/user_management/users")
    response = connection.getresponse()
    response.read()
    if response.status != 401:
        raise Lost(f"a request without a key gets {response.status}")
    found = {listed["name"]: listed for listed in call(connection, "GET", "/_emulate/environments")["data"]}
    for slot in slots:
        listed = found.pop(slot.name, None)
        world = None if listed is None else world_of(connection, listed)
        if not slot.may_be(world):
            raise Lost(f"'{slot.name}' is {world}, but was {slot.world}; under way was {slot.under_way}")
        if slot.under_way is not None:
            kind, after = slot.under_way
            (tally.done if world == after else tally.undone)[kind] += 1
        slot.world, slot.under_way = world, None
    connection.close()
    if found:
        raise Lost(f"there are environments that nobody made: {found}")
    if aside := list(data.glob("*.incomplete*")):
        raise Lost(f"half-made files were left: {aside}")


def world_of(connection: HTTPConnection, listed: JSON) -> World:
    state = call(connection, "GET", f"/_emulate/state?client_id={listed['client_id']}")
    if [role["slug"] for role in state["roles"]] != ["member"]:
        raise Lost(f"'{listed['name']}' has the roles {state['roles']}")
    call(connection, "GET", "/user_management/users", api_key=listed["api_key"])
    emails = frozenset(user["email"] for user in state.get("users", []))
    return World(listed["api_key"], listed["client_id"], emails, state["settings"]["product_name"])


def kill_again_and_again(data: Path, is_enough: Callable[[int], bool], chance: random.Random) -> Tally:
    """Raises Lost."""
    tally = Tally()
    slots = [Slot(f"caller-{number}", None) for number in range(1, CALLERS)]
    slots.append(Slot("default", None, ("start", World(DEFAULT_KEY, DEFAULT_CLIENT))))
    while not is_enough(tally.kills):
        with running(data) as server:
            if chance.random() < 0.15:
                time.sleep(chance.uniform(0.1, 1.0))  # in the middle of the start
            else:
                examine(server, slots, data, tally)
                call_until_killed(server, slots, chance, tally)
        tally.kills += 1
    with running(data) as server:
        examine(server, slots, data, tally)
    return tally


def call_until_killed(server: Server, slots: list[Slot], chance: random.Random, tally: Tally) -> None:
    failures: list[Lost] = []
    threads = [
        threading.Thread(target=keep_calling, args=(server, slot, random.Random(chance.random()), tally, failures))
        for slot in slots
    ]
    for thread in threads:
        thread.start()
    time.sleep(chance.uniform(0, 0.5))
    server.kill()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


@contextmanager
def running(data: Path) -> Iterator[Server]:
    server = Server(data)
    try:
        yield server
    finally:
        server.kill()


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/crash", description="Kills a server at random moments.")
    amount = parser.add_mutually_exclusive_group()
    amount.add_argument("--seconds", type=float, default=60, help="for so long [60]")
    amount.add_argument("--kills", type=int, help="so often")
    options = parser.parse_args()
    deadline = time.monotonic() + options.seconds

    def is_enough(kills: int) -> bool:
        return bool(kills >= options.kills if options.kills else time.monotonic() >= deadline)

    folder = Path(tempfile.mkdtemp(prefix="mockserver-crash-"))
    try:
        print(kill_again_and_again(folder / "data", is_enough, random.Random()))
    except Lost as error:
        sys.exit(f"scripts/crash: {error}\nWhat the server left is in {folder}.")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
