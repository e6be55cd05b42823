"""What `--data` keeps: everything that was answered, however the server ended."""

from __future__ import annotations

import shlex
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from mockserver.core.opening import SchemaMismatch
from mockserver.testing import MockServer
from tests.builders import PASSWORD, create_user, sign_in
from tests.cli import process
from tests.conftest import Client
from tests.control import worlds

ADA: dict[str, Any] = {"id": "user_ada", "email": "ada@example.com", "password": PASSWORD, "email_verified": True}


def client_of(server: MockServer) -> Client:
    return Client(server.url, server.api_key, server.client_id)


def emails(client: Client) -> list[str]:
    return [user["email"] for user in client.get("/user_management/users").json()["data"]]


class Kept(NamedTuple):
    """A data directory that a server filled and left, and what that server said last."""

    directory: Path
    world: dict[str, Any]
    answers: dict[str, Any]
    state: dict[str, Any]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    directory = tmp_path_factory.mktemp("kept")
    with MockServer(data=directory) as server, client_of(server) as client:
        world = worlds.build(client)
        return Kept(directory, world, worlds.answers(client, world), client.get("/_emulate/state").json())


@pytest.fixture
def restarted(kept: Kept, tmp_path: Path) -> Iterator[Client]:
    """A client of a second server on a copy of what the first one left."""
    shutil.copytree(kept.directory, tmp_path, dirs_exist_ok=True)
    with MockServer(data=tmp_path) as server, client_of(server) as client:
        yield client


def test_a_restart_keeps_everything(kept: Kept, restarted: Client) -> None:
    assert restarted.get("/_emulate/state").json() == kept.state
    assert worlds.answers(restarted, kept.world) == kept.answers


def test_a_session_goes_on_after_a_restart(kept: Kept, restarted: Client) -> None:
    answer = restarted.authenticate("refresh_token", refresh_token=kept.world["refresh_token"]).json()
    assert answer["user"]["id"] == kept.world["ada"]


def test_a_totp_step_stays_used_over_a_restart(kept: Kept, restarted: Client) -> None:
    challenge = restarted.post(f"/auth/factors/{kept.world['factor']['id']}/challenge").json()
    body = {"code": kept.world["used_totp"]}
    assert restarted.post(f"/auth/challenges/{challenge['id']}/verify", json=body).json()["valid"] is False


def test_a_code_that_was_mailed_before_a_restart_works(kept: Kept, restarted: Client) -> None:
    grant = "urn:workos:oauth:grant-type:magic-auth:code"
    code = restarted.get("/_emulate/inbox/latest", params={"kind": "magic_auth"}).json()["code"]
    assert restarted.authenticate(grant, email="alan@example.com", code=code).status_code == 200


def test_clock_and_settings_are_kept_over_a_restart(restarted: Client) -> None:
    assert restarted.get("/_emulate/clock").json()["now"] == "2030-01-15T12:00:10.000Z"
    assert restarted.get("/_emulate/settings").json()["product_name"] == "Acme"


def test_ids_grow_over_a_restart_though_the_clock_goes_back(kept: Kept, restarted: Client) -> None:
    restarted.delete("/_emulate/clock")
    assert create_user(restarted, "new@example.com")["id"] > kept.world["gone"]


def test_an_idempotency_key_is_remembered_over_a_restart(tmp_path: Path) -> None:
    answers = []
    for _ in range(2):
        with MockServer(data=tmp_path) as server, client_of(server) as client:
            body, headers = {"email": "ada@example.com"}, {"Idempotency-Key": "key-1"}
            answers.append(client.post("/user_management/users", json=body, headers=headers).json())
    assert answers[0] == answers[1]


def test_environments_are_kept_with_their_keys(tmp_path: Path) -> None:
    with MockServer(data=tmp_path) as server:
        body = {"name": "worker", "fixtures": {"users": [ADA]}}
        made = httpx.post(f"{server.url}/_emulate/environments", json=body).json()
    with MockServer(data=tmp_path) as server, Client(server.url, made["api_key"], made["client_id"]) as client:
        listed = client.get("/_emulate/environments").json()["data"]
        assert sign_in(client)["user"]["id"] == "user_ada"
    assert [environment["name"] for environment in listed] == ["default", "worker"]


def test_a_deleted_environment_stays_deleted(tmp_path: Path) -> None:
    with MockServer(data=tmp_path) as server:
        httpx.post(f"{server.url}/_emulate/environments", json={"name": "worker"}).raise_for_status()
        httpx.delete(f"{server.url}/_emulate/environments/worker").raise_for_status()
    with MockServer(data=tmp_path) as server:
        assert len(httpx.get(f"{server.url}/_emulate/environments").json()["data"]) == 1


def test_an_environment_whose_fixtures_are_wrong_leaves_no_file(tmp_path: Path) -> None:
    with MockServer(data=tmp_path) as server:
        body = {"name": "wrong", "fixtures": {"user": []}}
        assert httpx.post(f"{server.url}/_emulate/environments", json=body).status_code == 422
        assert list(tmp_path.glob("wrong*")) == []


def test_fixtures_are_loaded_once(tmp_path: Path) -> None:
    with MockServer(data=tmp_path, fixtures={"users": [ADA]}) as server, client_of(server) as client:
        client.delete("/user_management/users/user_ada").raise_for_status()
    with MockServer(data=tmp_path, fixtures={"users": [ADA]}) as server, client_of(server) as client:
        assert emails(client) == []


