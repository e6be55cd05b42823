"""One environment's database: its objects, statements and transactions.

What is SQLite's own is here, in `opening.py` and in `failures.py`; the rest is portable.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from mockserver.core.addresses import Addresses
from mockserver.core.failures import LOCKED, DatabaseBusy, refuse, refused
from mockserver.core.schema import M
from mockserver.core.statements import Among, Query, RowsAmong, Statement, access_to

_CONNECTION = 192 << 10  # bytes that one takes besides its pages, more or less


class Database:
    """A connection. The first write opens a transaction; `commit` or `rollback` ends it. Reads open none.

    `place` names it in errors. What the driver raises becomes DiskFailure, DatabaseBusy or DatabaseDamaged where it is
    no mistake of ours.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path | None = None) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self._path = path
        self.place = "temporary files" if path is None else str(path)
        self._addresses = Addresses(connection)
        if path is not None:
            self._addresses.load()

    @property
    def addresses(self) -> Mapping[str, str]:
        """The session ids and tokens in it that name their environment, each with its `expires_at`.

        Always the same mapping, which any thread may read.
        """
        return self._addresses.known

    # Objects

    def find(self, model: type[M], key: str) -> M | None:
        access = access_to(model)
        row = self._row(access.by_key, {"key": key})
        return None if row is None else access.object(row)

    def first(self, query: Query[M], **parameters: Any) -> M | None:
        row = self._row(query, parameters)
        return None if row is None else access_to(query.model).object(row)

    def all(self, query: Query[M], **parameters: Any) -> list[M]:
        to_object = access_to(query.model).object
        return [to_object(row) for row in self._rows(query, parameters)]

    def among(self, among: Among[M], values: Iterable[str]) -> list[M]:
        """In the order of `among`, as far as one statement does (100 values)."""
        return [item for query, parameters in among.queries(values) for item in self.all(query, **parameters)]

    def rows_among(self, among: RowsAmong, values: Iterable[str]) -> list[tuple[Any, ...]]:
        return [row for statement, parameters in among.statements(values) for row in self._rows(statement, parameters)]

    def by_key(self, model: type[M], keys: Iterable[str]) -> dict[str, M]:
        """Those that there are."""
        access = access_to(model)
        return {getattr(item, access.key.name): item for item in self.among(access.by_keys, keys)}

    def insert(self, item: M) -> M:
        """Raises Duplicate."""
        try:
            self.execute(access_to(type(item)).insert, **msgspec.structs.asdict(item))
        except sqlite3.IntegrityError as error:
            raise _duplicate(error) from None
        return item

    def replace(self, item: M) -> M:
        """Inserts, in the place of one with the same key."""
        self.delete(item)
        return self.insert(item)

    def update(self, item: M, changes: dict[str, Any]) -> M:
        access = access_to(type(item))
        values = {f"new_{name}": value for name, value in changes.items()}
        self.execute(access.update(tuple(changes)), key=getattr(item, access.key.name), **values)
        return msgspec.structs.replace(item, **changes)

    def consume(self, item: M, now: str, goes_ms: int) -> bool:
        """Sets `consumed_at`, once: only the first of several who try is told True. The item is a fleeting one."""
        access = access_to(type(item))
        return self.execute(access.consume, key=getattr(item, access.key.name), now=now, new_goes_ms=goes_ms) == 1

    def delete(self, item: M) -> None:
        access = access_to(type(item))
        self.execute(access.delete, key=getattr(item, access.key.name))

    def dependents(self, item: M, most: int) -> int:
        """How many rows refer to it and would be deleted with it; of each kind no more than `most` are counted."""
        access = access_to(type(item))
        ((count,),) = self._rows(access.dependents, {"key": getattr(item, access.key.name), "most": most})
        return int(count)

    def each(self, query: Query[M]) -> Iterator[M]:
        """A few at a time, however many they are. Nothing may be written until it has come to its end."""
        to_object = access_to(query.model).object
        with refused(self.place):
            cursor = self._connection.execute(*query.compiled({}))
            while rows := cursor.fetchmany(100):
                yield from map(to_object, rows)

    # Statements

    def rows(self, statement: Statement, **parameters: Any) -> list[tuple[Any, ...]]:
        return self._rows(statement, parameters)

    def execute(self, statement: Statement, **parameters: Any) -> int:
        """Writes; answers how many rows it touched, which decides every race (a code is consumed by one only)."""
        try:
            if not self._connection.in_transaction:
                self._cursor.execute("BEGIN IMMEDIATE")
            return self._cursor.execute(*statement.compiled(parameters)).rowcount
        except sqlite3.DatabaseError as error:
            refuse(error, self.place)
            raise

    def _row(self, statement: Statement, parameters: dict[str, Any]) -> tuple[Any, ...] | None:
        try:
            row: tuple[Any, ...] | None = self._cursor.execute(*statement.compiled(parameters)).fetchone()
        except sqlite3.DatabaseError as error:
            refuse(error, self.place)
            raise
        return row

    def _rows(self, statement: Statement, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
        try:
            return self._cursor.execute(*statement.compiled(parameters)).fetchall()
        except sqlite3.DatabaseError as error:
            refuse(error, self.place)
            raise

    # Transactions

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def commit(self) -> None:
        if self._connection.in_transaction:
            try:
                self._cursor.execute("COMMIT")
            except sqlite3.DatabaseError as error:
                refuse(error, self.place)
                raise
        self._addresses.commit()

    def rollback(self) -> None:
        self._addresses.rollback()
        if self._connection.in_transaction:  # SQLite has rolled back by itself when the disk is full
            self._cursor.execute("ROLLBACK")

    def close(self) -> None:
        self._connection.close()

    def interrupt(self) -> None:
        """For another thread: what is being done fails, and so does whatever comes afterwards."""
        self._connection.interrupt()
        self._connection.set_progress_handler(lambda: 1, 1)

    # Whole contents

    @property
    def page_size(self) -> int:
        """Bytes. Only databases of the same one can take each other's contents."""
        (size,) = self._connection.execute("PRAGMA page_size").fetchone()
        return int(size)

    @property
    def memory(self) -> int:
        """Bytes, more or less: the pages of a database in memory, and what any connection needs for its schema."""
        if self._path is not None:
            return _CONNECTION
        (pages,) = self._connection.execute("PRAGMA page_count").fetchone()
        return _CONNECTION + int(pages) * self.page_size

    def take_all_from(self, other: Database) -> None:
        """Everything that is in another database, in the place of what is here, in one transaction."""

        def require_progress(status: int, _remaining: int, _total: int) -> None:
            if status in LOCKED:  # the driver would try again for ever
                raise DatabaseBusy(self.place)

        with refused(self.place):
            other._connection.backup(self._connection, progress=require_progress)
        self._addresses.take(other._addresses)

    def copied_into(self, connection: sqlite3.Connection) -> Database:
        """Another one with the same contents, in an empty connection."""
        self._connection.backup(connection)
        copy = Database(connection)
        copy._addresses.take(self._addresses)
        return copy

    def contents(self, tables: Sequence[str]) -> dict[str, list[tuple[Any, ...]]]:
        """The rows of those of the tables that have any, as the driver has them."""
        are_there = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables)
        with refused(self.place):
            found = [name for (name,) in self._connection.execute(are_there)]
            return {name: self._connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in found}

    def fill(self, contents: dict[str, list[tuple[Any, ...]]]) -> None:
        """Inserts what `contents` gave."""
        with refused(self.place):
            if not self._connection.in_transaction:
                self._cursor.execute("BEGIN IMMEDIATE")
            for name, rows in contents.items():
                marks = ", ".join("?" * len(rows[0]))
                self._cursor.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)


class Duplicate(Exception):
    """A row that contradicts others: another one has the same in `columns`, or, without any, it refers to nothing."""

    def __init__(self, reason: str, columns: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.columns = columns


def _duplicate(error: sqlite3.IntegrityError) -> Duplicate:
    """From `UNIQUE constraint failed: users.email_key` and `FOREIGN KEY constraint failed`."""
    constraint, _, listed = str(error).partition(" constraint failed")
    if constraint == "FOREIGN KEY":
        return Duplicate("it refers to an object that doesn't exist")
    columns = tuple(column.partition(".")[2] for column in listed.lstrip(": ").split(", "))
    names = ", ".join(column.removesuffix("_key") for column in columns)
    return Duplicate(f"another object has the same {names}", columns)
