"""GET /events"""

from __future__ import annotations

from tests.surface.cases import Refusal, case, invalid, refusals, refused
from tests.surface.world import World

LATER = "2035-01-01T00:00:00.000Z"


@case("GET /events", 200)
def test_what_happens_is_told_oldest_first(world: World) -> None:
    world.prepare("user", "membership_id")
    names = ["user.created", "organization.created", "organization_membership.created"]
    told = world.client.get("/events", params={"events": names}).json()["data"]
    assert [event["event"] for event in told] == names
    assert told[0]["data"] == world.user


@case("GET /events", 200)
def test_events_are_found_by_organization_and_moment(world: World) -> None:
    world.prepare("organization_id", "other_organization_id")
    query = {"events": "organization.created", "organization_id": world.organization_id}
    (event,) = world.client.get("/events", params={**query, "range_end": LATER}).json()["data"] or [None]
    assert event is None or event["data"]["id"] == world.organization_id
    assert world.client.get("/events", params={**query, "range_start": LATER}).json()["data"] == []


@refusals(
    invalid("GET /events"),
    invalid("GET /events", query={"events": "user.exploded"}),
    invalid("GET /events", query={"events": "user.created", "range_start": "yesterday"}),
    refused(
        "GET /events",
        400,
        "invalid_request_parameters",
        query={"events": "user.created", "range_start": LATER, "after": "event_1"},
    ),
)
def test_it_is_refused(refusal: Refusal, world: World) -> None:
    refusal.check(world)
