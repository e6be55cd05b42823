"""Session ids and tokens by which calls name their environment that carry neither key nor client id.

Each database knows its own, in memory: asking a thousand databases costs 12 ms, and one that a thread works in can't be
asked at all. Triggers tell of what comes and goes, so that no deletion by cascade is missed; the rest is portable.
"""

from __future__ import annotations

import sqlite3
from functools import cache

import sqlalchemy as sa

from mockserver.core.schema import metadata


@cache  # SQLAlchemy sorts the tables anew each time
def _tables() -> list[sa.Table]:
    return [table for table in metadata.sorted_tables if "names_environment" in table.info]


def _key(table: sa.Table) -> str:
    (key,) = table.primary_key.columns
    return key.name


def triggers() -> list[str]:
    """What `@stored(..., names_environment=True)` asks for, as DDL."""
    statements = []
    for table in _tables():
        name, key = table.name, _key(table)
        statements += [
            f"CREATE TRIGGER {name}_come AFTER INSERT ON {name} BEGIN SELECT address(NEW.{key}, NEW.expires_at); END",
            f"CREATE TRIGGER {name}_go AFTER DELETE ON {name} BEGIN SELECT address(OLD.{key}, NULL); END",
        ]
        if "consumed_at" in table.c:
            statements.append(
                f"CREATE TRIGGER {name}_spent AFTER UPDATE OF consumed_at ON {name} "
                f"BEGIN SELECT address(NEW.{key}, NULL); END"
            )
    return statements


class Addresses:
    """Those of one database as of its last commit, each with the moment when it expires."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._changes: list[tuple[str, str | None]] = []
        self.known: dict[str, str] = {}
        connection.create_function("address", 2, self._note)

    def _note(self, address: str, expires_at: str | None) -> None:
        self._changes.append((address, expires_at))

    def load(self) -> None:
        """Of a database that isn't empty."""
        for table in _tables():
            live = " WHERE consumed_at IS NULL" if "consumed_at" in table.c else ""
            rows = self._connection.execute(f"SELECT {_key(table)}, expires_at FROM {table.name}{live}")
            self.known |= rows.fetchall()

    def take(self, other: Addresses) -> None:
        """Those of a database whose contents were taken over."""
        self._changes.clear()
        self.known.clear()
        self.known |= other.known

    def commit(self) -> None:
        for address, expires_at in self._changes:
            if expires_at is None:
                self.known.pop(address, None)
            else:
                self.known[address] = expires_at
        self._changes.clear()

    def rollback(self) -> None:
        self._changes.clear()
