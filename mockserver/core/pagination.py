"""Lists: cursors by id over the order (created_at, id).

A page costs the same wherever its cursor stands, and a cursor whose object has been deleted still works: deletions
leave a tombstone with the position.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Literal

import sqlalchemy as sa
from msgspec import Meta

from mockserver.core.bodies import Parameters
from mockserver.core.clock import to_text
from mockserver.core.database import Database
from mockserver.core.errors import JSON
from mockserver.core.ids import time_of_id
from mockserver.core.schema import M, Model, stored
from mockserver.core.statements import Query

Position = tuple[str, str]
Filter = sa.ColumnElement[bool] | Sequence[sa.ColumnElement[bool]]


class Pagination(Parameters, kw_only=True):
    """The query parameters of every list. `normal` is the legacy order: newest first, `before` leading to older."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 10
    before: str | None = None
    after: str | None = None
    order: Literal["desc", "asc", "normal"] = "desc"


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    data: list[M]
    before: str | None
    after: str | None

    def shown(self) -> JSON:
        return self.shown_as(lambda item: item.shown())

    def shown_as(self, show: Callable[[M], JSON]) -> JSON:
        """For objects that are shown together with others."""
        return {
            "object": "list",
            "data": [show(item) for item in self.data],
            "list_metadata": {"before": self.before, "after": self.after},
        }


@stored("tombstones")
class Tombstone(Model):
    """Where a deleted object stood."""

    id: str
    created_at: str
    goes_ms: int = 0


class Listing(Generic[M]):
    """A list of a model's objects, with the filters it can take: `Listing(User, email=User.table.c.email == …)`.

    Each filter is a condition with bind parameters of its own; a page applies those whose names it is given. At most
    one of them may be a list of conditions, of which any will do: each is looked up by itself, in an index alone where
    one has all that it asks for. With `by="id"` the order is that of arrival, which setting the clock back doesn't
    disturb: ids only ever grow.

    `position` are columns of another table that hold the same as `created_at` and `id`, and that a filter joins: where
    an index of that table has them behind what it is searched by, a page costs the same however long the list is.
    """

    def __init__(
        self,
        model: type[M],
        by: Literal["created_at", "id"] = "created_at",
        *,
        position: tuple[sa.ColumnElement[Any], ...] | None = None,
        **filters: Filter,
    ) -> None:
        self.model = model
        self.by = by
        own = (model.table.c.id,) if by == "id" else (model.table.c.created_at, model.table.c.id)
        self.position: tuple[sa.ColumnElement[Any], ...] = position or own
        self.filters = filters
        self._queries: dict[tuple[frozenset[str], bool, bool, bool, bool], Query[M]] = {}

    def page(self, database: Database, pagination: Pagination, **values: Any) -> Page[M]:
        """The page, restricted by the filters named in `values`; `values` also binds their parameters."""
        descending = pagination.order != "asc"
        before, after = pagination.before, pagination.after
        if pagination.order == "normal":
            before, after = after, before
        start = self._position(database, after)
        end = self._position(database, before)
        backwards = end is not None and start is None
        rows = self._fetch(database, pagination.limit + 1, descending, backwards, start, end, values)
        is_cut = len(rows) > pagination.limit
        rows = rows[: pagination.limit]
        if backwards:
            rows.reverse()
        has_earlier = has_later = False
        if rows and backwards:
            has_earlier = is_cut
            has_later = self._exists_beyond(database, rows[-1], descending, values)
        elif rows:
            has_later = is_cut or (end is not None and self._exists_beyond(database, rows[-1], descending, values))
            has_earlier = start is not None and self._exists_beyond(database, rows[0], not descending, values)
        first = self._position_of(rows[0])[1] if has_earlier else None
        last = self._position_of(rows[-1])[1] if has_later else None
        if pagination.order == "normal":
            first, last = last, first
        return Page(rows, before=first, after=last)

    def _exists_beyond(self, database: Database, item: M, descending: bool, values: dict[str, Any]) -> bool:
        return bool(self._fetch(database, 1, descending, False, self._position_of(item), None, values))

    def _fetch(
        self,
        database: Database,
        limit: int,
        descending: bool,
        backwards: bool,
        start: Position | None,
        end: Position | None,
        values: dict[str, Any],
    ) -> list[M]:
        names = frozenset(name for name in values if name in self.filters)
        query = self._query(names, descending, backwards, start is not None, end is not None)
        start_time, start_id = start or ("", "")
        end_time, end_id = end or ("", "")
        return database.all(
            query,
            page_limit=limit,
            start_time=start_time,
            start_id=start_id,
            end_time=end_time,
            end_id=end_id,
            **values,
        )

    def _query(
        self, names: frozenset[str], descending: bool, backwards: bool, has_start: bool, has_end: bool
    ) -> Query[M]:
        shape = (names, descending, backwards, has_start, has_end)
        if shape not in self._queries:
            where: list[sa.ColumnElement[bool]] = []
            any_of: Sequence[sa.ColumnElement[bool]] = ()
            for condition in (self.filters[name] for name in sorted(names)):
                if isinstance(condition, sa.ColumnElement):
                    where.append(condition)
                else:
                    any_of = condition
            position = self._between(has_start, has_end, descending)
            order = list(self.position)
            if descending != backwards:
                order = [column.desc() for column in order]
            limit = sa.bindparam("page_limit", type_=sa.Integer)
            if any_of:
                first = [
                    sa.select(self.model.table.c.id)
                    .where(one, *where, *position)
                    .order_by(*order)
                    .limit(limit)
                    .subquery()
                    for one in any_of
                ]
                where = [self.model.table.c.id.in_(sa.union_all(*[sa.select(ids.c.id) for ids in first]))]
                position = []
            self._queries[shape] = Query(self.model, *where, *position, order_by=order, limit=limit)
        return self._queries[shape]

    def _between(self, has_start: bool, has_end: bool, descending: bool) -> list[sa.ColumnElement[bool]]:
        """The conditions that the cursors make."""
        names = ("time", "id")[-len(self.position) :]
        position: sa.ColumnElement[Any] = sa.tuple_(*self.position)
        start: sa.ColumnElement[Any] = sa.tuple_(*[sa.bindparam(f"start_{name}") for name in names])
        end: sa.ColumnElement[Any] = sa.tuple_(*[sa.bindparam(f"end_{name}") for name in names])
        between = []
        if has_start:
            between.append(position < start if descending else position > start)
        if has_end:
            between.append(position > end if descending else position < end)
        return between

    def _position_of(self, item: Any) -> Position:
        return getattr(item, self.by), item.id

    def _position(self, database: Database, cursor: str | None) -> Position | None:
        if cursor is None:
            return None
        if self.by == "id":
            return cursor, cursor
        item: Any = database.find(self.model, cursor) or database.find(Tombstone, cursor)
        if item is not None:
            return self._position_of(item)
        # Never seen here: its ULID tells where it would stand; an id without one stands before everything.
        return to_text(time_of_id(cursor) or 0), cursor


def containing(text: str) -> str:
    """The pattern of LIKE for what has the text in it; its escape character is the backslash."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
