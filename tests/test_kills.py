"""Whatever the moment at which the server is killed: each environment is as before, or as after what was under way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockserver import serving
from mockserver.app import create_app
from mockserver.core.environment import Keys
from mockserver.fixtures import Document
from mockserver.testing import MockServer
from tests import killing
from tests.asynchronous import run

KEYS = Keys("sk_test_default", "client_default")
ADA = {"id": "user_ada", "email": "ada@example.com"}
GRACE = {"id": "user_grace", "email": "grace@example.com"}
ALAN = {"id": "user_alan", "email": "alan@example.com"}

World = dict[str, Any]
Operation = Callable[[httpx.Client], httpx.Response]


def world_in(directory: Path, **options: Any) -> World:
    """Every environment that a server finds there, with keys, settings and objects; one without keys finds none."""
    server = serving.open_server(KEYS, "http://localhost", data_dir=directory, **options)
    try:
        return run(_world_of(create_app(server)))
    finally:
        serving.close_server(server)


async def _world_of(app: Any) -> World:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        for headers in ({}, {"Authorization": "Bearer"}):
            assert (await client.get("/user_management/users", headers=headers)).status_code == 401
        world: World = {}
        for environment in (await client.get("/_emulate/environments")).json()["data"]:
            keys = {"client_id": environment["client_id"]}
            state = (await client.get("/_emulate/state", params=keys)).json()
            (await client.post("/_emulate/reset", params=keys)).raise_for_status()
            start = (await client.get("/_emulate/state", params=keys)).json()
            world[environment["name"]] = {"keys": environment, "state": state, "start": start}
    return world


def prepare(client: httpx.Client) -> None:
    """A second environment, and in both something to reset."""
    worker = {"name": "worker", "api_key": "sk_test_worker", "client_id": "client_worker", "fixtures": {"users": [ADA]}}
    client.post("/_emulate/environments", json=worker).raise_for_status()
    for client_id in ("client_default", "client_worker"):
        client.post("/_emulate/seed", params={"client_id": client_id}, json={"users": [GRACE]}).raise_for_status()


def make(client: httpx.Client) -> httpx.Response:
    return client.post("/_emulate/environments", json={"name": "new", "fixtures": {"users": [ALAN]}})


def reset(client: httpx.Client) -> httpx.Response:
    return client.post("/_emulate/reset", params={"client_id": "client_worker"})


def reset_to_empty(client: httpx.Client) -> httpx.Response:
    return client.post("/_emulate/reset", params={"client_id": "client_worker"}, json={"to": "empty"})


def seed(client: httpx.Client) -> httpx.Response:
    document = {"users": [ALAN], "settings": {"mfa": "off"}}
    return client.post("/_emulate/seed", params={"client_id": "client_worker"}, json=document)


def delete(client: httpx.Client) -> httpx.Response:
    return client.delete("/_emulate/environments/worker")


def write(client: httpx.Client) -> httpx.Response:
    headers = {"Authorization": "Bearer sk_test_worker"}
    return client.post("/user_management/users", json={"email": "alan@example.com"}, headers=headers)


@contextmanager
def serving_in(directory: Path, **options: Any) -> Iterator[httpx.Client]:
    with MockServer(data=directory, **options) as server, httpx.Client(base_url=server.url) as client:
        yield client


def outcomes(moments: killing.Moments, folder: Path, **options: Any) -> list[World]:
    """What the next server finds, after a kill at each of the moments."""
    folders = [killing.write(files, folder / str(number)) for number, files in enumerate(moments.states)]
    return [world_in(directory, **options) for directory in folders]


def require_before_or_after(worlds: list[World]) -> None:
    before, after = worlds[0], worlds[-1]
    assert before != after
    assert [world for world in worlds if world not in (before, after)] == []


@pytest.mark.fault("A1")
@pytest.mark.parametrize("operation", [make, reset, reset_to_empty, seed, delete, write])
def test_a_kill_leaves_all_as_before_or_as_after(operation: Operation, tmp_path: Path) -> None:
    with killing.moments_of(tmp_path / "data") as moments, serving_in(tmp_path / "data") as client:
        prepare(client)
        with moments.recorded():
            operation(client).raise_for_status()
    require_before_or_after(outcomes(moments, tmp_path))


@pytest.mark.fault("A1")
@pytest.mark.parametrize("operation", [reset, reset_to_empty])
def test_a_kill_during_a_reset_after_a_restart_leaves_all_as_before_or_as_after(
    operation: Operation, tmp_path: Path
) -> None:
    with serving_in(tmp_path / "data") as client:
        prepare(client)
    with (
        killing.moments_of(tmp_path / "data") as moments,
        serving_in(tmp_path / "data") as client,
        moments.recorded(),
    ):
        operation(client).raise_for_status()
    require_before_or_after(outcomes(moments, tmp_path))


@pytest.mark.fault("A1")
def test_a_kill_during_the_first_start_leaves_nothing_or_all_fixtures(tmp_path: Path) -> None:
    fixtures = {"users": [ADA, GRACE]}
    (tmp_path / "data").mkdir()
    with killing.moments_of(tmp_path / "data") as moments, moments.recorded():
        world_in(tmp_path / "data", document=Document(fixtures))
    worlds = outcomes(moments, tmp_path, document=Document(fixtures))
    assert len(worlds) > 3
    for world in worlds:
        for members in (world["default"]["state"], world["default"]["start"]):
            assert [user["id"] for user in members["users"]] == ["user_ada", "user_grace"]


@pytest.mark.fault("A1")
def test_a_kill_during_a_start_with_other_settings_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    with serving_in(tmp_path / "data") as client:
        prepare(client)
    with (
        killing.moments_of(tmp_path / "data") as moments,
        moments.recorded(),
        serving_in(tmp_path / "data", settings={"mfa": "off"}),
    ):
        pass
    require_before_or_after(outcomes(moments, tmp_path))
