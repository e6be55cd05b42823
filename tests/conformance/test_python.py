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


VERSION_10 = {
    "sign-in": ("device", "magic_auth", "password", "sso", "totp", "verification"),
    "sessions": ("async_client", "authorization", "errors", "sealed_session", "sessions"),
    "users": ("accounts", "configuration", "invitations", "users"),
    "organizations": ("api_keys", "feature_flags", "memberships", "observed", "organizations", "roles"),
}
FEWEST = {"sign-in": 50, "sessions": 45, "users": 25, "organizations": 20}
SECONDS = 300


@pytest.mark.parametrize("part", VERSION_10)
def test_guide_works_with_version_10(part: str, environment: Environment) -> None:
    names = [f"{module}.check_" for module in VERSION_10[part]]
    run_checks("workos-10", "version_10", names, FEWEST[part], environment)


@pytest.mark.parametrize("sdk", ["workos-5.46.0", "workos-5.20.0"])
def test_guide_works_with_version_5(sdk: str, environment: Environment) -> None:
    run_checks(sdk, "version_5", [], 20, environment)


def test_each_module_of_checks_belongs_to_one_part_of_the_guide() -> None:
    modules = [path.stem for path in CHECKS.glob("version_10/*.py") if path.stem != "__init__"]
    assert sorted(modules) == sorted(module for part in VERSION_10.values() for module in part)


def run_checks(sdk: str, version: str, names: list[str], fewest: int, environment: Environment) -> None:
    """Each check makes an environment of its own; `environment` records them all and validates them at the end."""
    interpreter = ROOT / ".venv/sdks" / sdk / "bin/python"
    assert interpreter.exists(), f"{interpreter.relative_to(ROOT)} is missing: run scripts/test, which installs it."
    finished = subprocess.run(
        [interpreter, CHECKS, version, environment.url, *names],
        env={**clean_environment(), "PYTHONDONTWRITEBYTECODE": "1", "NO_PROXY": "localhost"},
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    lines = [json.loads(line) for line in finished.stdout.splitlines()]
    failed = [f"{line['check']}\n{line['traceback']}" for line in lines if not line["ok"]]
    if failed:
        pytest.fail(f"{len(failed)} of {len(lines)} checks failed with {sdk}:\n\n" + "\n".join(failed), pytrace=False)
    assert finished.returncode == 0, finished.stderr
    assert len(lines) >= fewest, f"only {len(lines)} checks ran"
