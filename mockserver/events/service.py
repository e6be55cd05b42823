"""Recording events and reading them back."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
import sqlalchemy as sa

from mockserver.core.clock import to_ms, to_text
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, ApiError, RequestInvalid, field_error
from mockserver.core.pagination import Listing, Page, Pagination
from mockserver.core.retention import keep_newest
from mockserver.core.schema import Model
from mockserver.events.models import Event
from mockserver.events.names import NAMES

_columns = Event.table.c


class CursorAndRange(ApiError):
    """`after` and `range_start` exclude each other (documented; the status is a guess)."""

    status, code = 400, "invalid_request_parameters"
    message = "Use either after or range_start, not both."


def record(
    env: Environment,
    name: str,
    subject: Model | JSON,
    *,
    organization_id: str | None = None,
    context: JSON | None = None,
) -> None:
    """Keeps the subject as it is now. A model with `event_data` leaves its secrets out there.

    `organization_id` is for what belongs to an organization without saying so in a member of that name.
    """
    if isinstance(subject, Model):
        data = subject.event_data() if hasattr(subject, "event_data") else subject.shown()
    else:
        data = subject
    event_id = env.ids.new(Event.prefix)
    organization_id = organization_id or data.get("organization_id")
    env.insert(Event(event_id, name, data, organization_id, env.clock.now(), context or {}))
    keep_newest(env, Event, env.settings.events_kept)


def list_events(
    env: Environment,
    names: list[str],
    pagination: Pagination,
    *,
    organization_id: str | None,
    range_start: str | None,
    range_end: str | None,
) -> Page[Event]:
    """Oldest first whatever `order` says, as production was seen to do; setting `events_order` honours it.

    The order is that of recording, so that who polls with `after` misses nothing when the clock is set back.
    """
    if not names:
        raise RequestInvalid([field_error("events", "required", "Events must name at least one event.")])
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        raise RequestInvalid([field_error("events", "unknown_event_type", f"Unknown event: '{n}'.") for n in unknown])
    if pagination.after is not None and range_start is not None:
        raise CursorAndRange
    names = sorted(set(names))
    values: dict[str, Any] = {f"name_{index}": name for index, name in enumerate(names)}
    values["names"] = True
    if organization_id is not None:
        values["organization_id"] = organization_id
    if range_start is not None:
        values["range_start"] = _moment("range_start", range_start)
    if range_end is not None:
        values["range_end"] = _moment("range_end", range_end)
    if env.settings.events_order == "asc":
        pagination = msgspec.structs.replace(pagination, order="asc")
    return env.page(_listing(len(names)), pagination, **values)


@cache
def _listing(names: int) -> Listing[Event]:
    has_name = [_columns.event == sa.bindparam(f"name_{index}") for index in range(names)]
    return Listing(
        Event,
        by="id",
        names=has_name if names > 1 else has_name[0],
        organization_id=_columns.organization_id == sa.bindparam("organization_id"),
        range_start=_columns.created_at >= sa.bindparam("range_start"),
        range_end=_columns.created_at < sa.bindparam("range_end"),
    )


def _moment(field: str, text: str) -> str:
    try:
        return to_text(to_ms(text))
    except (ValueError, OverflowError):
        message = f"{field} must be an ISO 8601 moment, for example 2026-01-15T12:00:00.000Z."
        raise RequestInvalid([field_error(field, f"{field}_invalid", message)]) from None
