"""Authenticator codes as a second factor."""

from __future__ import annotations

from typing import Any

import pyotp
from authenticator import code_at, wrong_code_at
from workos import BadRequestError, NotFoundError, UnprocessableEntityError, WorkOSClient
from workos._errors import MfaChallengeError, MfaEnrollmentError
from world import World, raises

from version_10 import ADA, client_of, create_user, sign_in


def enroll(client: WorkOSClient, email: str = ADA) -> Any:
    user = create_user(client, email)
    return client.multi_factor_auth.create_user_auth_factor(user.id, type="totp", totp_issuer="My App", totp_user=email)


def start(client: WorkOSClient, email: str = ADA) -> tuple[str, str]:
    """The pending token and a challenge of the factor, after the password."""
    with raises(MfaChallengeError) as step:
        sign_in(client, email)
    factor = step.error.authentication_factors[0]
    assert set(step.error.response_json) == {
        "code",
        "message",
        "pending_authentication_token",
        "authentication_factors",
        "user",
    }
    return step.error.pending_authentication_token, client.multi_factor_auth.challenge_factor(factor["id"]).id


def finish(client: WorkOSClient, started: tuple[str, str], code: str) -> Any:
    return client.user_management.authenticate_with_totp(
        code=code, pending_authentication_token=started[0], authentication_challenge_id=started[1]
    )


def check_enrolment_shows_secret_and_qr_code(world: World) -> None:
    client = client_of(world)
    enrolled = enroll(client)
    totp = enrolled.authentication_factor.totp
    assert (totp.issuer, totp.user) == ("My App", ADA)
    assert totp.qr_code.startswith("data:image/png;base64,")
    assert pyotp.parse_uri(totp.uri).secret == totp.secret
    assert enrolled.authentication_challenge.authentication_factor_id == enrolled.authentication_factor.id


def check_implementations_agree(world: World) -> None:
    world.freeze()
    factor = enroll(client_of(world)).authentication_factor
    code = code_at(factor.totp.secret, world.now())
    assert pyotp.TOTP(factor.totp.secret).at(world.now()) == code
    assert world.control("GET", f"totp/{factor.id}")["code"] == code


def check_sign_in_asks_for_the_code(world: World) -> None:
    client = client_of(world)
    enrolled = enroll(client)
    answer = finish(client, start(client), code_at(enrolled.authentication_factor.totp.secret, world.now()))
    assert answer.user.email == ADA
    assert answer.authentication_method == "Password"


def check_challenge_of_the_enrolment_signs_in(world: World) -> None:
    client = client_of(world)
    enrolled = enroll(client)
    pending, _ = start(client)
    code = code_at(enrolled.authentication_factor.totp.secret, world.now())
    assert finish(client, (pending, enrolled.authentication_challenge.id), code).access_token


def check_wrong_code_is_refused_and_may_be_corrected(world: World) -> None:
    client = client_of(world)
    world.freeze()
    secret = enroll(client).authentication_factor.totp.secret
    started = start(client)
    with raises(BadRequestError) as refusal:
        finish(client, started, wrong_code_at(secret, world.now()))
    assert refusal.error.code == "invalid_one_time_code"
    assert finish(client, started, code_at(secret, world.now())).access_token


def check_replayed_code_is_refused(world: World) -> None:
    client = client_of(world)
    world.freeze()
    secret = enroll(client).authentication_factor.totp.secret
    code = code_at(secret, world.now())
    finish(client, start(client), code)
    started = start(client)
    with raises(BadRequestError) as refusal:
        finish(client, started, code)
    assert refusal.error.code in {"invalid_one_time_code", "one_time_code_previously_used"}
    world.advance(30)
    assert finish(client, started, code_at(secret, world.now())).access_token


def check_spent_pending_token_is_refused(world: World) -> None:
    client = client_of(world)
    secret = enroll(client).authentication_factor.totp.secret
    started = start(client)
    finish(client, started, code_at(secret, world.now()))
    world.advance(30)
    with raises(BadRequestError) as refusal:
        finish(client, started, code_at(secret, world.now()))
    assert refusal.error.code == "invalid_pending_authentication_token"


def check_spent_challenge_is_refused(world: World) -> None:
    client = client_of(world)
    secret = enroll(client).authentication_factor.totp.secret
    _, challenge = started = start(client)
    finish(client, started, code_at(secret, world.now()))
    world.advance(30)
    pending, _ = start(client)
    with raises(BadRequestError) as refusal:
        finish(client, (pending, challenge), code_at(secret, world.now()))
    assert refusal.error.code == "one_time_code_previously_used"


def check_challenge_of_another_user_is_refused(world: World) -> None:
    client = client_of(world)
    enroll(client)
    other = enroll(client, "grace@example.com")
    pending, _ = start(client)
    code = code_at(other.authentication_factor.totp.secret, world.now())
    with raises(BadRequestError) as refusal:
        finish(client, (pending, other.authentication_challenge.id), code)
    assert refusal.error.code == "user_mismatch"


def check_challenge_is_verified_once(world: World) -> None:
    client = client_of(world)
    enrolled = enroll(client)
    secret, challenge = enrolled.authentication_factor.totp.secret, enrolled.authentication_challenge.id
    wrong = client.multi_factor_auth.verify_challenge(challenge, code=wrong_code_at(secret, world.now()))
    assert not wrong.valid
    right = client.multi_factor_auth.verify_challenge(challenge, code=code_at(secret, world.now()))
    assert right.valid
    assert right.challenge.id == challenge
    with raises(UnprocessableEntityError) as refusal:
        client.multi_factor_auth.verify_challenge(challenge, code=code_at(secret, world.now()))
    assert refusal.error.code == "authentication_challenge_previously_verified"


def check_factors_are_paged_without_secrets(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    made = [client.multi_factor_auth.create_user_auth_factor(user.id, type="totp") for _ in range(12)]
    listed = list(client.multi_factor_auth.list_user_auth_factors(user.id).auto_paging_iter())
    assert [factor.id for factor in listed] == [enrolled.authentication_factor.id for enrolled in made[::-1]]
    assert {tuple(factor.to_dict()["totp"]) for factor in listed} == {("issuer", "user")}


def check_deleted_factor_is_not_asked_for(world: World) -> None:
    client = client_of(world)
    factor = enroll(client).authentication_factor
    assert client.multi_factor_auth.get_factor(factor.id).totp.user == ADA
    client.multi_factor_auth.delete_factor(factor.id)
    assert sign_in(client).access_token
    with raises(NotFoundError):
        client.multi_factor_auth.get_factor(factor.id)


def check_required_factor_is_enrolled_while_signing_in(world: World) -> None:
    client = client_of(world)
    world.change_settings(mfa="required")
    user = create_user(client)
    with raises(MfaEnrollmentError) as step:
        sign_in(client)
    assert step.error.user["id"] == user.id
    enrolled = client.multi_factor_auth.create_user_auth_factor(user.id, type="totp")
    code = code_at(enrolled.authentication_factor.totp.secret, world.now())
    started = (step.error.pending_authentication_token, enrolled.authentication_challenge.id)
    assert finish(client, started, code).user.id == user.id
