"""The exception class of each status."""

from __future__ import annotations

from workos.exceptions import (
    AuthenticationException,
    BadRequestException,
    ConflictException,
    NotFoundException,
    ServerException,
)
from world import World, raises

from version_5 import ADA, authorization_error, client_of, create_user, sign_in


def check_400_is_a_bad_request(world: World) -> None:
    client = client_of(world)
    create_user(client)
    with raises(BadRequestException) as refusal:
        create_user(client)
    assert refusal.error.code == "user_creation_error"
    assert refusal.error.request_id


def check_401_is_an_authentication_exception(world: World) -> None:
    with raises(AuthenticationException) as refusal:
        client_of(world, api_key="sk_test_another").user_management.list_users()
    assert refusal.error.message == "Unauthorized"


def check_403_is_an_authorization_exception(world: World) -> None:
    client = client_of(world)
    create_user(client)
    world.change_settings(methods=["magic_auth"])
    with raises(authorization_error("email_password_auth_disabled")) as refusal:
        sign_in(client)
    assert refusal.error.code == "email_password_auth_disabled"


def check_404_is_not_found(world: World) -> None:
    with raises(NotFoundException) as refusal:
        client_of(world).user_management.get_user("user_unknown")
    assert refusal.error.message == "User not found: 'user_unknown'."


def check_409_is_a_conflict(world: World) -> None:
    client = client_of(world)
    uri = client._http_client.request(
        "user_management/redirect_uris", method="post", json={"uri": "http://localhost:3000/callback"}
    )
    with raises(ConflictException) as refusal:
        client._http_client.request(f"user_management/redirect_uris/{uri['id']}", method="delete")
    assert refusal.error.message == "Cannot delete the default redirect URI."


def check_422_is_a_bad_request(world: World) -> None:
    with raises(BadRequestException) as refusal:
        client_of(world).user_management.list_users(limit=101)
    assert refusal.error.response.status_code == 422
    assert refusal.error.code == "invalid_request_parameters"


def check_501_is_a_server_exception(world: World) -> None:
    with raises(ServerException) as refusal:
        client_of(world).directory_sync.list_directories()
    assert (refusal.error.response.status_code, refusal.error.code) == (501, "emulator_not_implemented")


def check_unknown_user_has_no_password(world: World) -> None:
    with raises(BadRequestException) as refusal:
        sign_in(client_of(world), ADA)
    assert refusal.error.code == "invalid_credentials"
