"""GET /events."""

from __future__ import annotations

from msgspec import field

from mockserver.core.environment import Environment
from mockserver.core.pagination import Page, Pagination
from mockserver.core.routing import get
from mockserver.events import service
from mockserver.events.models import Event


class EventsQuery(Pagination, kw_only=True):
    events: list[str] = field(default_factory=list)
    organization_id: str | None = None
    range_start: str | None = None
    range_end: str | None = None


@get("/events")
def list_events(env: Environment, query: EventsQuery) -> Page[Event]:
    return service.list_events(
        env,
        query.events,
        query,
        organization_id=query.organization_id,
        range_start=query.range_start,
        range_end=query.range_end,
    )
