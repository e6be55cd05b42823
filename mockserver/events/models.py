"""An event: a snapshot of what changed, taken in the transaction that changed it."""

from __future__ import annotations

from mockserver.core.errors import JSON
from mockserver.core.schema import Model, stored


@stored(
    "events",
    label="Event",
    prefix="event",
    indexes=[("event", "id"), ("organization_id", "event", "id")],
)
class Event(Model):
    id: str
    event: str
    data: dict  # type: ignore[type-arg]  # the column's type; its content differs per event
    organization_id: str | None
    created_at: str
    context: dict  # type: ignore[type-arg]  # the same

    def shown(self) -> JSON:
        return {
            "object": "event",
            "id": self.id,
            "event": self.event,
            "data": self.data,
            "created_at": self.created_at,
            "context": self.context,
        }
