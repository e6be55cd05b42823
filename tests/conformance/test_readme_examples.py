"""The examples of the README, run as they stand: one program per language."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockserver.testing import MockServer

ROOT = Path(__file__).parents[2]
NODE_FOLDER = ROOT / "tests/conformance/node"
PYTHON = ROOT / ".venv/sdks/workos-10/bin/python"


@pytest.fixture
def server() -> Iterator[MockServer]:
    allowed = {"redirect_uris": ["myapp://callback"], "sign_out_redirects": ["https://yourapp.com"]}
    with MockServer(settings=allowed) as server:
        yield server


def _program(language: str, server: MockServer) -> str:
    """All examples of a language, in order, but those marked `<!-- not run -->`."""
    readme = ROOT.joinpath("README.md").read_text()
    blocks = re.findall(rf"(<!-- not run -->\n)?```{language}\n(.*?)```", readme, re.DOTALL)
    port = server.url.rpartition(":")[2]
    return "\n".join(text for mark, text in blocks if not mark).replace("4100", port)


def _run(command: list[str], program: str, folder: Path) -> str:
    finished = subprocess.run(command, input=program, cwd=folder, capture_output=True, text=True, timeout=60)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def test_node_examples_run_to_the_end(server: MockServer) -> None:
    program = _program("js", server).replace("'@workos-inc/node'", "'workos-11'")
    printed = _run(["node", "--input-type=module", "-"], program, NODE_FOLDER)
    assert "https://yourapp.com" in printed.splitlines()
    assert printed.splitlines()[-1] == "true [ 'posts:write' ]"


def test_python_examples_run_to_the_end(server: MockServer) -> None:
    printed = _run([str(PYTHON), "-"], _program("python", server), ROOT)
    assert "return_to=https%3A%2F%2Fyourapp.com" in printed.splitlines()[-1]
