"""What goes out by mail: verifications, changes of address, Magic Auth codes, password resets"""

from __future__ import annotations

from tests.builders import create_magic_auth, create_password_reset, wrong
from tests.conftest import Client
from tests.surface.cases import Refusal, case, invalid, refusals, refused, unknown
from tests.surface.world import World

USERS = "/user_management/users"


@case("POST /user_management/users/{id}/email_verification/send", 200)
@case("POST /user_management/users/{id}/email_verification/confirm", 200)
@case("GET /user_management/email_verification/{id}", 200)
def test_an_address_is_verified_by_a_mailed_code(world: World) -> None:
    user = f"{USERS}/{world.unverified_user_id}"
    assert world.client.post(f"{user}/email_verification/send").json()["user"]["email_verified"] is False
    (verification,) = world.client.get("/_emulate/state").json()["emailVerifications"]
    shown = world.client.get(f"/user_management/email_verification/{verification['id']}").json()
    assert shown["code"] == world.client.latest_message("alan@example.com")["code"]
    confirmed = world.client.post(f"{user}/email_verification/confirm", json={"code": shown["code"]}).json()["user"]
    assert confirmed["email_verified"] is True
    assert world.client.get(user).json() == confirmed


@case("POST /user_management/users/{id}/email_change/send", 200)
@case("POST /user_management/users/{id}/email_change/confirm", 200)
def test_an_address_is_changed_by_a_mailed_code(world: World) -> None:
    user = f"{USERS}/{world.user_id}"
    sent = world.client.post(f"{user}/email_change/send", json={"new_email": "new@example.com"}).json()
    assert (sent["new_email"], sent["user"]) == ("new@example.com", world.user)
    code = world.client.latest_message("new@example.com")["code"]
    confirmed = world.client.post(f"{user}/email_change/confirm", json={"code": code}).json()["user"]
    assert confirmed["email"] == "new@example.com"
    assert world.client.get(user).json() == confirmed


@case("POST /user_management/magic_auth", 201)
@case("GET /user_management/magic_auth/{id}", 200)
def test_a_magic_auth_code_is_created(client: Client) -> None:
    magic_auth = create_magic_auth(client)
    assert client.get(f"/user_management/magic_auth/{magic_auth['id']}").json() == magic_auth


@case("POST /user_management/password_reset", 201)
@case("GET /user_management/password_reset/{id}", 200)
@case("POST /user_management/password_reset/confirm", 200)
def test_a_password_is_reset(world: World) -> None:
    world.prepare("user")
    reset = create_password_reset(world.client)
    assert world.client.get(f"/user_management/password_reset/{reset['id']}").json() == reset
    body = {"token": reset["password_reset_token"], "new_password": "another-horse-battery"}
    confirmed = world.client.post("/user_management/password_reset/confirm", json=body).json()["user"]
    assert world.client.get(f"{USERS}/{world.user_id}").json() == confirmed
    assert world.client.authenticate("password", email=world.user["email"], password=body["new_password"]).is_success


def send_verification(world: World) -> str:
    world.client.post(f"{USERS}/{world.unverified_user_id}/email_verification/send").raise_for_status()
    return str(world.client.latest_message("alan@example.com")["code"])


def verify(world: World) -> None:
    confirm = f"{USERS}/{world.unverified_user_id}/email_verification/confirm"
    world.client.post(confirm, json={"code": send_verification(world)}).raise_for_status()


def send_change(world: World) -> str:
    change = {"new_email": "new@example.com"}
    world.client.post(f"{USERS}/{world.user_id}/email_change/send", json=change).raise_for_status()
    return str(world.client.latest_message("new@example.com")["code"])


def let_change_expire(world: World) -> None:
    world.client.change_settings(fixed_codes={"new@example.com": "123456"})
    send_change(world)
    world.client.advance(3600)


def try_change_too_often(world: World) -> None:
    code = wrong(send_change(world))
    for _ in range(10):
        world.client.post(f"{USERS}/{world.user_id}/email_change/confirm", json={"code": code})


def close_password(world: World) -> None:
    world.client.change_settings(methods=["magic_auth"])


def close_sign_up(world: World) -> None:
    world.client.change_settings(sign_up="closed")


def close_magic_auth(world: World) -> None:
    world.client.change_settings(methods=["password"])


