"""What is kept, and when it goes.

Codes, tokens, flows and sessions go a day of real time after they were spent, have ended or would have expired, and
only beyond the latest 1,000 of their kind: a test that moves the clock finds them as it left them. Mails and events go
beyond the newest so many, which settings say. All go in small batches while others of their kind come, so that no call
waits.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from mockserver.core.clock import LATEST_MS, real_ms, to_ms
from mockserver.core.schema import Model
from mockserver.core.statements import Query, Statement

if TYPE_CHECKING:
    from mockserver.core.environment import Environment

KEPT = 1000
DAY_MS = 86_400_000
EVERY = 64  # so many come between two sweeps
BATCH = 128  # so many go at most in one: more than come, and well below a millisecond


def a_day_on() -> int:
    """When what is spent now may go, in milliseconds of real time."""
    return real_ms() + DAY_MS


def goes_ms(env: Environment, item: Any) -> int:
    """When it may go that is stored now; never by itself what neither has been spent nor expires."""
    if is_over(item, env.clock.now()):
        return a_day_on()
    expires_at = getattr(item, "expires_at", None)
    return LATEST_MS if expires_at is None else a_day_on() + to_ms(expires_at) - env.clock.now_ms()


def is_over(item: Any, now: str) -> bool:
    """Whether it is of no more use than to say so."""
    fields = item.__struct_fields__
    ends = [field for field in ("consumed_at", "exchanged_at", "ended_at") if field in fields]
    if any(getattr(item, field) is not None for field in ends):
        return True
    return bool(item.expires_at <= now) if "expires_at" in fields else not ends


def sweep(env: Environment, model: type[Model]) -> None:
    """Deletes the oldest of what may go."""
    now_ms, now = real_ms(), env.clock.now()
    index, due, is_beyond = _statements(model)
    env.execute(index)
    items = env.all(due, now_ms=now_ms)
    if not items or not env.db.rows(is_beyond):
        return
    for item in items:
        if is_over(item, now):
            env.db.delete(item)
        else:  # The clock has been set back, or stands still.
            env.db.update(item, {"goes_ms": now_ms + DAY_MS})


@cache
def _statements(model: type[Any]) -> tuple[Statement, Query[Any], Statement]:
    """What makes the index, what may go, and whether there are so many that a whole batch is beyond the latest.

    Only the first sweep makes the index: few environments ever need it, and all would pay 2 KiB for each kind.
    """
    column = model.table.c.goes_ms
    table = model.table.name
    make_index = Statement(sa.text(f"CREATE INDEX IF NOT EXISTS {table}_by_{column.name} ON {table} ({column.name})"))
    due = Query(model, column <= sa.bindparam("now_ms"), order_by=(column,), limit=BATCH)
    return make_index, due, Statement(sa.select(column).order_by(column.desc()).limit(1).offset(KEPT + BATCH - 1))


def keep_newest(env: Environment, model: type[Model], kept: int) -> None:
    """After an insertion: deletes the oldest beyond so many, and a few of them later than it might. 0 keeps all."""
    if kept == 0 or not env.is_turn_of(model, max(1, min(EVERY, kept // 16))):
        return
    count, drop = _oldest(model)
    ((number,),) = env.db.rows(count)
    if number > kept:
        env.execute(drop, number=min(number - kept, BATCH))


@cache
def _oldest(model: type[Any]) -> tuple[Statement, Statement]:
    id = model.table.c.id
    oldest = sa.select(id).order_by(id).limit(sa.bindparam("number", type_=sa.Integer))
    return Statement(sa.select(sa.func.count()).select_from(model.table)), Statement(
        sa.delete(model.table).where(id.in_(oldest))
    )
