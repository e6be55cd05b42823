"""The exception class of each status, and what the exception carries."""

from __future__ import annotations

from workos import (
    AuthenticationError,
    BadRequestError,
    ConflictError,
    NotFoundError,
    ServerError,
    UnprocessableEntityError,
)
from workos._errors import AuthorizationError, EmailVerificationRequiredError
from world import World, raises

from version_10 import ADA, client_of, create_user, sign_in


def check_400_is_a_bad_request(world: World) -> None:
    with raises(BadRequestError) as refusal:
        sign_in(client_of(world))
    assert refusal.error.status_code == 400
    assert refusal.error.request_id


def check_401_is_an_authentication_error(world: World) -> None:
    with raises(AuthenticationError) as refusal:
        client_of(world, api_key="sk_test_another").user_management.list_users()
    assert refusal.error.response_json == {"message": "Unauthorized"}
    assert refusal.error.request_id


def check_403_is_an_authorization_error(world: World) -> None:
    client = client_of(world)
    create_user(client, email_verified=False)
    with raises(EmailVerificationRequiredError) as refusal:
        sign_in(client)
    assert isinstance(refusal.error, AuthorizationError)
    assert refusal.error.status_code == 403
    assert refusal.error.request_id


def check_404_is_not_found(world: World) -> None:
    with raises(NotFoundError) as refusal:
        client_of(world).user_management.get_user("user_unknown")
    assert refusal.error.response_json == {
        "message": "User not found: 'user_unknown'.",
        "code": "entity_not_found",
        "entity_id": "user_unknown",
    }
    assert refusal.error.request_id


def check_404_of_an_unknown_route_is_not_found(world: World) -> None:
    with raises(NotFoundError) as refusal:
        client_of(world).request(method="get", path=("no", "such", "route"))
    assert refusal.error.message == "Cannot GET /no/such/route"
    assert refusal.error.request_id


def check_405_has_a_json_body(world: World) -> None:
    from workos._errors import APIError

    with raises(APIError) as refusal:
        client_of(world).request(method="patch", path=("user_management", "users"))
    assert refusal.error.status_code == 405
    assert refusal.error.response_json["message"]


def check_409_is_a_conflict(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    with raises(ConflictError) as refusal:
        client.user_management.send_email_change(user.id, new_email=ADA)
    assert refusal.error.code == "email_change_not_needed"
    assert refusal.error.request_id


def check_409_of_a_reused_idempotency_key_is_a_conflict(world: World) -> None:
    client = client_of(world)
    create = client.user_management.create_user
    first = create(email=ADA, request_options={"idempotency_key": "one"})
    assert create(email=ADA, request_options={"idempotency_key": "one"}).id == first.id
    with raises(ConflictError) as refusal:
        create(email="grace@example.com", request_options={"idempotency_key": "one"})
    assert refusal.error.code == "idempotency_error"


def check_422_is_an_unprocessable_entity(world: World) -> None:
    with raises(UnprocessableEntityError) as refusal:
        client_of(world).user_management.list_users(limit=101)
    assert refusal.error.code == "invalid_request_parameters"
    assert [error["field"] for error in refusal.error.errors] == ["limit"]
    assert refusal.error.request_id


def check_501_is_a_server_error_that_names_the_operation(world: World) -> None:
    with raises(ServerError) as refusal:
        client_of(world).directory_sync.list_directories()
    assert (refusal.error.status_code, refusal.error.code) == (501, "emulator_not_implemented")
    assert refusal.error.response_json["operation"]
    assert refusal.error.request_id


def check_501_answers_grants_that_are_not_built(world: World) -> None:
    with raises(ServerError) as refusal:
        client_of(world).user_management.authenticate_with_radar_email_challenge(
            code="000000", radar_challenge_id="unknown", pending_authentication_token="unknown"
        )
    assert (refusal.error.status_code, refusal.error.code) == (501, "emulator_not_implemented")
