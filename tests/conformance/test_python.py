"""The guide with the official Python SDKs, each run by an interpreter of its own."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.conformance.conftest import Environment
from tests.conformance.server import clean_environment

ROOT = Path(__file__).parents[2]
CHECKS = Path(__file__).parent / "python"


@pytest.mark.parametrize(
    ("sdk", "checks", "fewest"),
    [("workos-10", "version_10", 140), ("workos-5.46.0", "version_5", 20), ("workos-5.20.0", "version_5", 20)],
)
def test_guide_works_with(sdk: str, checks: str, fewest: int, environment: Environment) -> None:
    """Each check makes an environment of its own; `environment` records them all and validates them at the end."""
    interpreter = ROOT / ".venv/sdks" / sdk / "bin/python"
    assert interpreter.exists(), f"{interpreter.relative_to(ROOT)} is missing: run scripts/test, which installs it."
    finished = subprocess.run(
        [interpreter, CHECKS, checks, environment.url],
        env={**clean_environment(), "PYTHONDONTWRITEBYTECODE": "1", "NO_PROXY": "localhost"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    lines = [json.loads(line) for line in finished.stdout.splitlines()]
    failed = [f"{line['check']}\n{line['traceback']}" for line in lines if not line["ok"]]
    if failed:
        pytest.fail(f"{len(failed)} of {len(lines)} checks failed with {sdk}:\n\n" + "\n".join(failed), pytrace=False)
    assert finished.returncode == 0, finished.stderr
    assert len(lines) >= fewest, f"only {len(lines)} checks ran"