@refusals(
    unknown("GET /user_management/email_verification/{id}"),
    unknown("POST /user_management/users/{id}/email_verification/send"),
    refused(
        "POST /user_management/users/{id}/email_verification/send", 400, "email_already_verified", id=World.user_id
    ),
    refused(
        "POST /user_management/users/{id}/email_verification/confirm", 404, "entity_not_found", json={"code": "123456"}
    ),
    invalid("POST /user_management/users/{id}/email_verification/confirm", id=World.unverified_user_id, json={}),
    refused(
        "POST /user_management/users/{id}/email_verification/confirm",
        400,
        "email_verification_code_incorrect",
        id=World.unverified_user_id,
        json={"code": "no code"},
        given=send_verification,
    ),
    refused(
        "POST /user_management/users/{id}/email_verification/confirm",
        400,
        "email_previously_verified",
        id=World.unverified_user_id,
        json={"code": "no code"},
        given=verify,
    ),
    refused(
        "POST /user_management/users/{id}/email_change/send", 404, "entity_not_found", json={"new_email": "a@b.example"}
    ),
    invalid("POST /user_management/users/{id}/email_change/send", id=World.user_id, json={}),
    refused(
        "POST /user_management/users/{id}/email_change/send",
        422,
        "invalid_email",
        id=World.user_id,
        json={"new_email": "?"},
    ),
    refused(
        "POST /user_management/users/{id}/email_change/send",
        409,
        "email_change_not_needed",
        id=World.user_id,
        json={"new_email": "ada@example.com"},
    ),
    refused(
        "POST /user_management/users/{id}/email_change/send",
        409,
        "email_not_available",
        id=World.user_id,
        json={"new_email": "grace@example.com"},
        given=World.other_user,
    ),
    refused("POST /user_management/users/{id}/email_change/confirm", 404, "entity_not_found", json={"code": "123456"}),
    invalid("POST /user_management/users/{id}/email_change/confirm", id=World.user_id, json={}),
    refused(
        "POST /user_management/users/{id}/email_change/confirm",
        409,
        "no_pending_email_change",
        id=World.user_id,
        json={"code": "123456"},
    ),
    refused(
        "POST /user_management/users/{id}/email_change/confirm",
        400,
        "email_change_code_incorrect",
        id=World.user_id,
        json={"code": "no code"},
        given=send_change,
    ),
    refused(
        "POST /user_management/users/{id}/email_change/confirm",
        400,
        "email_change_code_expired",
        id=World.user_id,
        json={"code": "123456"},
        given=let_change_expire,
    ),
    refused(
        "POST /user_management/users/{id}/email_change/confirm",
        429,
        "email_change_too_many_attempts",
        id=World.user_id,
        json={"code": "no code"},
        given=try_change_too_often,
    ),
    unknown("GET /user_management/magic_auth/{id}"),
    invalid("POST /user_management/magic_auth", json={}),
    refused(
        "POST /user_management/magic_auth",
        400,
        "sign_up_not_allowed",
        json={"email": "a@b.example"},
        given=close_sign_up,
    ),
    refused(
        "POST /user_management/magic_auth",
        400,
        "authentication_method_not_allowed",
        json={"email": "a@b.example"},
        given=close_magic_auth,
    ),
    refused(
        "POST /user_management/magic_auth",
        400,
        "invitation_invalid",
        json={"email": "a@b.example", "invitation_token": "unknown"},
    ),
    unknown("GET /user_management/password_reset/{id}"),
    invalid("POST /user_management/password_reset", json={}),
    refused("POST /user_management/password_reset", 404, "entity_not_found", json={"email": "a@b.example"}),
    refused(
        "POST /user_management/password_reset",
        403,
        "email_password_auth_disabled",
        json={"email": "a@b.example"},
        given=close_password,
    ),
    invalid("POST /user_management/password_reset/confirm", json={"token": "unknown"}),
    refused(
        "POST /user_management/password_reset/confirm",
        404,
        "password_reset_token_not_found",
        json={"token": "unknown", "new_password": "correct-horse"},
    ),
    refused(
        "POST /user_management/password_reset/confirm",
        403,
        "email_password_auth_disabled",
        json={"token": "unknown", "new_password": "correct-horse"},
        given=close_password,
    ),
)
def test_it_is_refused(refusal: Refusal, world: World) -> None:
    refusal.check(world)


@case("POST /user_management/password_reset/confirm", 400)
def test_a_weak_password_is_refused(world: World) -> None:
    world.prepare("user")
    body = {"token": create_password_reset(world.client)["password_reset_token"], "new_password": "pw"}
    answer = world.client.post("/user_management/password_reset/confirm", json=body).json()
    assert (answer["code"], answer["errors"][0]["code"]) == ("password_reset_error", "password_too_short")
