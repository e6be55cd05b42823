"""The server as a user starts it: a process of its own, stopped by SIGTERM."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.children import bound

SECONDS_TO_STOP = 30


@dataclass(frozen=True)
class ServerProcess:
    """`url` is what the server calls itself, which --public-url changes; `address` is where it listens."""

    url: str
    address: str
    api_key: str
    client_id: str


@contextmanager
def running_server(*arguments: str) -> Iterator[ServerProcess]:
    """`mockserver serve` on a free port; `arguments` are further flags. Its log is shown when it does not start."""
    command = [
        sys.executable,
        "-m",
        "mockserver",
        "serve",
        "--port",
        "0",
        "--json",
        "--log-level",
        "warning",
        *arguments,
    ]
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            bound(command), stdout=subprocess.PIPE, stderr=log, text=True, env=clean_environment()
        )
        assert process.stdout is not None
        with process.stdout as stdout:
            try:
                started = stdout.readline()
                if not started:
                    log.seek(0)
                    raise RuntimeError(f"{' '.join(command)} did not start:\n{log.read()}")
                shown = json.loads(started)
                address = f"http://127.0.0.1:{shown['port']}"
                yield ServerProcess(shown["url"], address, shown["api_key"], shown["client_id"])
            finally:
                process.terminate()
                status = process.wait(SECONDS_TO_STOP)
    assert status == 0, f"the server ended with status {status}"


def clean_environment() -> dict[str, str]:
    """This process's variables without those that point an SDK or the server somewhere else."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("MOCKSERVER_", "WORKOS_"))}
