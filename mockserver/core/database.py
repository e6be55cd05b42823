"""One environment's database, and the only place that talks to a driver.

Statements are SQLAlchemy Core, built once at import, compiled once per dialect, and run on the driver's own cursor: a
look-up by id costs 10 microseconds this way instead of 60. What is SQLite's own is in this file; the rest is portable.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Generic
from zlib import crc32

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from mockserver.core.schema import M, metadata

_DIALECT = sqlite.dialect(paramstyle="qmark")
_to_json = msgspec.json.Encoder().encode
_from_json = msgspec.json.Decoder().decode


class Statement:
    """A Core statement, compiled at its first use; parameters are passed by the names of its `bindparam`s."""

    def __init__(self, statement: sa.ClauseElement) -> None:
        self._statement = statement
        self._compiled: tuple[str, list[tuple[str, Any]]] | None = None

    def compiled(self, parameters: dict[str, Any]) -> tuple[str, list[Any]]:
        if self._compiled is None:
            compiled: Any = self._statement.compile(dialect=_DIALECT)
            defaults = compiled.params
            self._compiled = compiled.string, [(name, defaults[name]) for name in compiled.positiontup or ()]
        sql, names = self._compiled
        return sql, [_to_driver(parameters.get(name, default)) for name, default in names]


class Query(Statement, Generic[M]):
    """Selects whole objects of one model."""

    def __init__(
        self,
        model: type[M],
        *where: sa.ColumnElement[bool],
        order_by: Sequence[sa.ColumnElement[Any]] = (),
        limit: int | sa.BindParameter[int] | None = None,
    ) -> None:
        super().__init__(sa.select(*model.table.c).where(*where).order_by(*order_by).limit(limit))
        self.model = model


def _to_driver(value: Any) -> Any:
    if isinstance(value, dict | list):
        return _to_json(value).decode()
    return value


def _converters(model: type[M]) -> list[tuple[int, Callable[[Any], Any]]]:
    """What SQLite keeps in another form: booleans as 0 and 1, JSON as text."""
    converters: list[tuple[int, Callable[[Any], Any]]] = []
    for index, column in enumerate(model.table.c):
        if isinstance(column.type, sa.Boolean):
            converters.append((index, bool))
        elif isinstance(column.type, sa.JSON):
            converters.append((index, _from_json))
    return converters


class _Access(Generic[M]):
    """The statements every model has, and how its rows become objects."""

    def __init__(self, model: type[M]) -> None:
        self.model = model
        self.converters = _converters(model)
        (self.key,) = model.table.primary_key.columns
        self.by_key = Query(model, self.key == sa.bindparam("key"))
        self.insert = Statement(sa.insert(model.table).values({c.name: sa.bindparam(c.name) for c in model.table.c}))
        self.delete = Statement(sa.delete(model.table).where(self.key == sa.bindparam("key")))
        self._consume: Statement | None = None
        self._updates: dict[tuple[str, ...], Statement] = {}

    @property
    def consume(self) -> Statement:
        if self._consume is None:
            self._consume = Statement(
                sa.update(self.model.table)
                .where(self.key == sa.bindparam("key"), self.model.table.c.consumed_at.is_(None))
                .values(consumed_at=sa.bindparam("now"))
            )
        return self._consume

    def update(self, names: tuple[str, ...]) -> Statement:
        if names not in self._updates:
            values: dict[str, sa.BindParameter[Any]] = {name: sa.bindparam(f"new_{name}") for name in names}
            self._updates[names] = Statement(
                sa.update(self.model.table).where(self.key == sa.bindparam("key")).values(values)
            )
        return self._updates[names]

    def object(self, row: tuple[Any, ...]) -> M:
        if not self.converters:
            return self.model(*row)
        values = list(row)
        for index, convert in self.converters:
            if values[index] is not None:
                values[index] = convert(values[index])
        return self.model(*values)


_accesses: dict[type[Any], _Access[Any]] = {}


def _access(model: type[M]) -> _Access[M]:
    access = _accesses.get(model)
    if access is None:
        access = _accesses[model] = _Access(model)
    return access


class Database:
    """A connection. The first write opens a transaction; `commit` or `rollback` ends it. Reads open none."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._cursor = connection.cursor()

    # Objects

    def find(self, model: type[M], key: str) -> M | None:
        access = _access(model)
        row = self._run(access.by_key, {"key": key}).fetchone()
        return None if row is None else access.object(row)

    def first(self, query: Query[M], **parameters: Any) -> M | None:
        row = self._run(query, parameters).fetchone()
        return None if row is None else _access(query.model).object(row)

    def all(self, query: Query[M], **parameters: Any) -> list[M]:
        to_object = _access(query.model).object
        return [to_object(row) for row in self._run(query, parameters).fetchall()]

    def insert(self, item: M) -> M:
        """Raises Duplicate."""
        try:
            self.execute(_access(type(item)).insert, **msgspec.structs.asdict(item))
        except sqlite3.IntegrityError as error:
            raise Duplicate(_reason(error)) from None
        return item

    def replace(self, item: M) -> M:
        """Inserts, in the place of one with the same key."""
        self.delete(item)
        return self.insert(item)

    def update(self, item: M, changes: dict[str, Any]) -> M:
        access = _access(type(item))
        values = {f"new_{name}": value for name, value in changes.items()}
        self.execute(access.update(tuple(changes)), key=getattr(item, access.key.name), **values)
        return msgspec.structs.replace(item, **changes)

    def consume(self, item: M, now: str) -> bool:
        """Sets `consumed_at`, once: only the first of several who try is told True."""
        access = _access(type(item))
        return self.execute(access.consume, key=getattr(item, access.key.name), now=now) == 1

    def delete(self, item: M) -> None:
        access = _access(type(item))
        self.execute(access.delete, key=getattr(item, access.key.name))

    # Statements

    def rows(self, statement: Statement, **parameters: Any) -> list[tuple[Any, ...]]:
        return self._run(statement, parameters).fetchall()

    def execute(self, statement: Statement, **parameters: Any) -> int:
        """Writes; answers how many rows it touched, which decides every race (a code is consumed by one only)."""
        if not self._connection.in_transaction:
            self._cursor.execute("BEGIN IMMEDIATE")
        return self._run(statement, parameters).rowcount

    def _run(self, statement: Statement, parameters: dict[str, Any]) -> sqlite3.Cursor:
        return self._cursor.execute(*statement.compiled(parameters))

    # Transactions

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def commit(self) -> None:
        if self._connection.in_transaction:
            self._cursor.execute("COMMIT")

    def rollback(self) -> None:
        if self._connection.in_transaction:
            self._cursor.execute("ROLLBACK")

    def close(self) -> None:
        self._connection.close()

    # Whole contents

    def image(self) -> Image:
        """A copy of everything, to go back to."""
        copy = _connect(":memory:")
        self._connection.backup(copy)
        return Image(copy)

    def restore(self, image: Image) -> None:
        image.connection.backup(self._connection)


