"""API keys of organizations and users"""

from __future__ import annotations

from tests.surface.cases import Refusal, case, invalid, refusals, refused, unknown, without_key
from tests.surface.world import World

SOON = "2099-01-01T00:00:00.000Z"


@case("POST /organizations/{organizationId}/api_keys", 201)
@case("GET /organizations/{organizationId}/api_keys", 200)
def test_an_organization_gets_a_key(world: World) -> None:
    keys = f"/organizations/{world.organization_id}/api_keys"
    made = world.made(keys, name="CI", permissions=[world.permission], expires_at=SOON)
    (shown,) = world.client.get(keys).json()["data"]
    assert made == {**shown, "value": made["value"]}
    assert (shown["permissions"], shown["expires_at"]) == (["posts:read"], SOON)


@case("POST /user_management/users/{userId}/api_keys", 201)
@case("GET /user_management/users/{userId}/api_keys", 200)
def test_a_member_gets_a_key(world: World) -> None:
    world.prepare("membership_id")
    keys = f"/user_management/users/{world.user_id}/api_keys"
    made = world.made(keys, name="CLI", organization_id=world.organization_id)
    (shown,) = world.client.get(keys, params={"organization_id": world.organization_id}).json()["data"]
    assert made == {**shown, "value": made["value"]}
    other = {"organization_id": world.other_organization_id}
    assert world.client.get(keys, params=other).json()["data"] == []


@case("POST /api_keys/validations", 200)
@case("POST /api_keys/{id}/expire", 200)
def test_a_key_is_valid_until_it_expires(world: World) -> None:
    def validated() -> object:
        return world.made("/api_keys/validations", value=world.api_key["value"])["api_key"]

    assert world.made("/api_keys/validations", value="sk_unknown") == {"api_key": None}
    assert validated()["id"] == world.api_key_id  # type: ignore[index]
    expired = world.made(f"/api_keys/{world.api_key_id}/expire")
    assert validated() is None
    assert world.client.get(f"/organizations/{world.organization_id}/api_keys").json()["data"] == [expired]


@case("DELETE /api_keys/{id}", 204)
def test_a_deleted_key_is_gone(world: World) -> None:
    world.client.delete(f"/api_keys/{world.api_key_id}").raise_for_status()
    assert world.client.get(f"/organizations/{world.organization_id}/api_keys").json()["data"] == []


def expire(world: World) -> None:
    world.made(f"/api_keys/{world.api_key_id}/expire")


OF_ACME = {"organizationId": World.organization_id}
OF_ADA = {"userId": World.user_id}
KEYS_OF_USER = "/user_management/users/{userId}/api_keys"
KEYS_OF_ORGANIZATION = "/organizations/{organizationId}/api_keys"


@refusals(
    without_key("POST /api_keys/validations"),
    invalid("POST /api_keys/validations", json={}),
    unknown("DELETE /api_keys/{id}"),
    unknown("POST /api_keys/{id}/expire"),
    invalid("POST /api_keys/{id}/expire", id=World.api_key_id, json={"expires_at": "some day"}),
    refused("POST /api_keys/{id}/expire", 409, "api_key_already_expired", id=World.api_key_id, given=expire),
    unknown(f"GET {KEYS_OF_ORGANIZATION}"),
    refused(f"POST {KEYS_OF_ORGANIZATION}", 404, "entity_not_found", json={"name": "CI"}),
    invalid(f"POST {KEYS_OF_ORGANIZATION}", **OF_ACME, json={}),
    unknown(f"GET {KEYS_OF_USER}"),
    refused(
        f"POST {KEYS_OF_USER}",
        404,
        "entity_not_found",
        json={"name": "CLI", "organization_id": World.organization_id},
    ),
    invalid(f"POST {KEYS_OF_USER}", **OF_ADA, json={}),
    refused(f"POST {KEYS_OF_USER}", 400, **OF_ADA, json={"name": "CLI", "organization_id": World.organization_id}),
)
def test_it_is_refused(refusal: Refusal, world: World) -> None:
    refusal.check(world)
