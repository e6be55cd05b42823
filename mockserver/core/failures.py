"""What goes wrong with a database that is no mistake of ours: a full disk, a foreign lock, a damaged file.

DiskFailure             507
DatabaseBusy            503, to be tried again
DatabaseDamaged         500
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from mockserver.core.errors import ApiError

LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL)
_UNWRITABLE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def refuse(error: sqlite3.DatabaseError, place: str) -> None:
    """Raises what the driver's error means to the caller; returns where it is a mistake of ours."""
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF  # errors of the driver's own have no code
    if primary in LOCKED:
        raise DatabaseBusy(place) from error
    if primary in _UNWRITABLE:
        raise DiskFailure(place, str(error)) from error
    if primary in _DAMAGED:
        raise DatabaseDamaged(place, str(error)) from error


@contextmanager
def refused(place: str) -> Iterator[None]:
    """`refuse` for what isn't called a thousand times a second."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        refuse(error, place)
        raise


class DiskFailure(ApiError):
    """The disk is full, over its quota, read-only or broken."""

    status, code = 507, "disk_failure"

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(
            f"The disk of {place} doesn't take what is to be written: {reason}. Nothing was changed. "
            "Make room there and try again."
        )


class DatabaseBusy(ApiError):
    """Another process holds the file's lock. Nobody waits for it, since everybody else would wait too."""

    status, code = 503, "database_busy"
    headers = (("retry-after", "1"),)

    def __init__(self, place: str) -> None:
        super().__init__(
            f"Another process holds the lock of {place}. Nothing was changed. "
            "End that process's transaction and try again."
        )


class DatabaseDamaged(ApiError):
    """The file is no database, or its contents make no sense."""

    status, code = 500, "database_damaged"

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(
            f"{place} is damaged: {problem}. Put a copy in its place, move it away, or choose another --data directory."
        )
