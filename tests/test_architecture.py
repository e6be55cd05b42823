"""What import-linter can't say of the code: sizes, names, and what a start leaves unimported."""

import subprocess
import sys
from pathlib import Path

import pytest

import mockserver

PACKAGE = Path(mockserver.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST_MODULE = 300

# Each costs a start more than it costs the first request that needs it; httpx and its like are for tests only.
# (bcrypt would be one too, but cryptography imports it.)
LATE = {"httpx", "jinja2", "publicsuffixlist", "segno", "yaml", "zxcvbn"}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(PACKAGE)))
def test_a_module_is_short(module: Path):
    lines = len(module.read_text().splitlines())

    assert lines <= LONGEST_MODULE, f"{lines} lines: split it by noun"


def test_no_module_is_called_utils_or_helpers():
    vague = {"base", "common", "helper", "helpers", "misc", "util", "utils"}

    assert [str(module) for module in MODULES if vague & set(module.with_suffix("").parts[len(PACKAGE.parts) :])] == []


# Starts the server on a free port, prints what is imported once it serves, and stops it.
SERVE = """
import sys
import uvicorn

async def startup(self, sockets=None):
    await uvicorn_startup(self, sockets)
    print(*{name.partition(".")[0] for name in sys.modules}, file=sys.stderr)
    self.should_exit = True

uvicorn_startup, uvicorn.Server.startup = uvicorn.Server.startup, startup

from mockserver.cli import main

main(["serve", "--port", "0"])
"""


def test_a_start_leaves_costly_packages_unimported():
    served = subprocess.run([sys.executable, "-c", SERVE], capture_output=True, text=True, timeout=30, check=True)
    imported = set(served.stderr.split())

    assert imported >= {"mockserver", "starlette", "uvicorn"}
    assert sorted(imported & LATE) == []
