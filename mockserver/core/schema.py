"""Models: a Struct whose fields are the columns of a table."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

import msgspec
import sqlalchemy as sa

from mockserver.core.errors import JSON
from mockserver.core.hints import resolved

metadata = sa.MetaData()

_TYPES: dict[object, type[sa.types.TypeEngine[Any]]] = {
    str: sa.Text,
    int: sa.BigInteger,
    bool: sa.Boolean,
    dict: sa.JSON,
    list: sa.JSON,
}


GOES_MS = "goes_ms"


class Model(msgspec.Struct):
    """One stored object. The first field, `id`, is the key unless `@stored` names another.

    One with a field GOES_MS is fleeting: that is when it may go (see `retention`), which nobody is shown.
    """

    table: ClassVar[sa.Table]
    label: ClassVar[str]
    prefix: ClassVar[str]
    is_fleeting: ClassVar[bool] = False

    def shown(self) -> JSON:
        """The object as the API answers it."""
        raise NotImplementedError


M = TypeVar("M", bound=Model)


def stored(
    name: str,
    *,
    label: str = "",
    prefix: str = "",
    key: str = "id",
    references: Mapping[str, str] | None = None,
    unique: Sequence[tuple[str, ...]] = (),
    indexes: Sequence[tuple[str, ...]] = (),
    names_environment: bool = False,
) -> Callable[[type[M]], type[M]]:
    """Gives a model its table.

    `label` is the name in "… not found" messages, `prefix` that of its ids. `references` maps a column to the
    `table.column` whose deletion deletes this row too. `names_environment`: by the key alone a call finds its
    environment (see `addresses`); such a model has `expires_at`.
    """

    def give_table(model: type[M]) -> type[M]:
        references_of = references or {}
        columns = [
            _column(field, hint, primary_key=field == key, reference=references_of.get(field))
            for field, hint in _hints(model).items()
        ]
        model.is_fleeting = GOES_MS in model.__struct_fields__
        model.table = sa.Table(
            name,
            metadata,
            *columns,
            *[sa.UniqueConstraint(*columns_of, name=f"{name}_{'_'.join(columns_of)}") for columns_of in unique],
            *[sa.Index(f"{name}_by_{'_'.join(columns_of)}", *columns_of) for columns_of in indexes],
            info={"names_environment": True} if names_environment else {},
            sqlite_with_rowid=False,
        )
        model.label = label
        model.prefix = prefix
        return model

    return give_table


def _hints(model: type[Model]) -> dict[str, Any]:
    """Those of the columns, inherited ones included."""
    hints: dict[str, Any] = {}
    for owner in reversed(model.__mro__):
        annotations = vars(owner).get("__annotations__", {})
        hints |= {name: (text, owner.__module__) for name, text in annotations.items()}
    return {field: resolved(*hints[field]) for field in model.__struct_fields__}


def _column(field: str, hint: Any, *, primary_key: bool, reference: str | None) -> sa.Column[Any]:
    nullable = False
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        nullable = type(None) in typing.get_args(hint)
        (hint,) = [option for option in typing.get_args(hint) if option is not type(None)]
    column_type = _TYPES[typing.get_origin(hint) or hint]
    foreign_key = [sa.ForeignKey(reference, ondelete="CASCADE")] if reference else []
    return sa.Column(field, column_type, *foreign_key, primary_key=primary_key, nullable=nullable)
