"""Sign-in with a password; an unverified address first has to be verified with the mailed code."""

from __future__ import annotations

import jwt
from workos import BadRequestError
from workos._errors import EmailPasswordAuthDisabledError, EmailVerificationRequiredError
from world import World, raises

from version_10 import ADA, client_of, create_user, sign_in


def check_sign_in(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    answer = sign_in(client, ip_address="192.0.2.1", user_agent="Mozilla/5.0")
    assert answer.user.id == user.id
    assert answer.authentication_method == "Password"
    assert answer.organization_id is None
    claims = jwt.decode(answer.access_token, options={"verify_signature": False})
    assert claims["sub"] == user.id
    assert answer.refresh_token


def check_unverified_address_is_verified_through_the_inbox(world: World) -> None:
    client = client_of(world)
    create_user(client, email_verified=False)
    with raises(EmailVerificationRequiredError) as step:
        sign_in(client)
    assert (step.error.status_code, step.error.code) == (403, "email_verification_required")
    assert step.error.email == ADA
    verification = client.user_management.get_email_verification(step.error.email_verification_id)
    code = world.message(ADA, "email_verification")["code"]
    assert verification.code == code
    answer = client.user_management.authenticate_with_email_verification(
        code=code, pending_authentication_token=step.error.pending_authentication_token
    )
    assert answer.user.email_verified
    assert answer.authentication_method == "Password"
    assert sign_in(client).user.email_verified


def check_setting_lets_unverified_addresses_in(world: World) -> None:
    client = client_of(world)
    create_user(client, email_verified=False)
    world.change_settings(email_verification="off")
    assert not sign_in(client).user.email_verified


def check_wrong_password_is_refused(world: World) -> None:
    client = client_of(world)
    create_user(client)
    with raises(BadRequestError) as refusal:
        sign_in(client, password="another-password")
    assert (refusal.error.status_code, refusal.error.code) == (400, "invalid_credentials")
    assert refusal.error.message == f"Invalid credentials for '{ADA}'."


def check_unknown_address_is_refused_likewise(world: World) -> None:
    with raises(BadRequestError) as refusal:
        sign_in(client_of(world), "nobody@example.com")
    assert refusal.error.code == "invalid_credentials"


def check_wrong_secret_is_refused(world: World) -> None:
    create_user(client_of(world))
    with raises(BadRequestError) as refusal:
        sign_in(client_of(world, api_key="sk_test_another"))
    assert refusal.error.error == "invalid_client"


def check_unknown_client_is_refused(world: World) -> None:
    create_user(client_of(world))
    with raises(BadRequestError) as refusal:
        sign_in(client_of(world, client_id="client_another"))
    assert refusal.error.error == "invalid_client"


def check_passwords_can_be_switched_off(world: World) -> None:
    client = client_of(world)
    create_user(client)
    world.change_settings(methods=["magic_auth"])
    with raises(EmailPasswordAuthDisabledError) as refusal:
        sign_in(client)
    assert refusal.error.status_code == 403


def check_invalid_invitation_is_refused(world: World) -> None:
    client = client_of(world)
    create_user(client)
    with raises(BadRequestError) as refusal:
        sign_in(client, invitation_token="no-such-token")
    assert refusal.error.error == "invitation_invalid"
