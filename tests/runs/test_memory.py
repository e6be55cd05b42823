"""The check of the tests' own memory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import memory

ROOT = Path(__file__).parents[2]
HUNGRY = f"def test_hungry():\n    assert bytearray({memory.MOST_MIB + 50} << 20)\n"
FRUGAL = "def test_frugal():\n    pass\n"


@pytest.mark.fault("A7a")
@pytest.mark.parametrize(
    ("arguments", "test", "status"),
    [([], HUNGRY, 1), (["-p", "xdist", "-n", "1"], HUNGRY, 1), (["-p", "xdist", "-n", "1"], FRUGAL, 0)],
    ids=["alone", "worker", "frugal"],
)
def test_run_fails_with_a_sentence_when_a_process_took_too_much(
    tmp_path: Path, arguments: list[str], test: str, status: int
) -> None:
    file = tmp_path / "test_it.py"
    file.write_text(test)
    command = [sys.executable, "-m", "pytest", "-q", "-c", "/dev/null", "-p", "tests.memory", *arguments, file]
    # Of the plugins that are installed only those named are loaded.
    variables = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    ran = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=60)
    assert ran.returncode == status, ran.stdout
    assert (f"MiB of memory, and {memory.MOST_MIB} is the most" in ran.stdout) == bool(status)
