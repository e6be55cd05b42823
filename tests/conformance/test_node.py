"""The guide and the life of organizations with the official Node SDKs: one process of Node for each program."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conformance.conftest import Environment
from tests.conformance.server import clean_environment

NODE = Path(__file__).parent / "node"
STEPS = sorted((NODE / "guide").glob("*.test.mjs"))
ORGANIZATIONS = sorted((NODE / "organizations").glob("*.test.mjs"))
SECONDS = 120


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name.removesuffix(".test.mjs"))
def test_guide_works_with_sdk_11(step: Path, environment: Environment):
    run_node(step, environment)

    assert environment.exchanges


@pytest.mark.parametrize("program", ORGANIZATIONS, ids=lambda program: program.name.removesuffix(".test.mjs"))
def test_organizations_work_with_sdk_11(program: Path, environment: Environment):
    run_node(program, environment)

    assert environment.exchanges


@pytest.mark.parametrize("sdk", ["workos-10", "workos-9", "workos-8", "workos-7"])
def test_older_sdk_works(sdk: str, environment: Environment):
    run_node(NODE / "older-sdks.test.mjs", environment, SDK=sdk)

    assert environment.exchanges


@pytest.mark.parametrize("sdk", ["workos-11", "workos-8", "workos-7"])
def test_sdk_sees_what_users_have_observed_of_production(sdk: str, environment: Environment):
    run_node(NODE / "observed.test.mjs", environment, SDK=sdk)

    assert environment.exchanges


@pytest.mark.fault("B4")
@pytest.mark.parametrize("sdk", ["workos-11", "workos-10", "workos-9", "workos-8"])
def test_runtime_client_evaluates_flags(sdk: str, environment: Environment):
    run_node(NODE / "runtime-flags.test.mjs", environment, SDK=sdk)

    assert any(exchange.path == "/sdk/feature-flags" for exchange in environment.exchanges)


def test_the_guide_has_all_its_steps():
    assert [step.name[:2] for step in STEPS if step.name[0].isdigit()] == [f"{number:02}" for number in range(1, 14)]


def run_node(program: Path, environment: Environment, **variables: str) -> None:
    """Runs a file of node:test checks; where one fails, its report is the failure's message."""
    node = shutil.which("node")
    assert node, "Node 20 or newer is needed for tests/conformance: https://nodejs.org"
    assert (NODE / "node_modules").exists(), "'scripts/install-sdks' installs the npm packages that are missing"
    where = {
        "MOCKSERVER_URL": environment.url,
        "WORKOS_API_KEY": environment.api_key,
        "WORKOS_CLIENT_ID": environment.client_id,
    }
    ran = subprocess.run(
        [node, "--test-reporter=spec", str(program)],
        env=clean_environment() | where | variables,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    if ran.returncode:
        pytest.fail(f"{program.name}:\n{ran.stdout}{ran.stderr}", pytrace=False)
