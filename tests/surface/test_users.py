"""/user_management/users"""

from __future__ import annotations

from tests.builders import create_user
from tests.conftest import Client
from tests.surface.cases import Refusal, case, invalid, refusals, refused, unknown
from tests.surface.world import World

USERS = "/user_management/users"
LONG = "x" * 601


@case("POST /user_management/users", 201)
@case("GET /user_management/users/{id}", 200)
@case("GET /user_management/users/external_id/{external_id}", 200)
def test_a_user_is_created_and_found_by_both_ids(client: Client) -> None:
    user = create_user(client, name="Ada Lovelace", external_id="crm-1", metadata={"plan": "pro"})
    assert client.get(f"{USERS}/{user['id']}").json() == user
    assert client.get(f"{USERS}/external_id/crm-1").json() == user


@case("GET /user_management/users", 200)
def test_users_are_found_by_address_and_organization(world: World) -> None:
    world.prepare("membership_id", "other_user_id")
    for query in ({"email": "ADA@example.com"}, {"organization_id": world.organization_id}):
        assert world.client.get(USERS, params=query).json()["data"] == [world.user]


@case("PUT /user_management/users/{id}", 200)
def test_a_user_is_changed(world: World) -> None:
    changes = {"first_name": "Augusta", "locale": "en-GB", "metadata": {"plan": "free"}, "external_id": None}
    changed = world.client.put(f"{USERS}/{world.user_id}", json=changes).json()
    assert changes.items() <= changed.items()
    assert world.client.get(f"{USERS}/{world.user_id}").json() == changed


@case("DELETE /user_management/users/{id}", 200)
def test_a_deleted_user_is_gone(world: World) -> None:
    assert world.client.delete(f"{USERS}/{world.user_id}").content == b""
    assert world.client.get(f"{USERS}/{world.user_id}").status_code == 404


BCRYPT = "$2b$04$abcdefghijklmnopqrstuuG6E6dmbQ1ZjyU9b1wqVJk0m3hJ1mD0y"


@refusals(
    invalid("POST /user_management/users", json={}),
    invalid("POST /user_management/users", json={"email": "nobody"}),
    refused(
        "POST /user_management/users", 400, "user_creation_error", json={"email": "ada@example.com"}, given=World.user
    ),
    refused(
        "POST /user_management/users", 400, "invalid_metadata", json={"email": "a@b.example", "metadata": {"a": LONG}}
    ),
    refused(
        "POST /user_management/users", 400, "password_strength_error", json={"email": "a@b.example", "password": "pw"}
    ),
    refused(
        "POST /user_management/users",
        400,
        "password_and_password_hash_provided",
        json={
            "email": "a@b.example",
            "password": "correct-horse",
            "password_hash": BCRYPT,
            "password_hash_type": "bcrypt",
        },
    ),
    refused(
        "POST /user_management/users",
        400,
        "invalid_password_hash",
        json={"email": "a@b.example", "password_hash": "no hash", "password_hash_type": "bcrypt"},
    ),
    unknown("GET /user_management/users/{id}"),
    unknown("GET /user_management/users/external_id/{external_id}"),
    unknown("PUT /user_management/users/{id}"),
    unknown("DELETE /user_management/users/{id}"),
    invalid("GET /user_management/users", query={"limit": 0}),
    invalid("PUT /user_management/users/{id}", id=World.user_id, json={"metadata": 1}),
    refused(
        "PUT /user_management/users/{id}",
        400,
        "email_already_verified",
        id=World.user_id,
        json={"email_verified": False},
    ),
    refused("PUT /user_management/users/{id}", 400, "invalid_email", id=World.user_id, json={"email": "nobody"}),
    refused("PUT /user_management/users/{id}", 400, "invalid_locale", id=World.user_id, json={"locale": "?"}),
    refused(
        "PUT /user_management/users/{id}", 400, "password_strength_error", id=World.user_id, json={"password": "pw"}
    ),
    refused(
        "PUT /user_management/users/{id}",
        400,
        "email_not_available",
        id=World.user_id,
        json={"email": "grace@example.com"},
        given=World.other_user,
    ),
    refused(
        "PUT /user_management/users/{id}",
        400,
        "external_id_already_used",
        id=World.user_id,
        json={"external_id": "crm-2"},
        given=World.other_user,
    ),
)
def test_it_is_refused(refusal: Refusal, world: World) -> None:
    refusal.check(world)
