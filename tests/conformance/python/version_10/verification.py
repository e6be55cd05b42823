"""E-mail verification and password reset."""

from __future__ import annotations

from workos import BadRequestError, NotFoundError
from workos._errors import EmailVerificationRequiredError
from world import World, raises

from version_10 import ADA, client_of, create_user, sign_in

NEW_PASSWORD = "new-secure-password"


def check_mailed_code_verifies_the_address(world: World) -> None:
    client = client_of(world)
    user = create_user(client, email_verified=False)
    assert client.user_management.send_verification_email(user.id).user.id == user.id
    code = world.message(ADA, "email_verification")["code"]
    assert client.user_management.verify_email(user.id, code=code).user.email_verified
    with raises(BadRequestError) as refusal:
        client.user_management.verify_email(user.id, code=code)
    assert refusal.error.code in {"email_verification_code_previously_used", "email_previously_verified"}


def check_verified_address_gets_no_mail(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    with raises(BadRequestError) as refusal:
        client.user_management.send_verification_email(user.id)
    assert refusal.error.code == "email_already_verified"


def check_wrong_and_expired_verification_codes_are_refused(world: World) -> None:
    client = client_of(world)
    user = create_user(client, email_verified=False)
    client.user_management.send_verification_email(user.id)
    code = world.message(ADA, "email_verification")["code"]
    with raises(BadRequestError) as refusal:
        client.user_management.verify_email(user.id, code="000000" if code != "000000" else "111111")
    assert refusal.error.code == "email_verification_code_incorrect"
    world.advance(601)
    with raises(BadRequestError) as refusal:
        client.user_management.verify_email(user.id, code=code)
    assert refusal.error.code == "email_verification_code_expired"


def check_grant_refuses_wrong_and_used_codes(world: World) -> None:
    client = client_of(world)
    create_user(client, email_verified=False)
    with raises(EmailVerificationRequiredError) as step:
        sign_in(client)
    pending = step.error.pending_authentication_token
    code = world.message(ADA, "email_verification")["code"]
    grant = client.user_management.authenticate_with_email_verification
    with raises(BadRequestError) as refusal:
        grant(code="000000" if code != "000000" else "111111", pending_authentication_token=pending)
    assert refusal.error.code == "invalid_one_time_code"
    assert grant(code=code, pending_authentication_token=pending).user.email_verified
    with raises(BadRequestError) as refusal:
        grant(code=code, pending_authentication_token=pending)
    assert refusal.error.code == "invalid_pending_authentication_token"
    assert refusal.error.message == f"The pending_authentication_token '{pending}' has expired or is invalid."


def check_password_reset(world: World) -> None:
    client = client_of(world)
    user = create_user(client, email_verified=False)
    reset = client.user_management.reset_password(email=ADA)
    assert reset.id.startswith("password_reset_")
    assert reset.user_id == user.id
    assert reset.password_reset_url.endswith(f"token={reset.password_reset_token}")
    message = world.message(ADA, "password_reset")
    assert (message["link"], message["token"]) == (reset.password_reset_url, reset.password_reset_token)
    assert client.user_management.get_password_reset(reset.id).password_reset_token == reset.password_reset_token
    changed = client.user_management.confirm_password_reset(token=reset.password_reset_token, new_password=NEW_PASSWORD)
    assert changed.user.email_verified
    assert sign_in(client, password=NEW_PASSWORD).user.id == user.id
    with raises(BadRequestError) as refusal:
        sign_in(client)
    assert refusal.error.code == "invalid_credentials"


def check_password_reset_ends_all_sessions(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    refresh_token = sign_in(client).refresh_token
    token = client.user_management.reset_password(email=ADA).password_reset_token
    client.user_management.confirm_password_reset(token=token, new_password=NEW_PASSWORD)
    assert client.user_management.list_sessions(user.id).data == []
    with raises(BadRequestError) as refusal:
        client.user_management.authenticate_with_refresh_token(refresh_token=refresh_token)
    assert refusal.error.error == "invalid_grant"


def check_used_and_expired_reset_tokens_are_refused(world: World) -> None:
    client = client_of(world)
    create_user(client)
    used = client.user_management.reset_password(email=ADA).password_reset_token
    client.user_management.confirm_password_reset(token=used, new_password=NEW_PASSWORD)
    expired = client.user_management.reset_password(email=ADA).password_reset_token
    world.advance(901)
    for token in (used, expired, "unknown"):
        with raises(NotFoundError) as refusal:
            client.user_management.confirm_password_reset(token=token, new_password=NEW_PASSWORD)
        assert refusal.error.code == "password_reset_token_not_found"


def check_weak_new_password_keeps_the_token(world: World) -> None:
    client = client_of(world)
    create_user(client)
    token = client.user_management.reset_password(email=ADA).password_reset_token
    with raises(BadRequestError) as refusal:
        client.user_management.confirm_password_reset(token=token, new_password="short")
    assert refusal.error.code in {"password_reset_error", "password_strength_error"}
    assert refusal.error.errors
    assert client.user_management.confirm_password_reset(token=token, new_password=NEW_PASSWORD).user.email == ADA


def check_unknown_address_has_no_reset(world: World) -> None:
    with raises(NotFoundError):
        client_of(world).user_management.reset_password(email="nobody@example.com")
