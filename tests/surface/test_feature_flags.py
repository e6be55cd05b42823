"""/feature-flags, and the flags of a user and of an organization"""

from __future__ import annotations

import pytest

from tests.surface.cases import Refusal, case, invalid, refusals, refused, unknown
from tests.surface.world import World


def flags(world: World, path: str = "/feature-flags") -> list[str]:
    return [flag["slug"] for flag in world.client.get(path).json()["data"]]


@case("GET /feature-flags", 200)
@case("GET /feature-flags/{slug}", 200)
def test_a_flag_is_listed_and_shown(world: World) -> None:
    shown = world.client.get(f"/feature-flags/{world.flag}").json()
    assert world.client.get("/feature-flags").json()["data"] == [shown]


@case("PUT /feature-flags/{slug}/disable", 200)
@case("PUT /feature-flags/{slug}/enable", 200)
def test_a_flag_is_switched(world: World) -> None:
    for switch, enabled in (("disable", False), ("enable", True)):
        changed = world.client.put(f"/feature-flags/{world.flag}/{switch}").json()
        assert changed["enabled"] is enabled
        assert world.client.get(f"/feature-flags/{world.flag}").json() == changed


@case("POST /feature-flags/{slug}/targets/{resourceId}", 204)
@case("DELETE /feature-flags/{slug}/targets/{resourceId}", 204)
@case("GET /user_management/users/{userId}/feature-flags", 200)
def test_a_flag_is_on_for_a_user(world: World) -> None:
    target = f"/feature-flags/{world.flag}/targets/{world.user_id}"
    of_user = f"/user_management/users/{world.user_id}/feature-flags"
    assert flags(world, of_user) == []
    world.client.post(target).raise_for_status()
    assert flags(world, of_user) == [world.flag]
    world.client.delete(target).raise_for_status()
    assert flags(world, of_user) == []


@case("POST /feature-flags/{slug}/targets/{resourceId}", 204)
@case("GET /organizations/{organizationId}/feature-flags", 200)
def test_a_flag_is_on_for_an_organization(world: World) -> None:
    world.client.post(f"/feature-flags/{world.flag}/targets/{world.organization_id}").raise_for_status()
    assert flags(world, f"/organizations/{world.organization_id}/feature-flags") == [world.flag]


TARGET = "/feature-flags/{slug}/targets/{resourceId}"


@refusals(
    invalid("GET /feature-flags", query={"limit": 0}),
    unknown("GET /feature-flags/{slug}"),
    unknown("PUT /feature-flags/{slug}/disable"),
    unknown("PUT /feature-flags/{slug}/enable"),
    unknown(f"POST {TARGET}"),
    unknown(f"DELETE {TARGET}"),
    refused(f"POST {TARGET}", 404, "entity_not_found", slug=World.flag, resourceId="user_missing"),
    refused(f"DELETE {TARGET}", 404, "entity_not_found", slug=World.flag, resourceId=World.user_id),
    unknown("GET /user_management/users/{userId}/feature-flags"),
    unknown("GET /organizations/{organizationId}/feature-flags"),
)
def test_it_is_refused(refusal: Refusal, world: World) -> None:
    refusal.check(world)


@case("POST /feature-flags/{slug}/targets/{resourceId}", 400)
@case("DELETE /feature-flags/{slug}/targets/{resourceId}", 400)
@pytest.mark.parametrize("id", ["42", "event_01H"])
def test_a_target_is_a_user_or_an_organization(world: World, id: str) -> None:
    target = f"/feature-flags/{world.flag}/targets/{id}"
    assert [world.client.request(method, target).status_code for method in ("POST", "DELETE")] == [400, 400]
