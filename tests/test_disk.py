"""A disk that takes nothing more, and a database that another process has locked."""

from __future__ import annotations

import resource
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockserver.core.failures import DatabaseBusy, DiskFailure
from mockserver.testing import MockServer

ADA = {"id": "user_ada", "email": "ada@example.com"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[httpx.Client]:
    """Of a server that keeps everything, with a second environment."""
    with MockServer(data=tmp_path, fixtures={"users": [ADA]}) as server, httpx.Client(base_url=server.url) as client:
        client.headers["Authorization"] = f"Bearer {server.api_key}"
        client.post("/_emulate/environments", json={"name": "worker"}).raise_for_status()
        client.post("/_emulate/seed", json={"users": [{"email": "grace@example.com"}]}).raise_for_status()
        yield client


@contextmanager
def full_disk() -> Iterator[None]:
    """Every write to a file fails, as that of a quota that is used up does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Somebody else has begun to write to the file."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


WRITES: list[tuple[str, str, Any]] = [
    ("PATCH", "/_emulate/settings", {"mfa": "off"}),
    ("PUT", "/_emulate/clock", {"now": "2030-01-01T00:00:00Z", "frozen": True}),
    ("POST", "/_emulate/clock/advance", {"seconds": 60}),
    (
        "POST",
        "/_emulate/seed",
        {"settings": {"mfa": "off"}, "clock": {"offset_ms": 7}, "users": [{"email": "a@b.example"}]},
    ),
    ("POST", "/_emulate/reset", {}),
    ("POST", "/_emulate/reset", {"to": "empty"}),
    ("POST", "/user_management/users", {"email": "alan@example.com"}),
    ("DELETE", "/user_management/users/user_ada", None),
]


def answers(client: httpx.Client) -> list[Any]:
    """Everything that a write could have changed."""
    paths = ("settings", "state", "environments", "inbox")
    clock = client.get("/_emulate/clock").json()
    return [clock["frozen"], clock["offset_seconds"], *(client.get(f"/_emulate/{path}").json() for path in paths)]


@pytest.mark.fault("A8")
@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_a_write_that_the_disk_does_not_take_changes_nothing(
    method: str, path: str, body: Any, client: httpx.Client, tmp_path: Path
) -> None:
    before = answers(client)
    with full_disk():
        response = client.request(method, path, json=body)
        assert (response.status_code, response.json()["code"]) == (507, "disk_failure")
        assert response.json()["message"].startswith(
            f"The disk of {tmp_path}/default.sqlite3 doesn't take what is to be"
        )
        assert answers(client) == before
    assert answers(client) == before
    client.request(method, path, json=body).raise_for_status()
    assert path == "/_emulate/reset" or answers(client) != before


@pytest.mark.fault("A8")
def test_an_environment_that_the_disk_does_not_take_is_not_made(client: httpx.Client, tmp_path: Path) -> None:
    with full_disk():
        response = client.post("/_emulate/environments", json={"name": "new", "fixtures": {"users": [ADA]}})
        assert response.status_code == 507
        assert str(tmp_path) in response.json()["message"]
    assert list(tmp_path.glob("new*")) == []
    assert client.post("/_emulate/environments", json={"name": "new"}).status_code == 201


@pytest.mark.fault("A8")
def test_a_database_that_is_full_answers_507(tmp_path: Path) -> None:
    """SQLite's own limit gives the very error of a disk without room."""
    with MockServer(data=tmp_path) as server, httpx.Client(base_url=server.url) as client:
        assert server._server is not None
        server._server.default.db._connection.execute("PRAGMA max_page_count = 1")
        response = client.patch(
            "/_emulate/settings", json={"branding": {"logo": "data:image/png;base64," + "A" * 9000}}
        )
        assert (response.status_code, response.json()["code"]) == (507, "disk_failure")
        assert "database or disk is full" in response.json()["message"]
        assert client.get("/_emulate/settings").json()["branding"]["logo"] is None


@pytest.mark.fault("A8")
def test_an_environment_whose_file_cannot_be_removed_stays(client: httpx.Client, tmp_path: Path) -> None:
    (tmp_path / "worker.sqlite3").rename(tmp_path / "moved")
    (tmp_path / "worker.sqlite3").mkdir()
    response = client.delete("/_emulate/environments/worker")
    assert (response.status_code, response.json()["code"]) == (507, "disk_failure")
    assert len(client.get("/_emulate/environments").json()["data"]) == 2


@pytest.mark.fault("A8")
def test_a_server_does_not_start_on_a_full_disk(tmp_path: Path) -> None:
    with full_disk(), pytest.raises(DiskFailure, match=f"The disk of {tmp_path} "):
        MockServer(data=tmp_path).start()
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]


@pytest.mark.fault("A10")
@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_a_write_to_a_locked_database_is_refused_at_once(
    method: str, path: str, body: Any, client: httpx.Client, tmp_path: Path
) -> None:
    before = answers(client)
    with locked(tmp_path / "default.sqlite3"):
        started = time.monotonic()
        response = client.request(method, path, json=body)
        assert time.monotonic() - started < 5, "it waits for the lock"
        assert (response.status_code, response.json()["code"]) == (503, "database_busy")
        assert response.headers["retry-after"] == "1"
        assert f"holds the lock of {tmp_path}/default.sqlite3" in response.json()["message"]
        assert answers(client) == before, "reading goes on"
    client.request(method, path, json=body).raise_for_status()


@pytest.mark.fault("A10")
def test_a_reset_of_a_locked_database_loses_nothing_after_a_restart(tmp_path: Path, client: httpx.Client) -> None:
    with locked(tmp_path / "default.sqlite3"):
        assert client.post("/_emulate/reset").status_code == 503
    with closing(sqlite3.connect(tmp_path / "default.sqlite3")) as connection:
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (2,)


@pytest.mark.fault("A10")
def test_other_environments_write_while_one_is_locked(client: httpx.Client, tmp_path: Path) -> None:
    with locked(tmp_path / "worker.sqlite3"):
        assert client.post("/user_management/users", json={"email": "alan@example.com"}).status_code == 201


@pytest.mark.fault("A10")
def test_a_server_does_not_start_on_a_locked_database(tmp_path: Path) -> None:
    with MockServer(data=tmp_path):
        pass
    with locked(tmp_path / "default.sqlite3"), pytest.raises(DatabaseBusy, match="holds the lock of"):
        MockServer(data=tmp_path).start()
