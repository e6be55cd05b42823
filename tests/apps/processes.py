"""Applications as processes of their own."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tests.children import bound
from tests.conformance.server import clean_environment
from tests.conftest import Client

APPS = Path(__file__).parent
COOKIE_PASSWORD = "a password of thirty-two letters or more"


def program(name: str) -> str:
    """Of Node, by its path."""
    found = shutil.which(name)
    assert found, f"{name} is needed for tests/apps; Node 20 or newer has it: https://nodejs.org"
    return found


def package_program(folder: Path, name: str) -> str:
    """A command line tool of an npm package that `folder` depends on."""
    found = folder / "node_modules" / ".bin" / name
    assert found.exists(), f"'scripts/install-npm {folder.relative_to(APPS.parents[1])}' installs what is missing"
    return str(found)


def pointed_at(client: Client) -> dict[str, str]:
    """The variables by which AuthKit's server packages find the API, and with what they ask it."""
    return {
        "WORKOS_API_HOSTNAME": client.base_url.host,
        "WORKOS_API_PORT": str(client.base_url.port),
        "WORKOS_API_HTTPS": "false",
        "WORKOS_API_KEY": client.api_key,
        "WORKOS_CLIENT_ID": client.client_id,
        "WORKOS_COOKIE_PASSWORD": COOKIE_PASSWORD,
    }


@contextmanager
def running(command: Sequence[str], folder: Path, variables: Mapping[str, str]) -> Iterator[IO[str]]:
    """A process in `folder`; yields what it prints."""
    process = subprocess.Popen(
        bound(command), cwd=folder, env=clean_environment() | variables, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process.stdout as stdout:
        try:
            yield stdout
        finally:
            process.terminate()
            process.wait(30)
