"""Statements: SQLAlchemy Core, built once at import, compiled once, and those that every model has.

They run on the driver's own cursor: a look-up by id costs 10 microseconds this way instead of 60.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from mockserver.core.schema import M, metadata

DIALECT = sqlite.dialect(paramstyle="qmark")
_to_json = msgspec.json.Encoder().encode
_AS_JSON = (dict, list)
_from_json = msgspec.json.Decoder().decode
K = TypeVar("K", bound="Statement")


class Statement:
    """A Core statement, compiled at its first use; parameters are passed by the names of its `bindparam`s."""

    def __init__(self, statement: sa.ClauseElement) -> None:
        self._statement = statement
        self._compiled: tuple[str, list[tuple[str, Any]]] | None = None

    def compiled(self, parameters: dict[str, Any]) -> tuple[str, list[Any]]:
        if self._compiled is None:
            compiled: Any = self._statement.compile(dialect=DIALECT)
            defaults = compiled.params
            self._compiled = compiled.string, [(name, defaults[name]) for name in compiled.positiontup or ()]
        sql, names = self._compiled
        values = [parameters.get(name, default) for name, default in names]
        return sql, [_to_json(value).decode() if type(value) in _AS_JSON else value for value in values]


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


class Among(Generic[M]):
    """Selects the objects of which a column has any of several values: what a page shows beside its own, at once."""

    def __init__(
        self, model: type[M], column: sa.ColumnElement[Any], *, order_by: Sequence[sa.ColumnElement[Any]] = ()
    ) -> None:
        self._sizes = [(size, Query(model, column.in_(_values(size)), order_by=order_by)) for size in _SIZES]

    def queries(self, values: Iterable[str]) -> Iterator[tuple[Query[M], dict[str, str]]]:
        return _sized(self._sizes, values)


class RowsAmong:
    """As `Among`, for single columns, of several tables even."""

    def __init__(self, select: sa.Select[Any], column: sa.ColumnElement[Any]) -> None:
        self._sizes = [(size, Statement(select.where(column.in_(_values(size))))) for size in _SIZES]

    def statements(self, values: Iterable[str]) -> Iterator[tuple[Statement, dict[str, str]]]:
        return _sized(self._sizes, values)


_SIZES = (1, 10, 100)


def _values(size: int) -> list[sa.BindParameter[Any]]:
    return [sa.bindparam(f"value_{index}") for index in range(size)]


def _sized(sizes: Sequence[tuple[int, K]], values: Iterable[str]) -> Iterator[tuple[K, dict[str, str]]]:
    """One for a page, more for more than 100 values. Three sizes do: what is left over repeats the last value."""
    wanted = list(dict.fromkeys(values))
    while wanted:
        size, statement = next((size, statement) for size, statement in sizes if size >= min(len(wanted), 100))
        now, wanted = wanted[:size], wanted[size:]
        now += now[-1:] * (size - len(now))
        yield statement, {f"value_{index}": value for index, value in enumerate(now)}


def _converters(model: type[M]) -> list[tuple[int, Callable[[Any], Any]]]:
    """What SQLite keeps in another form: booleans as 0 and 1, JSON as text."""
    converters: list[tuple[int, Callable[[Any], Any]]] = []
    for index, column in enumerate(model.table.c):
        if isinstance(column.type, sa.Boolean):
            converters.append((index, bool))
        elif isinstance(column.type, sa.JSON):
            converters.append((index, _from_json))
    return converters


class Access(Generic[M]):
    """The statements every model has, and how its rows become objects."""

    def __init__(self, model: type[M]) -> None:
        self.model = model
        self.converters = _converters(model)
        (self.key,) = model.table.primary_key.columns
        self.by_key = Query(model, self.key == sa.bindparam("key"))
        self.by_keys = Among(model, self.key)
        self.insert = Statement(sa.insert(model.table).values({c.name: sa.bindparam(c.name) for c in model.table.c}))
        self.delete = Statement(sa.delete(model.table).where(self.key == sa.bindparam("key")))
        self._consume: Statement | None = None
        self._dependents: Statement | None = None
        self._updates: dict[tuple[str, ...], Statement] = {}

    @property
    def consume(self) -> Statement:
        if self._consume is None:
            self._consume = Statement(
                sa.update(self.model.table)
                .where(self.key == sa.bindparam("key"), self.model.table.c.consumed_at.is_(None))
                .values(consumed_at=sa.bindparam("now"), goes_ms=sa.bindparam("new_goes_ms"))
            )
        return self._consume

    @property
    def dependents(self) -> Statement:
        if self._dependents is None:
            columns = [
                key.parent for table in metadata.sorted_tables for key in table.foreign_keys if key.column is self.key
            ]
            counts = [
                sa.select(sa.func.count())
                .select_from(sa.select(c).where(c == sa.bindparam("key")).limit(sa.bindparam("most")).subquery())
                .scalar_subquery()
                for c in columns
            ]
            self._dependents = Statement(sa.select(sum(counts, start=sa.literal_column("0"))))
        return self._dependents

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


_accesses: dict[type[Any], Access[Any]] = {}


def access_to(model: type[M]) -> Access[M]:
    access = _accesses.get(model)
    if access is None:
        access = _accesses[model] = Access(model)
    return access
