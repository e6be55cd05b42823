"""A file of the official emulator's in the working directory."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.children import bound
from tests.cli.process import COMMAND, Process, clean_environment, serving

SEED = """
users:
  - { email: ada@acme.test, nick_name: Ada }
organizations:
  - name: Acme
    memberships:
      - { email: ada@acme.test, role: boss }
      - { email: ben@acme.test }
webhookEndpoints: []
colours: [red]
"""


def state(process: Process) -> dict[str, Any]:
    with process.client() as client:
        found: dict[str, Any] = client.get("/_emulate/state").raise_for_status().json()
        return found


@pytest.mark.parametrize("name", ["workos-emulate.config.yaml", "workos-emulate.config.yml"])
def test_it_is_loaded_by_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(SEED)
    with serving(folder=tmp_path) as process:
        assert [user["email"] for user in state(process)["users"]] == ["ada@acme.test"]


def test_json_is_found_too(tmp_path: Path) -> None:
    (tmp_path / "workos-emulate.config.json").write_text(json.dumps({"users": [{"email": "ada@acme.test"}]}))
    with serving(folder=tmp_path) as process:
        assert "users" in state(process)


def test_a_file_that_is_named_wins(tmp_path: Path) -> None:
    (tmp_path / "workos-emulate.config.yaml").write_text(SEED)
    (tmp_path / "own.yaml").write_text("redirectUris: ['myapp://callback']")
    with serving("--fixtures", tmp_path / "own.yaml", folder=tmp_path) as process:
        assert "users" not in state(process)


def test_what_is_unknown_in_it_is_left_out_and_logged(tmp_path: Path) -> None:
    (tmp_path / "workos-emulate.config.yaml").write_text(SEED)
    with serving(folder=tmp_path) as process:
        (membership,) = state(process)["memberships"]
        log = process.log()
    assert membership["roles"] == ["member"]
    for line in (
        "line 10: colours: unknown key 'colours'; ",
        "line 3: users[0].nick_name: unknown key 'nick_name'; ",
        "line 7: organizations[0].memberships[0].role: no role is called 'boss'",
        "line 8: organizations[0].memberships[1].email: no user is called 'ben@acme.test'; did you mean 'ada@acme.",
        "fixtures: 'webhookEndpoints' has no effect yet",
    ):
        assert line in log


def test_a_reset_after_a_restart_is_as_lenient(tmp_path: Path) -> None:
    (tmp_path / "workos-emulate.config.yaml").write_text(SEED)
    with serving("--data", tmp_path / "data", folder=tmp_path) as process:
        process.terminate()
    with serving("--data", tmp_path / "data", folder=tmp_path) as process, process.client() as client:
        client.post("/_emulate/reset").raise_for_status()
        assert [user["email"] for user in state(process)["users"]] == ["ada@acme.test"]


def test_people_are_told_which_file_was_found(tmp_path: Path) -> None:
    (tmp_path / "workos-emulate.config.yaml").write_text(SEED)
    line = [*COMMAND, "serve", "--port", "0"]
    with subprocess.Popen(
        bound(line), cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=clean_environment()
    ) as process:
        assert process.stdout is not None
        said = "".join(iter(process.stdout.readline, "  Stop with Ctrl-C.\n"))
        process.terminate()
    assert "  Fixtures    workos-emulate.config.yaml, found in this directory by its name\n" in said


@pytest.mark.fault("C2")
def test_the_first_key_of_a_mapping_replaces_the_default_one(tmp_path: Path) -> None:
    (tmp_path / "workos-emulate.config.yaml").write_text("apiKeys: {sk_test_mine: {environment: test}, sk_test_b: {}}")
    with serving(folder=tmp_path) as process, process.client() as client:
        assert process.start["api_key"] == "sk_test_mine"
        assert client.get("/user_management/users").status_code == 200
    with serving(folder=tmp_path, WORKOS_API_KEY="sk_test_variable") as process:
        assert process.start["api_key"] == "sk_test_variable"
