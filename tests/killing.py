"""What a process leaves in its data directory when it is killed: every moment of an operation, each as a directory.

A killed process leaves its files as they are at that moment. So all the moments are found by looking at the files
before each statement of SQLite and before each call that opens, renames or removes a file: Python tells of them all.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Files = dict[str, bytes]


class Moments:
    """The distinct states of a directory while it is recorded."""

    def __init__(self, directory: Path) -> None:
        self.states: list[Files] = []
        self._directory = directory
        self._is_recorded = False

    @contextmanager
    def recorded(self) -> Iterator[None]:
        self._is_recorded = True
        self.look()
        yield
        self.look()
        self._is_recorded = False

    def look(self, _statement: str = "") -> None:
        if not self._is_recorded:
            return
        self._is_recorded = False  # reading a file opens it, which is told too
        # The -shm file is an index of the -wal file that SQLite makes anew after a crash.
        files = {p.name: p.read_bytes() for p in self._directory.iterdir() if not p.name.endswith("-shm")}
        if files not in self.states:
            self.states.append(files)
        self._is_recorded = True


_moments: Moments | None = None


def _hear(event: str, _arguments: object) -> None:
    if _moments is not None and event in ("open", "os.rename", "os.remove", "os.truncate", "sqlite3.connect"):
        _moments.look()


sys.addaudithook(_hear)  # for good: there is no way to remove one


@contextmanager
def moments_of(directory: Path) -> Iterator[Moments]:
    """To be entered before the server is started, so that its connections tell of their statements."""
    global _moments
    _moments = moments = Moments(directory)
    connect = sqlite3.connect

    def connect_and_tell(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*arguments, **options)
        connection.set_trace_callback(moments.look)
        return connection

    sqlite3.connect = connect_and_tell  # type: ignore[assignment]  # the driver, not what is tested
    try:
        yield moments
    finally:
        _moments, sqlite3.connect = None, connect


def write(files: Files, directory: Path) -> Path:
    directory.mkdir()
    for name, content in files.items():
        (directory / name).write_bytes(content)
    return directory
