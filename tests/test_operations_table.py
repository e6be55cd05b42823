"""The table of public operations: well-formed, and current where the OpenAPI document lies beside the repository."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT.parent / "shared" / "openapi" / "workos.yaml"
ROWS: list[list[str]] = json.loads((ROOT / "mockserver" / "core" / "operations.json").read_text())


def operations(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / "operations.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_an_operation_has_a_method_a_path_and_a_name_of_its_own():
    assert {method for method, _, _ in ROWS} <= {"GET", "POST", "PUT", "PATCH", "DELETE"}
    assert all(path.startswith("/") for _, path, _ in ROWS)
    assert len({name for _, _, name in ROWS}) == len({(method, path) for method, path, _ in ROWS}) == len(ROWS)


def test_operations_are_sorted_by_path_and_method():
    assert sorted(ROWS, key=lambda row: (row[1], row[0])) == ROWS


@pytest.mark.skipif(not DOCUMENT.exists(), reason="the OpenAPI document is not beside the repository")
def test_the_table_is_what_the_document_gives():
    result = operations("--check")

    assert (result.returncode, result.stdout + result.stderr) == (0, "")


def test_a_document_with_another_operation_makes_the_table_stale(tmp_path):
    document = tmp_path / "another.yaml"
    document.write_text("paths:\n  /moons/{id}:\n    parameters: []\n    get:\n      operationId: Moons_get[1]\n")

    result = operations(str(document), "--check")

    assert result.returncode == 1
    assert "operations.json is not what another.yaml gives" in result.stdout
