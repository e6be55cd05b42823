"""`mockserver` as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from tests.children import bound
from tests.conftest import Client

COMMAND = [sys.executable, "-m", "mockserver"]


def clean_environment(**variables: str) -> dict[str, str]:
    """That of this process without what would set up the server, but with `variables`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MOCKSERVER_", "WORKOS_"))}
    return {**kept, **variables}


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, timeout=20, env=clean_environment(**variables)
    )


class Process:
    """A server whose `--json` start line has been read: `url`, `port`, `api_key`, `client_id` and `version`."""

    def __init__(self, process: subprocess.Popen[str], log: IO[str], start: dict[str, Any]) -> None:
        self.process = process
        self.start = start
        self._log = log

    def client(self) -> Client:
        return Client(self.start["url"], self.start["api_key"], self.start["client_id"])

    def log(self) -> str:
        """What it has logged so far."""
        self._log.seek(0)
        return self._log.read()

    def wait_for_log(self, is_there: Callable[[str], bool]) -> str:
        """The log as soon as it has what is looked for: lines are written after the answer they speak of."""
        deadline = time.monotonic() + 30
        while not is_there(log := self.log()):
            assert time.monotonic() < deadline, f"not in the log:\n{log}"
            time.sleep(0.01)
        return log

    def terminate(self) -> float:
        """Seconds from SIGTERM to the end; the exit code must be 0."""
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(40) == 0, self.log()
        return time.monotonic() - started


@contextmanager
def serving(
    *arguments: str | Path, command: Sequence[str] = ("serve",), folder: Path | None = None, **variables: str
) -> Iterator[Process]:
    """A server on a free port, with `folder` as its working directory, gone at the end."""
    line = [*COMMAND, *command, "--port", "0", "--json", *map(str, arguments)]
    with TemporaryFile("w+") as log:
        process = subprocess.Popen(
            bound(line), stdout=subprocess.PIPE, stderr=log, text=True, cwd=folder, env=clean_environment(**variables)
        )
        with process:
            try:
                assert process.stdout is not None
                start = process.stdout.readline()
                if not start:
                    process.wait(40)
                    log.seek(0)
                    raise AssertionError(f"no start line; the log says:\n{log.read()}")
                yield Process(process, log, json.loads(start))
            finally:
                process.kill()