class Image:
    """The contents of a database at one moment."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection


class Duplicate(Exception):
    """A row that contradicts others: its key is taken, or it refers to nothing."""


class SchemaMismatch(Exception):
    """A database file that another version of mockserver wrote."""


def _reason(error: sqlite3.IntegrityError) -> str:
    """From `UNIQUE constraint failed: users.email_key` and `FOREIGN KEY constraint failed`."""
    constraint, _, columns = str(error).partition(" constraint failed")
    if constraint == "FOREIGN KEY":
        return "it refers to an object that doesn't exist"
    names = ", ".join(column.partition(".")[2].removesuffix("_key") for column in columns.lstrip(": ").split(", "))
    return f"another object has the same {names}"


def _connect(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


_empty: Image | None = None


def empty_image() -> Image:
    """The schema without rows; made once, since copying it is 30 times faster than running the DDL."""
    global _empty
    if _empty is None:
        connection = _connect(":memory:")
        connection.executescript(ddl())
        connection.execute(f"PRAGMA user_version = {schema_version()}")
        _empty = Image(connection)
    return _empty


@cache
def ddl() -> str:
    statements = []
    for table in metadata.sorted_tables:
        statements.append(str(CreateTable(table).compile(dialect=_DIALECT)))
        statements += [str(CreateIndex(index).compile(dialect=_DIALECT)) for index in sorted(table.indexes, key=str)]
    return ";\n".join(statements) + ";"


def schema_version() -> int:
    """A number that any change of a table changes: no version to forget to raise."""
    return crc32(ddl().encode()) >> 1


def open_in_memory() -> Database:
    connection = _connect(":memory:")
    empty_image().connection.backup(connection)
    return Database(connection)


def open_file(path: Path) -> Database:
    """Opens or creates a database file. Raises SchemaMismatch for one with other tables than ours.

    A write-ahead log without a sync per commit keeps what was answered when the process dies (`kill -9`), though not
    when the machine loses power.
    """
    if not path.exists():
        _create_file(path)
    connection = _connect(str(path))
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        (found,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError:  # no database at all
        found = None
    if found != schema_version():
        connection.close()
        raise SchemaMismatch(str(path))
    return Database(connection)


def _create_file(path: Path) -> None:
    """All at once: a process that dies meanwhile leaves no half-made database behind."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    connection = sqlite3.connect(draft)
    empty_image().connection.backup(connection)
    connection.close()
    draft.rename(path)
