"""The files of a data directory: `NAME.sqlite3` for each environment, with SQLite's `-wal` and `-shm` beside it.

A file has its name only when it is whole: it is made as `NAME.sqlite3.new` and renamed. The main file goes first when
an environment is deleted. So the process may be killed at any moment, and what it leaves is cleared at the next start.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mockserver.core import opening
from mockserver.core.database import Database
from mockserver.core.failures import DiskFailure

log = logging.getLogger("mockserver")

_SUFFIX = ".sqlite3"
_DRAFT = ".new"
_COMPANIONS = ("-wal", "-shm", "-journal")


def path_of(folder: Path, name: str) -> Path:
    return folder / f"{name}{_SUFFIX}"


def names(folder: Path) -> list[str]:
    """Those of the environments that are kept, in order."""
    return sorted(path.stem for path in folder.glob(f"*{_SUFFIX}"))


@contextmanager
def draft(folder: Path, name: str) -> Iterator[Database]:
    """A new database that gets its name at the end; an error before leaves nothing of it. Raises DiskFailure."""
    path = path_of(folder, name)
    unnamed = path.with_name(path.name + _DRAFT)
    try:
        with _disk_of(folder):
            _remove_companions(path)
            database = opening.open_draft(unnamed)
        try:
            yield database
        finally:
            database.close()
        with _disk_of(folder):
            unnamed.rename(path)
    finally:
        unnamed.unlink(missing_ok=True)


def remove(folder: Path, name: str) -> None:
    """From then on the environment is gone, whatever happens to what SQLite keeps beside. Raises DiskFailure."""
    with _disk_of(folder):
        path_of(folder, name).unlink(missing_ok=True)


def forget(folder: Path, name: str) -> None:
    """What SQLite keeps beside a file that was removed and closed."""
    path = path_of(folder, name)
    for companion in _COMPANIONS:
        path.with_name(path.name + companion).unlink(missing_ok=True)


def clear(folder: Path) -> None:
    """What a killed process, or somebody who deleted a file, has left. Raises DiskFailure."""
    with _disk_of(folder):
        for unnamed in folder.glob(f"*{_SUFFIX}{_DRAFT}*"):
            log.warning("%s was not whole when a server ended, and is removed", unnamed)
            unnamed.unlink()
        for name in sorted({path.name.partition(_SUFFIX)[0] for path in folder.glob(f"*{_SUFFIX}-*")}):
            if not path_of(folder, name).exists():
                _remove_companions(path_of(folder, name))


def set_aside(folder: Path, name: str) -> None:
    """For a file that is no environment; `NAME.sqlite3.incomplete` is nobody's. Raises DiskFailure."""
    path = path_of(folder, name)
    aside = path.with_name(f"{path.name}.incomplete")
    log.warning("%s has no keys, so no environment was made in it; it is now named %s", path, aside.name)
    with _disk_of(folder):
        for companion in _COMPANIONS:
            aside.with_name(aside.name + companion).unlink(missing_ok=True)
        path.replace(aside)
        for companion in _COMPANIONS:
            beside = path.with_name(path.name + companion)
            if beside.exists():
                beside.replace(aside.with_name(aside.name + companion))


def _remove_companions(path: Path) -> None:
    """Those of a file that is not there: SQLite would take them for parts of the next one of this name."""
    for companion in _COMPANIONS:
        beside = path.with_name(path.name + companion)
        if beside.exists():
            log.warning("%s belongs to no database any more, and is removed", beside)
            beside.unlink()


@contextmanager
def _disk_of(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DiskFailure(str(folder), error.strerror or str(error)) from error
