"""Sign-in with a mailed code."""

from __future__ import annotations

from workos import BadRequestError, NotFoundError
from world import World, raises

from version_10 import ADA, client_of, create_user


def wrong(code: str) -> str:
    return "000000" if code != "000000" else "111111"


def check_new_address_signs_in(world: World) -> None:
    client = client_of(world)
    sent = client.user_management.create_magic_auth(email=ADA)
    assert sent.id.startswith("magic_auth_")
    assert sent.email == ADA
    assert len(sent.code) == 6
    assert sent.code.isdecimal()
    assert not client.user_management.get_user(sent.user_id).email_verified
    answer = client.user_management.authenticate_with_magic_auth(code=sent.code, email=ADA)
    assert answer.user.id == sent.user_id
    assert answer.user.email_verified
    assert answer.authentication_method == "MagicAuth"


def check_code_is_mailed(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    sent = client.user_management.create_magic_auth(email=ADA)
    assert sent.user_id == user.id
    assert world.message(ADA, "magic_auth")["code"] == sent.code
    assert client.user_management.get_magic_auth(sent.id).code == sent.code


def check_invalid_invitation_is_refused(world: World) -> None:
    client = client_of(world)
    with raises(BadRequestError) as refusal:
        client.user_management.create_magic_auth(email=ADA, invitation_token="no-such-token")
    assert (refusal.error.status_code, refusal.error.error) == (400, "invitation_invalid")
    assert client.user_management.list_users(email=ADA).data == []


def check_invalid_invitation_spends_no_code(world: World) -> None:
    client = client_of(world)
    sent = client.user_management.create_magic_auth(email=ADA)
    with raises(BadRequestError) as refusal:
        client.user_management.authenticate_with_magic_auth(code=sent.code, email=ADA, invitation_token="none")
    assert refusal.error.error == "invitation_invalid"
    assert client.user_management.authenticate_with_magic_auth(code=sent.code, email=ADA).access_token


def check_wrong_code_is_refused(world: World) -> None:
    client = client_of(world)
    sent = client.user_management.create_magic_auth(email=ADA)
    with raises(BadRequestError) as refusal:
        client.user_management.authenticate_with_magic_auth(code=wrong(sent.code), email=ADA)
    assert refusal.error.code == "invalid_one_time_code"
    assert client.user_management.authenticate_with_magic_auth(code=sent.code, email=ADA).access_token


def check_used_code_is_refused(world: World) -> None:
    client = client_of(world)
    sent = client.user_management.create_magic_auth(email=ADA)
    client.user_management.authenticate_with_magic_auth(code=sent.code, email=ADA)
    with raises(BadRequestError) as refusal:
        client.user_management.authenticate_with_magic_auth(code=sent.code, email=ADA)
    assert refusal.error.code == "one_time_code_previously_used"


def check_expired_code_is_refused(world: World) -> None:
    client = client_of(world)
    sent = client.user_management.create_magic_auth(email=ADA)
    world.advance(601)
    with raises(BadRequestError) as refusal:
        client.user_management.authenticate_with_magic_auth(code=sent.code, email=ADA)
    assert refusal.error.code == "one_time_code_expired"


def check_tries_are_limited(world: World) -> None:
    client = client_of(world)
    sent = client.user_management.create_magic_auth(email=ADA)
    for _ in range(10):
        with raises(BadRequestError):
            client.user_management.authenticate_with_magic_auth(code=wrong(sent.code), email=ADA)
    with raises(BadRequestError) as refusal:
        client.user_management.authenticate_with_magic_auth(code=sent.code, email=ADA)
    assert refusal.error.code == "one_time_code_too_many_attempts"


def check_unknown_id_is_not_found(world: World) -> None:
    with raises(NotFoundError) as refusal:
        client_of(world).user_management.get_magic_auth("magic_auth_invalid")
    assert refusal.error.message == "MagicAuth not found: 'magic_auth_invalid'."