def test_a_reset_after_a_restart_brings_back_the_fixtures(tmp_path: Path) -> None:
    fixtures = {"users": [ADA], "settings": {"product_name": "Acme"}}
    with MockServer(data=tmp_path, fixtures=fixtures) as server, client_of(server) as client:
        create_user(client, "alan@example.com")
        client.change_settings(product_name="Other")
    with MockServer(data=tmp_path) as server, client_of(server) as client:
        for _ in range(2):
            client.delete("/user_management/users/user_ada").raise_for_status()
            client.post("/_emulate/reset").raise_for_status()
            assert emails(client) == ["ada@example.com"]
            assert client.get("/_emulate/settings").json()["product_name"] == "Acme"
            assert sign_in(client)


def test_a_reset_is_kept_over_a_restart(tmp_path: Path) -> None:
    with MockServer(data=tmp_path, fixtures={"users": [ADA]}) as server, client_of(server) as client:
        create_user(client, "alan@example.com")
        client.post("/_emulate/reset").raise_for_status()
    with MockServer(data=tmp_path) as server, client_of(server) as client:
        assert emails(client) == ["ada@example.com"]


def test_a_setting_of_a_restart_outlasts_a_reset(tmp_path: Path) -> None:
    with MockServer(data=tmp_path):
        pass
    with MockServer(data=tmp_path, settings={"mfa": "off"}) as server, client_of(server) as client:
        client.post("/_emulate/reset").raise_for_status()
        assert client.get("/_emulate/settings").json()["mfa"] == "off"


def test_another_api_key_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    with MockServer(data=tmp_path, fixtures={"users": [ADA]}):
        pass
    with MockServer(data=tmp_path, api_key="sk_test_new") as server, client_of(server) as client:
        assert emails(client) == ["ada@example.com"]
        client.headers["Authorization"] = "Bearer sk_test_default"
        assert client.get("/user_management/users").status_code == 401


def test_a_directory_of_another_schema_is_left_alone(tmp_path: Path) -> None:
    with MockServer(data=tmp_path):
        pass
    with sqlite3.connect(tmp_path / "default.sqlite3") as database:
        database.execute("PRAGMA user_version = 1")
    database.close()
    before = (tmp_path / "default.sqlite3").read_bytes()
    with pytest.raises(SchemaMismatch):
        MockServer(data=tmp_path).start()
    assert (tmp_path / "default.sqlite3").read_bytes() == before


def test_a_directory_of_another_schema_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with MockServer(data=tmp_path):
        pass
    with sqlite3.connect(tmp_path / "default.sqlite3") as database:
        database.execute("PRAGMA user_version = 1")
    database.close()
    refused = process.run("serve", "--port", "0", "--data", str(tmp_path))
    assert refused.returncode == 1
    assert "default.sqlite3 was written by another version of mockserver" in refused.stderr
    assert "choose an empty --data directory" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_file_that_is_no_database_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "default.sqlite3").write_text("Dear diary, " * 100)
    refused = process.run("serve", "--port", "0", "--data", str(tmp_path))
    assert refused.returncode == 1
    assert refused.stderr == (
        f"mockserver: {tmp_path}/default.sqlite3 is damaged: file is not a database. "
        "Put a copy in its place, move it away, or choose another --data directory.\n"
    )


def test_a_database_half_made_by_a_process_that_died_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "default.sqlite3.new").write_text("half a database")
    with MockServer(data=tmp_path, fixtures={"users": [ADA]}) as server, client_of(server) as client:
        assert emails(client) == ["ada@example.com"]


def test_a_second_server_on_the_same_directory_is_refused(tmp_path: Path) -> None:
    with MockServer(data=tmp_path):
        refused = process.run("serve", "--port", "0", "--data", str(tmp_path))
    assert refused.returncode == 1
    assert refused.stderr == (
        f"mockserver: Another server uses the data directory {tmp_path}. Stop it, or choose another directory.\n"
    )


def test_a_directory_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused = process.run("serve", "--port", "0", "--data", str(tmp_path / "file" / "data"))
    assert (refused.returncode, "Can't write to the data directory" in refused.stderr) == (1, True)


@pytest.mark.fault("A8")
def test_a_start_on_a_full_disk_says_so_in_a_line(tmp_path: Path) -> None:
    line = shlex.join([*process.COMMAND, "serve", "--port", "0", "--data", str(tmp_path)])
    refused = subprocess.run(
        ["sh", "-c", f"ulimit -f 0; exec {line}"], capture_output=True, text=True, env=process.clean_environment()
    )
    assert refused.returncode == 1
    assert refused.stderr == (
        f"mockserver: The disk of {tmp_path} doesn't take what is to be written: File too large. Nothing was changed. "
        "Make room there and try again.\n"
    )


@pytest.mark.fault("A10")
def test_a_start_on_a_locked_database_says_so_in_a_line(tmp_path: Path) -> None:
    with MockServer(data=tmp_path):
        pass
    with closing(sqlite3.connect(tmp_path / "default.sqlite3", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        refused = process.run("serve", "--port", "0", "--data", str(tmp_path))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert refused.stderr.startswith(f"mockserver: Another process holds the lock of {tmp_path}/default.sqlite3.")


def test_what_was_answered_outlasts_a_kill(tmp_path: Path) -> None:
    answered: list[str] = []
    with process.serving("--data", tmp_path) as server, server.client() as client:
        enough = threading.Event()

        def create() -> None:
            for number in range(100_000):
                try:
                    answered.append(create_user(client, f"{number}@example.com")["id"])
                except httpx.TransportError:
                    return
                if number == 200:
                    enough.set()

        creating = threading.Thread(target=create)
        creating.start()
        assert enough.wait(20)
        server.process.kill()
        creating.join()
    with MockServer(data=tmp_path) as restarted, client_of(restarted) as client:
        state = client.get("/_emulate/state").json()
        assert create_user(client, "after@example.com")
    kept = {user["id"] for user in state["users"]}
    created = {event["data"]["id"] for event in state["events"] if event["event"] == "user.created"}
    assert set(answered) <= kept
    assert created == kept
