"""/auth/factors, /auth/challenges and a user's factors"""

from __future__ import annotations

import pytest

from tests.builders import challenge_factor, enroll_totp, totp_code, wrong
from tests.conftest import Client
from tests.surface.cases import Refusal, case, invalid, refusals, refused, unknown
from tests.surface.world import World


@case("POST /user_management/users/{userlandUserId}/auth_factors", 201)
@case("GET /user_management/users/{userlandUserId}/auth_factors", 200)
@case("GET /auth/factors/{id}", 200)
def test_a_users_factor_is_enrolled(world: World) -> None:
    enrolled = enroll_totp(world.client, world.user_id)["authentication_factor"]
    shown = world.client.get(f"/auth/factors/{enrolled['id']}").json()
    assert shown["user_id"] == world.user_id
    assert world.client.get(f"/user_management/users/{world.user_id}/auth_factors").json()["data"] == [shown]


@case("POST /auth/factors/enroll", 201)
@pytest.mark.parametrize(
    "members",
    [
        {"type": "totp", "totp_issuer": "Acme", "totp_user": "ada@example.com"},
        {"type": "sms", "phone_number": "+15005550006"},
        {"type": "generic_otp"},
    ],
    ids=lambda members: members["type"],
)
def test_a_factor_without_a_user_is_enrolled(client: Client, members: dict[str, str]) -> None:
    enrolled = client.post("/auth/factors/enroll", json=members).json()
    shown = client.get(f"/auth/factors/{enrolled['id']}").json()
    assert (shown["id"], shown["type"]) == (enrolled["id"], members["type"])


@case("POST /auth/factors/{id}/challenge", 201)
@case("POST /auth/challenges/{id}/verify", 201)
def test_a_challenge_is_verified_once(world: World) -> None:
    code = totp_code(world.client, world.factor["totp"]["secret"])
    verify = f"/auth/challenges/{challenge_factor(world.client, world.factor_id)['id']}/verify"
    assert world.client.post(verify, json={"code": wrong(code)}).json()["valid"] is False
    assert world.client.post(verify, json={"code": code}).json()["valid"] is True
    assert world.client.post(verify, json={"code": code}).status_code == 422


@case("DELETE /auth/factors/{id}", 204)
def test_a_deleted_factor_is_gone(world: World) -> None:
    world.client.delete(f"/auth/factors/{world.factor_id}").raise_for_status()
    assert world.client.get(f"/user_management/users/{world.user_id}/auth_factors").json()["data"] == []


def try_too_often(world: World) -> None:
    for _ in range(10):
        world.client.post(f"/auth/challenges/{world.challenge_id}/verify", json={"code": "no code"})


def let_expire(world: World) -> None:
    world.prepare("challenge_id")
    world.client.advance(3600)


@refusals(
    unknown("GET /auth/factors/{id}"),
    unknown("DELETE /auth/factors/{id}"),
    unknown("POST /auth/factors/{id}/challenge"),
    invalid("POST /auth/factors/{id}/challenge", id=World.factor_id, json={"sms_template": 1}),
    invalid("POST /auth/factors/enroll", json={"type": "telepathy"}),
    invalid("POST /auth/factors/enroll", json={"type": "sms"}),
    refused("POST /auth/challenges/{id}/verify", 404, "entity_not_found", json={"code": "000000"}),
    invalid("POST /auth/challenges/{id}/verify", id=World.challenge_id, json={}),
    refused(
        "POST /auth/challenges/{id}/verify",
        422,
        "authentication_challenge_expired",
        id=World.challenge_id,
        json={"code": "000000"},
        given=let_expire,
    ),
    refused(
        "POST /auth/challenges/{id}/verify",
        400,
        "one_time_code_too_many_attempts",
        id=World.challenge_id,
        json={"code": "000000"},
        given=try_too_often,
    ),
    invalid("POST /user_management/users/{userlandUserId}/auth_factors", userlandUserId=World.user_id, json={}),
    invalid(
        "GET /user_management/users/{userlandUserId}/auth_factors", userlandUserId=World.user_id, query={"limit": 101}
    ),
)
def test_it_is_refused(refusal: Refusal, world: World) -> None:
    refusal.check(world)
