"""What environments cost in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli import process
from tests.conftest import Client

COUNT = 80


def resident(server: process.Process) -> float:
    """MiB of the server's memory that are in use."""
    pages = int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def make(client: Client, count: int) -> list[str]:
    return [client.post("/_emulate/environments", json={}).raise_for_status().json()["name"] for _ in range(count)]


def delete(client: Client, names: list[str]) -> None:
    for name in names:
        client.delete(f"/_emulate/environments/{name}").raise_for_status()


@pytest.mark.fault("A7a")
@pytest.mark.fault("E3")
def test_an_environment_costs_less_than_half_a_mebibyte_which_comes_back() -> None:
    with process.serving() as server, server.client() as client:
        delete(client, make(client, 3))  # what the first ones load stays
        before = resident(server)
        names = make(client, COUNT)
        made = resident(server)
        assert (made - before) / COUNT < 0.5
        delete(client, names)
        assert resident(server) - before < 12, f"{made - before} were in use"
