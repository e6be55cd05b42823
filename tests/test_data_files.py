"""What stands in a data directory: whose it is, what is done about leftovers, and what is said about wrong files."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockserver.core.failures import DatabaseDamaged
from mockserver.core.server import KeysMissing
from mockserver.serving import CannotStart
from mockserver.testing import MockServer

ADA = {"id": "user_ada", "email": "ada@example.com"}


@contextmanager
def serving_in(directory: Path, **options: Any) -> Iterator[httpx.Client]:
    with MockServer(data=directory, **options) as server, httpx.Client(base_url=server.url) as client:
        client.headers["Authorization"] = f"Bearer {server.api_key}"
        yield client


def make_worker(directory: Path) -> None:
    with serving_in(directory) as client:
        body = {"name": "worker", "api_key": "sk_test_worker", "fixtures": {"users": [ADA]}}
        client.post("/_emulate/environments", json=body).raise_for_status()


def change(file: Path, statement: str, *values: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(statement, values)


def names(client: httpx.Client) -> list[str]:
    return [environment["name"] for environment in client.get("/_emulate/environments").json()["data"]]


@pytest.mark.fault("A1")
def test_a_file_without_keys_is_set_aside_and_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    make_worker(tmp_path)
    change(tmp_path / "worker.sqlite3", "DELETE FROM environment WHERE name = 'keys'")
    shutil.copy(tmp_path / "worker.sqlite3", tmp_path / "other.sqlite3")
    with serving_in(tmp_path) as client:
        assert names(client) == ["default"]
        del client.headers["Authorization"]
        assert client.get("/user_management/users").status_code == 401
    for name in ("worker", "other"):
        assert (tmp_path / f"{name}.sqlite3.incomplete").exists()
        assert not (tmp_path / f"{name}.sqlite3").exists()
        assert f"{tmp_path}/{name}.sqlite3 has no keys" in caplog.text


@pytest.mark.fault("A1")
def test_a_file_without_keys_is_set_aside_with_its_log(tmp_path: Path) -> None:
    make_worker(tmp_path / "made")
    with closing(sqlite3.connect(tmp_path / "made" / "worker.sqlite3", isolation_level=None)) as connection:
        connection.execute("DELETE FROM environment WHERE name = 'keys'")
        shutil.copytree(tmp_path / "made", tmp_path / "killed")
    with serving_in(tmp_path / "killed"):
        aside = tmp_path / "killed" / "worker.sqlite3.incomplete"
    with closing(sqlite3.connect(aside)) as connection:
        assert connection.execute("SELECT email FROM users").fetchall() == [("ada@example.com",)]
        assert connection.execute("SELECT name FROM environment WHERE name = 'keys'").fetchall() == []


@pytest.mark.fault("A1")
def test_an_empty_file_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "default.sqlite3").touch()
    with serving_in(tmp_path, fixtures={"users": [ADA]}) as client:
        assert len(client.get("/user_management/users").json()["data"]) == 1
    assert (tmp_path / "default.sqlite3.incomplete").exists()


@pytest.mark.fault("A1")
@pytest.mark.parametrize("keys", [{"api_key": ""}, {"client_id": ""}])
def test_an_environment_with_an_empty_key_is_not_made(keys: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(KeysMissing):
        MockServer(data=tmp_path, **keys).start()
    assert list(tmp_path.glob("*.sqlite3*")) == []


def test_two_files_with_the_same_keys_are_told_apart_by_the_error(tmp_path: Path) -> None:
    make_worker(tmp_path)
    shutil.copy(tmp_path / "worker.sqlite3", tmp_path / "worker2.sqlite3")
    with pytest.raises(CannotStart, match=r"worker2\.sqlite3 has the API key or client id of another environment"):
        MockServer(data=tmp_path).start()


@pytest.mark.fault("A9")
@pytest.mark.parametrize("leftover", ["-wal", "-shm", "-journal", ".new"])
def test_leftovers_of_a_missing_file_are_removed_and_named(
    leftover: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / f"default.sqlite3{leftover}").write_bytes(b"left over" * 1000)
    (tmp_path / f"worker.sqlite3{leftover}").write_bytes(b"left over" * 1000)
    with serving_in(tmp_path, fixtures={"users": [ADA]}) as client:
        assert len(client.get("/user_management/users").json()["data"]) == 1
        assert not (tmp_path / f"worker.sqlite3{leftover}").exists()
    assert caplog.text.count(f"sqlite3{leftover} ") == 2


@pytest.mark.fault("A9")
def test_an_environment_does_not_begin_with_the_users_of_a_deleted_file(tmp_path: Path) -> None:
    with serving_in(tmp_path / "first", fixtures={"users": [ADA]}):
        shutil.copytree(tmp_path / "first", tmp_path / "second")
    (tmp_path / "second" / "default.sqlite3").unlink()
    with serving_in(tmp_path / "second") as client:
        assert client.get("/user_management/users").json()["data"] == []


@pytest.mark.fault("A9")
def test_leftovers_that_come_while_the_server_runs_are_removed_too(tmp_path: Path) -> None:
    with serving_in(tmp_path) as client:
        (tmp_path / "worker.sqlite3-wal").write_bytes(b"left over" * 1000)
        client.post("/_emulate/environments", json={"name": "worker"}).raise_for_status()
        assert names(client) == ["default", "worker"]
    with serving_in(tmp_path) as client:
        assert names(client) == ["default", "worker"]


def test_a_file_that_somebody_puts_there_meanwhile_is_left_alone(tmp_path: Path) -> None:
    with serving_in(tmp_path) as client:
        (tmp_path / "worker.sqlite3").write_bytes(b"a copy")
        response = client.post("/_emulate/environments", json={"name": "worker"})
        assert (response.status_code, response.json()["code"]) == (409, "environment_exists")
    assert (tmp_path / "worker.sqlite3").read_bytes() == b"a copy"


@pytest.mark.fault("A16")
def test_only_their_owner_may_read_the_files(tmp_path: Path) -> None:
    with serving_in(tmp_path) as client:
        client.post("/_emulate/environments", json={"name": "worker", "api_key": "sk_test_worker"}).raise_for_status()
        for api_key in ("sk_test_default", "sk_test_worker"):
            headers = {"Authorization": f"Bearer {api_key}"}
            client.post("/user_management/users", json={"email": "ada@example.com"}, headers=headers).raise_for_status()
        modes = {path.name: oct(path.stat().st_mode & 0o777) for path in tmp_path.iterdir()}
    assert len(modes) >= 7
    assert set(modes.values()) == {"0o600"}


@pytest.mark.fault("A16")
def test_a_file_with_a_broken_page_is_called_damaged(tmp_path: Path) -> None:
    make_worker(tmp_path)
    content = bytearray((tmp_path / "worker.sqlite3").read_bytes())
    content[100:4096] = b"x" * 3996
    (tmp_path / "worker.sqlite3").write_bytes(content)
    with pytest.raises(DatabaseDamaged, match=r"worker\.sqlite3 is damaged: database disk image is malformed\. Put"):
        MockServer(data=tmp_path).start()


@pytest.mark.fault("A16")
@pytest.mark.parametrize("name", ["keys", "settings", "clock", "last_id"])
@pytest.mark.parametrize("content", ["{", "7.5", '{"mfa": "sometimes"}'])
def test_a_stored_value_that_cannot_be_read_is_named(name: str, content: str, tmp_path: Path) -> None:
    make_worker(tmp_path)
    change(tmp_path / "worker.sqlite3", "REPLACE INTO environment VALUES (?, ?)", name, content)
    with pytest.raises(DatabaseDamaged, match=rf"worker\.sqlite3 is damaged: .*{name}"):
        MockServer(data=tmp_path).start()


@pytest.mark.fault("A16")
@pytest.mark.parametrize("content", ["{", "{}", '{"settings": {}, "clock": null, "rows": {"users": 7}}'])
def test_a_start_that_cannot_be_read_is_named_at_the_reset(content: str, tmp_path: Path) -> None:
    make_worker(tmp_path)
    change(tmp_path / "worker.sqlite3", "REPLACE INTO environment VALUES (?, ?)", "start", content)
    with serving_in(tmp_path) as client:
        response = client.post("/_emulate/reset", headers={"Authorization": "Bearer sk_test_worker"})
    assert (response.status_code, response.json()["code"]) == (500, "database_damaged")
    assert "its stored value 'start' can't be read" in response.json()["message"]


def test_a_made_file_has_no_password_in_it(tmp_path: Path) -> None:
    with serving_in(tmp_path, fixtures={"users": [{**ADA, "password": "correct horse battery staple"}]}):
        pass
    assert b"correct horse" not in (tmp_path / "default.sqlite3").read_bytes()
    assert json.dumps("ada@example.com").encode() in (tmp_path / "default.sqlite3").read_bytes()
