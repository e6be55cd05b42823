"""Users: created, read, listed, changed and deleted."""

from __future__ import annotations

from datetime import datetime

from workos import BadRequestError, NotFoundError, UnprocessableEntityError
from workos.user_management import PasswordPlaintext
from world import PASSWORD, World, raises

from version_10 import ADA, client_of, create_user, sign_in


def check_create_user(world: World) -> None:
    user = client_of(world).user_management.create_user(
        email=ADA, password=PasswordPlaintext(PASSWORD), first_name="Ada", last_name="Lovelace", email_verified=False
    )
    assert user.id.startswith("user_")
    assert (user.email, user.email_verified) == (ADA, False)
    assert (user.first_name, user.last_name) == ("Ada", "Lovelace")


def check_address_is_taken_once(world: World) -> None:
    client = client_of(world)
    create_user(client)
    with raises(BadRequestError) as refusal:
        create_user(client, "ADA@example.com")
    assert refusal.error.code == "user_creation_error"
    assert [error["code"] for error in refusal.error.errors] == ["email_not_available"]


def check_weak_password_is_refused(world: World) -> None:
    with raises(BadRequestError) as refusal:
        create_user(client_of(world), password=PasswordPlaintext("password"))
    assert refusal.error.code == "password_strength_error"
    assert "password_too_short" in [error["code"] for error in refusal.error.errors]


def check_every_invalid_field_is_named(world: World) -> None:
    with raises(UnprocessableEntityError) as refusal:
        create_user(client_of(world), "", first_name=1)
    assert refusal.error.code == "invalid_request_parameters"
    assert {error["field"] for error in refusal.error.errors} == {"email", "first_name"}


def check_get_user(world: World) -> None:
    client = client_of(world)
    created = create_user(client, external_id="ada-1", metadata={"plan": "pro"})
    user = client.user_management.get_user(created.id)
    assert user.id == created.id
    assert isinstance(user.created_at, datetime)
    assert user.metadata == {"plan": "pro"}
    assert user.last_sign_in_at is None
    assert client.user_management.get_user_by_external_id("ada-1").id == created.id


def check_last_sign_in_shows(world: World) -> None:
    client = client_of(world)
    create_user(client)
    signed_in = sign_in(client).user
    assert isinstance(signed_in.last_sign_in_at, datetime)
    assert client.user_management.get_user(signed_in.id).last_sign_in_at == signed_in.last_sign_in_at


def check_list_users_by_email(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    create_user(client, "grace@example.com")
    page = client.user_management.list_users(email="ada@EXAMPLE.com", limit=10)
    assert [found.id for found in page.auto_paging_iter()] == [user.id]


def check_unknown_organization_has_no_users(world: World) -> None:
    client = client_of(world)
    create_user(client)
    page = client.user_management.list_users(organization_id="org_01HXYZ123456789ABCDEFGHIJ", limit=10)
    assert page.data == []
    assert not page.has_more()


def check_300_users_are_paged(world: World) -> None:
    client = client_of(world)
    made = [client.user_management.create_user(email=f"user-{number}@example.com").id for number in range(300)]
    newest_first = client.user_management.list_users(limit=100).auto_paging_iter()
    assert [user.id for user in newest_first] == made[::-1]
    oldest_first = client.user_management.list_users(limit=7, order="asc").auto_paging_iter()
    assert [user.id for user in oldest_first] == made


def check_page_before(world: World) -> None:
    client = client_of(world)
    made = [client.user_management.create_user(email=f"user-{number}@example.com").id for number in range(6)]
    page = client.user_management.list_users(order="asc", limit=2, before=made[4])
    assert [user.id for user in page.data] == made[2:4]
    assert (page.before, page.after) == (made[2], made[3])


def check_update_user(world: World) -> None:
    client = client_of(world)
    created = create_user(client, email_verified=False, metadata={"plan": "pro", "team": "a"})
    updated = client.user_management.update_user(
        created.id, first_name="Ada", last_name="King", email_verified=True, metadata={"plan": "max"}
    )
    assert (updated.first_name, updated.last_name, updated.email_verified) == ("Ada", "King", True)
    assert updated.metadata == {"plan": "max", "team": "a"}
    assert updated.updated_at >= created.updated_at


def check_update_password(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    client.user_management.update_user(user.id, password=PasswordPlaintext("new-secure-password"))
    with raises(BadRequestError) as refusal:
        sign_in(client)
    assert refusal.error.code == "invalid_credentials"
    assert sign_in(client, password="new-secure-password").user.id == user.id


def check_delete_user(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    assert client.user_management.delete_user(user.id) is None
    with raises(NotFoundError) as refusal:
        client.user_management.get_user(user.id)
    assert refusal.error.code == "entity_not_found"
    assert refusal.error.message == f"User not found: '{user.id}'."
    with raises(NotFoundError):
        client.user_management.delete_user(user.id)


def check_email_change(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    change = client.user_management.send_email_change(user.id, new_email="king@example.com")
    assert (change.user.email, change.new_email) == (ADA, "king@example.com")
    code = world.message("king@example.com", "email_change")["code"]
    changed = client.user_management.confirm_email_change(user.id, code=code).user
    assert (changed.email, changed.email_verified) == ("king@example.com", True)
