"""Opening databases: in memory, in a file, and as the draft of a file that is not whole yet."""

from __future__ import annotations

import os
import sqlite3
from functools import cache
from pathlib import Path
from zlib import crc32

from sqlalchemy.schema import CreateIndex, CreateTable

from mockserver import __version__
from mockserver.core import addresses
from mockserver.core.database import Database
from mockserver.core.failures import refused
from mockserver.core.schema import metadata
from mockserver.core.statements import DIALECT

_MEMORY_PAGE = 2048  # bytes: of 140 tables and indexes, most stay empty, and each has at least a page
_FILE_PAGE = 4096


class SchemaMismatch(Exception):
    """A database file that another version of mockserver wrote."""


def open_in_memory(page_size: int = _MEMORY_PAGE) -> Database:
    connection = _connect(":memory:")
    connection.execute(f"PRAGMA page_size = {page_size}")
    _empty(page_size).backup(connection)
    return Database(connection)


def copy_in_memory(other: Database) -> Database:
    return other.copied_into(_connect(":memory:"))


def open_file(path: Path) -> Database:
    """Raises SchemaMismatch for one with other tables than ours, DatabaseDamaged, DatabaseBusy and DiskFailure.

    A write-ahead log without a sync per commit keeps what was answered when the process dies (`kill -9`), though not
    when the machine loses power.
    """
    with refused(str(path)):
        connection = _connect(str(path))
        try:
            (found,) = connection.execute("PRAGMA user_version").fetchone()
            if found == schema_version():
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = NORMAL")
                return Database(connection, path)
        except BaseException:
            connection.close()
            raise
    connection.close()
    raise SchemaMismatch(
        f"{path} was written by another version of mockserver, whose tables differ from those of {__version__}. "
        "Start that version, or choose an empty --data directory."
    )


def open_draft(path: Path) -> Database:
    """An empty database in a new file that only its owner may read. Until it has got its name, nothing in it counts,
    so it has no journal to come back from."""
    image = _empty(_FILE_PAGE).serialize()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(image)
    with refused(str(path)):
        connection = _connect(str(path))
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("PRAGMA synchronous = OFF")
    return Database(connection, path)


def _connect(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False, cached_statements=512)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = ON")  # its triggers call a function of ours
    return connection


@cache
def _empty(page_size: int) -> sqlite3.Connection:
    """The schema without rows; made once, since copying it is 30 times faster than running the DDL."""
    connection = _connect(":memory:")
    connection.execute(f"PRAGMA page_size = {page_size}")
    connection.executescript(ddl())
    connection.execute(f"PRAGMA user_version = {schema_version()}")
    return connection


@cache
def ddl() -> str:
    statements = []
    for table in metadata.sorted_tables:
        statements.append(str(CreateTable(table).compile(dialect=DIALECT)))
        statements += [str(CreateIndex(index).compile(dialect=DIALECT)) for index in sorted(table.indexes, key=str)]
    return ";\n".join([*statements, *addresses.triggers()]) + ";"


def schema_version() -> int:
    """A number that any change of a table changes: no version to forget to raise."""
    return crc32(ddl().encode()) >> 1
