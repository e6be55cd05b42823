"""/user_management/organization_memberships"""

from __future__ import annotations

import pytest

from tests.organization_builders import add_member
from tests.surface.cases import Refusal, case, invalid, refusals, refused, unknown
from tests.surface.world import World

MEMBERSHIPS = "/user_management/organization_memberships"


@case("POST /user_management/organization_memberships", 201)
@case("GET /user_management/organization_memberships/{id}", 200)
def test_a_user_becomes_a_member(world: World) -> None:
    membership = add_member(world.client, world.user, world.organization, role_slug=world.role)
    assert membership["role"] == {"slug": "editor"}
    assert world.client.get(f"{MEMBERSHIPS}/{membership['id']}").json() == membership


@case("GET /user_management/organization_memberships", 200)
def test_memberships_are_found_by_user_organization_and_status(world: World) -> None:
    world.prepare("membership_id", "pending_membership_id")

    def found(**query: object) -> list[str]:
        listed = world.client.get(MEMBERSHIPS, params={"organization_id": world.organization_id, **query}).json()
        return [membership["id"] for membership in listed["data"]]

    assert found() == [world.membership_id]
    assert found(user_id=world.other_user_id) == []
    assert found(statuses="pending") == [world.pending_membership_id]
    assert found(statuses=["pending", "active"], order="asc") == [world.membership_id, world.pending_membership_id]


@case("PUT /user_management/organization_memberships/{id}", 200)
def test_a_member_gets_another_role(world: World) -> None:
    membership = f"{MEMBERSHIPS}/{world.membership_id}"
    changed = world.client.put(membership, json={"role_slug": world.organization_role}).json()
    assert changed["role"] == {"slug": "org-editor"}
    assert world.client.get(membership).json() == changed


@case("PUT /user_management/organization_memberships/{id}/deactivate", 200)
@case("PUT /user_management/organization_memberships/{id}/reactivate", 200)
@pytest.mark.parametrize(("change", "status"), [("deactivate", "inactive"), ("reactivate", "active")])
def test_a_member_rests_and_returns(world: World, change: str, status: str) -> None:
    membership = f"{MEMBERSHIPS}/{world.membership_id}"
    assert world.client.put(f"{membership}/deactivate").json()["status"] == "inactive"
    assert world.client.put(f"{membership}/reactivate").json()["status"] == "active"
    assert world.client.put(f"{membership}/{change}").json()["status"] == status
    assert world.client.get(membership).json()["status"] == status


@case("DELETE /user_management/organization_memberships/{id}", 200)
def test_a_deleted_membership_is_gone(world: World) -> None:
    membership = f"{MEMBERSHIPS}/{world.membership_id}"
    world.client.delete(membership).raise_for_status()
    assert world.client.get(membership).status_code == 404


PAIR = {"user_id": World.user_id, "organization_id": World.organization_id}


@refusals(
    invalid(f"POST {MEMBERSHIPS}", json={}),
    invalid(f"POST {MEMBERSHIPS}", json={**PAIR, "role_slug": "member", "role_slugs": ["member"]}),
    refused(f"POST {MEMBERSHIPS}", 422, "invalid_role", json={**PAIR, "role_slug": "unknown"}),
    refused(f"POST {MEMBERSHIPS}", 422, "multiple_roles_not_enabled", json={**PAIR, "role_slugs": ["a", "b"]}),
    refused(f"POST {MEMBERSHIPS}", 404, "entity_not_found", json={**PAIR, "user_id": "missing"}),
    refused(f"POST {MEMBERSHIPS}", 404, "entity_not_found", json={**PAIR, "organization_id": "missing"}),
    refused(
        f"POST {MEMBERSHIPS}",
        409,
        "organization_membership_already_exists",
        json=PAIR,
        given=World.membership_id,
    ),
    refused(
        f"POST {MEMBERSHIPS}",
        400,
        "cannot_reactivate_pending_organization_membership",
        json={"user_id": World.other_user_id, "organization_id": World.organization_id},
        given=World.pending_membership_id,
    ),
    refused(f"GET {MEMBERSHIPS}", 400, "missing_user_id_or_organization_id"),
    refused(
        f"GET {MEMBERSHIPS}", 400, "invalid_request_parameters", query={"user_id": World.user_id, "statuses": "gone"}
    ),
    refused(f"GET {MEMBERSHIPS}", 404, "entity_not_found", query={"user_id": "missing"}),
    invalid(f"GET {MEMBERSHIPS}", query={"user_id": World.user_id, "limit": 0}),
    unknown(f"GET {MEMBERSHIPS}/{{id}}"),
    unknown(f"DELETE {MEMBERSHIPS}/{{id}}"),
    unknown(f"PUT {MEMBERSHIPS}/{{id}}"),
    invalid(f"PUT {MEMBERSHIPS}/{{id}}", id=World.membership_id, json={"role_slug": 1}),
    refused(f"PUT {MEMBERSHIPS}/{{id}}", 422, "invalid_role", id=World.membership_id, json={"role_slug": "unknown"}),
    unknown(f"PUT {MEMBERSHIPS}/{{id}}/deactivate"),
    unknown(f"PUT {MEMBERSHIPS}/{{id}}/reactivate"),
    refused(
        f"PUT {MEMBERSHIPS}/{{id}}/deactivate",
        400,
        "cannot_deactivate_pending_organization_membership",
        id=World.pending_membership_id,
    ),
    refused(
        f"PUT {MEMBERSHIPS}/{{id}}/reactivate",
        400,
        "cannot_reactivate_pending_organization_membership",
        id=World.pending_membership_id,
    ),
)
def test_it_is_refused(refusal: Refusal, world: World) -> None:
    refusal.check(world)
