"""/organizations/{organizationId}/groups"""

from __future__ import annotations

from tests.surface.cases import Refusal, case, invalid, refusals, refused, unknown
from tests.surface.world import World

GROUPS = "/organizations/{organizationId}/groups"
GROUP = f"{GROUPS}/{{groupId}}"
MEMBERS = f"{GROUP}/organization-memberships"


@case("POST /organizations/{organizationId}/groups", 201)
@case("GET /organizations/{organizationId}/groups/{groupId}", 200)
@case("PATCH /organizations/{organizationId}/groups/{groupId}", 200)
@case("GET /organizations/{organizationId}/groups", 200)
@case("DELETE /organizations/{organizationId}/groups/{groupId}", 204)
def test_a_group_is_created_changed_and_deleted(world: World) -> None:
    groups = f"/organizations/{world.organization_id}/groups"
    made = world.made(groups, name="Engineering", description="Builders")
    assert world.client.get(f"{groups}/{made['id']}").json() == made
    changed = world.client.patch(f"{groups}/{made['id']}", json={"name": "Builders", "description": None}).json()
    assert (changed["name"], changed["description"]) == ("Builders", None)
    assert world.client.get(groups).json()["data"] == [changed]
    world.client.delete(f"{groups}/{made['id']}").raise_for_status()
    assert world.client.get(groups).json()["data"] == []


@case("POST /organizations/{organizationId}/groups/{groupId}/organization-memberships", 200)
@case("GET /organizations/{organizationId}/groups/{groupId}/organization-memberships", 200)
@case("DELETE /organizations/{organizationId}/groups/{groupId}/organization-memberships/{omId}", 204)
@case("GET /user_management/organization_memberships/{omId}/groups", 200)
def test_a_member_joins_a_group_and_leaves_it(world: World) -> None:
    members = f"/organizations/{world.organization_id}/groups/{world.group_id}/organization-memberships"

    def belonging() -> tuple[list[str], list[str]]:
        groups = world.client.get(f"/user_management/organization_memberships/{world.membership_id}/groups").json()
        joined = world.client.get(members).json()
        return [item["id"] for item in joined["data"]], [item["id"] for item in groups["data"]]

    world.made(members, organization_membership_id=world.membership_id)
    assert belonging() == ([world.membership_id], [world.group_id])
    world.client.delete(f"{members}/{world.membership_id}").raise_for_status()
    assert belonging() == ([], [])


OF_ACME = {"organizationId": World.organization_id}
ENGINEERING = {**OF_ACME, "groupId": World.group_id}
LONG = "x" * 257


@refusals(
    refused(f"POST {GROUPS}", 404, "entity_not_found", json={"name": "Engineering"}),
    invalid(f"POST {GROUPS}", **OF_ACME, json={}),
    refused(f"POST {GROUPS}", 400, "bad_request", **OF_ACME, json={"name": LONG}),
    unknown(f"GET {GROUPS}"),
    unknown(f"GET {GROUP}"),
    refused(f"GET {GROUP}", 404, "entity_not_found", **OF_ACME),
    refused(
        f"GET {GROUP}", 404, "entity_not_found", organizationId=World.other_organization_id, groupId=World.group_id
    ),
    unknown(f"PATCH {GROUP}"),
    invalid(f"PATCH {GROUP}", **ENGINEERING, json={"name": 1}),
    refused(f"PATCH {GROUP}", 400, "bad_request", **ENGINEERING, json={"name": LONG}),
    unknown(f"DELETE {GROUP}"),
    refused(f"POST {MEMBERS}", 404, "entity_not_found", json={"organization_membership_id": "missing"}),
    refused(f"POST {MEMBERS}", 404, "entity_not_found", **ENGINEERING, json={"organization_membership_id": "missing"}),
    invalid(f"POST {MEMBERS}", **ENGINEERING, json={}),
    unknown(f"GET {MEMBERS}"),
    refused(f"DELETE {MEMBERS}/{{omId}}", 404, "entity_not_found", **ENGINEERING, omId=World.membership_id),
    unknown("GET /user_management/organization_memberships/{omId}/groups"),
)
def test_it_is_refused(refusal: Refusal, world: World) -> None:
    refusal.check(world)


@case("POST /organizations/{organizationId}/groups/{groupId}/organization-memberships", 400)
def test_a_member_of_a_thousand_groups_joins_no_other(world: World) -> None:
    groups = [{"name": f"Group {number}", "members": ["ada@example.com"]} for number in range(1000)]
    members = [{"email": "ada@example.com"}]
    world.seed(
        users=[{"email": "ada@example.com"}],
        organizations=[{"name": "Globex", "memberships": members, "groups": groups}],
    )
    organization = world.client.get("/organizations").json()["data"][0]["id"]
    query = {"organization_id": organization}
    (membership,) = world.client.get("/user_management/organization_memberships", params=query).json()["data"]
    group = world.made(f"/organizations/{organization}/groups", name="Another")
    path = f"/organizations/{organization}/groups/{group['id']}/organization-memberships"
    answer = world.client.post(path, json={"organization_membership_id": membership["id"]}).json()
    assert answer["code"] == "group_membership_limit_exceeded"
