"""The steps `mfa_challenge` and `mfa_enrollment`, and the grant that takes them."""

from __future__ import annotations

from typing import Any

import httpx

from tests.authenticator import totp
from tests.builders import (
    MAGIC_AUTH,
    MFA_TOTP,
    PASSWORD,
    at_sign_in,
    challenge_factor,
    create_magic_auth,
    create_user,
    enroll_totp,
    event_data,
    list_sessions,
    sign_in,
    wrong,
)
from tests.conftest import Client


def enrolled(client: Client, email: str = "ada@example.com") -> dict[str, Any]:
    """The factor of a new user, with its secret."""
    user = create_user(client, email, password=PASSWORD)
    factor: dict[str, Any] = enroll_totp(client, user["id"])["authentication_factor"]
    return factor


def stopped(client: Client, email: str = "ada@example.com", **members: Any) -> dict[str, Any]:
    response = client.authenticate("password", email=email, password=PASSWORD, **members)
    assert response.status_code == 403
    body: dict[str, Any] = response.json()
    return body


def redeem(client: Client, refusal: dict[str, Any], challenge_id: str, code: str, **members: Any) -> httpx.Response:
    return client.authenticate(
        MFA_TOTP,
        code=code,
        pending_authentication_token=refusal["pending_authentication_token"],
        authentication_challenge_id=challenge_id,
        **members,
    )


def test_user_with_a_factor_is_challenged(client: Client) -> None:
    factor = enrolled(client)
    body = stopped(client)
    user = client.get(f"/user_management/users/{factor['user_id']}").json()
    assert body == {
        "code": "mfa_challenge",
        "message": "The user must complete an MFA challenge to finish authenticating.",
        "pending_authentication_token": body["pending_authentication_token"],
        "authentication_factors": [{"id": factor["id"], "type": "totp"}],
        "user": at_sign_in(user),
    }
    assert user["last_sign_in_at"] is None
    assert list_sessions(client, user["id"]) == []


def test_code_of_the_authenticator_finishes_the_sign_in(client: Client) -> None:
    factor = enrolled(client)
    body = stopped(client, ip_address="192.0.2.1")
    challenge = challenge_factor(client, factor["id"])
    response = redeem(client, body, challenge["id"], totp(client, factor["totp"]["secret"]))
    assert response.status_code == 200
    assert response.json()["authentication_method"] == "Password"
    assert client.event_names() == [
        "user.created",
        "authentication.password_succeeded",
        "authentication.mfa_succeeded",
        "session.created",
    ]
    assert event_data(client, "session.created")[0]["ip_address"] == "192.0.2.1"


def test_magic_auth_is_challenged_too_and_stays_the_method(client: Client) -> None:
    factor = enrolled(client)
    code = create_magic_auth(client)["code"]
    body = client.authenticate(MAGIC_AUTH, email="ada@example.com", code=code).json()
    assert body["code"] == "mfa_challenge"
    challenge = challenge_factor(client, factor["id"])
    response = redeem(client, body, challenge["id"], totp(client, factor["totp"]["secret"]))
    assert response.json()["authentication_method"] == "MagicAuth"


def test_setting_off_challenges_nobody(client: Client) -> None:
    client.change_settings(mfa="off")
    enrolled(client)
    assert sign_in(client)["authentication_method"] == "Password"


def test_setting_required_asks_a_user_without_a_factor_to_enroll(client: Client) -> None:
    client.change_settings(mfa="required")
    user = create_user(client, password=PASSWORD)
    body = stopped(client)
    assert body == {
        "code": "mfa_enrollment",
        "message": "The user must enroll in MFA to finish authenticating.",
        "pending_authentication_token": body["pending_authentication_token"],
        "user": at_sign_in(user),
    }


def test_enrolment_and_its_own_challenge_finish_the_sign_in(client: Client) -> None:
    client.change_settings(mfa="required")
    user = create_user(client, password=PASSWORD)
    body = stopped(client)
    enrolment = enroll_totp(client, user["id"])
    code = totp(client, enrolment["authentication_factor"]["totp"]["secret"])
    assert redeem(client, body, enrolment["authentication_challenge"]["id"], code).status_code == 200
    assert stopped(client)["code"] == "mfa_challenge"


def test_wrong_code_is_refused_and_recorded_and_spends_nothing(client: Client) -> None:
    factor = enrolled(client)
    body, challenge = stopped(client), challenge_factor(client, factor["id"])
    code = totp(client, factor["totp"]["secret"])
    response = redeem(client, body, challenge["id"], "abcdef")
    assert response.status_code == 400
    assert response.json() == {"code": "invalid_one_time_code", "message": "Invalid one-time code."}
    (failure,) = event_data(client, "authentication.mfa_failed")
    assert (failure["user_id"], failure["error"]) == (factor["user_id"], response.json())
    assert redeem(client, body, challenge["id"], code).status_code == 200


def test_used_challenge_is_refused(client: Client) -> None:
    factor = enrolled(client)
    challenge = challenge_factor(client, factor["id"])
    first, second = stopped(client), stopped(client)
    redeem(client, first, challenge["id"], totp(client, factor["totp"]["secret"])).raise_for_status()
    client.advance(30)
    response = redeem(client, second, challenge["id"], totp(client, factor["totp"]["secret"]))
    assert response.status_code == 400
    assert response.json()["code"] == "one_time_code_previously_used"


def test_expired_challenge_is_refused(client: Client) -> None:
    factor = enrolled(client)
    challenge = challenge_factor(client, factor["id"])
    client.advance(600)
    response = redeem(client, stopped(client), challenge["id"], totp(client, factor["totp"]["secret"]))
    assert response.status_code == 400
    assert response.json() == {
        "code": "one_time_code_expired",
        "message": "One-time code for 'ada@example.com' has expired.",
    }


def test_ten_wrong_tries_kill_a_challenge(client: Client) -> None:
    factor = enrolled(client)
    body, challenge = stopped(client), challenge_factor(client, factor["id"])
    for _ in range(10):
        assert redeem(client, body, challenge["id"], "abcdef").json()["code"] == "invalid_one_time_code"
    response = redeem(client, body, challenge["id"], totp(client, factor["totp"]["secret"]))
    assert response.status_code == 400
    assert response.json()["code"] == "one_time_code_too_many_attempts"


def test_new_challenge_works_after_too_many_tries(client: Client) -> None:
    factor = enrolled(client)
    body, challenge = stopped(client), challenge_factor(client, factor["id"])
    for _ in range(11):
        redeem(client, body, challenge["id"], "abcdef")
    fresh = challenge_factor(client, factor["id"])
    assert redeem(client, body, fresh["id"], totp(client, factor["totp"]["secret"])).status_code == 200


def test_unknown_challenge_is_not_found(client: Client) -> None:
    enrolled(client)
    response = redeem(client, stopped(client), "auth_challenge_unknown", "123456")
    assert response.status_code == 404
    assert response.json() == {
        "code": "entity_not_found",
        "message": "Authentication Challenge not found: 'auth_challenge_unknown'.",
        "entity_id": "auth_challenge_unknown",
    }


def test_challenge_of_another_user_is_refused(client: Client) -> None:
    enrolled(client)
    other = enrolled(client, "bob@example.com")
    challenge = challenge_factor(client, other["id"])
    response = redeem(client, stopped(client), challenge["id"], totp(client, other["totp"]["secret"]))
    assert response.status_code == 400
    assert response.json()["code"] == "user_mismatch"
    assert event_data(client, "authentication.mfa_failed")[0]["error"]["code"] == "user_mismatch"


def test_challenge_of_a_factor_without_a_user_is_refused(client: Client) -> None:
    enrolled(client)
    factor = client.post("/auth/factors/enroll", json={"type": "totp"}).json()
    challenge = challenge_factor(client, factor["id"])
    response = redeem(client, stopped(client), challenge["id"], totp(client, factor["totp"]["secret"]))
    assert response.json()["code"] == "user_mismatch"


def test_code_is_accepted_once_even_for_another_sign_in(client: Client) -> None:
    factor = enrolled(client)
    code = totp(client, factor["totp"]["secret"])
    redeem(client, stopped(client), challenge_factor(client, factor["id"])["id"], code).raise_for_status()
    response = redeem(client, stopped(client), challenge_factor(client, factor["id"])["id"], code)
    assert response.status_code == 400
    assert response.json()["code"] == "invalid_one_time_code"


def test_every_factor_is_offered(client: Client) -> None:
    factor = enrolled(client)
    sms = client.post(
        "/auth/factors/enroll", json={"type": "sms", "phone_number": "+15005550006", "user_id": factor["user_id"]}
    ).json()
    assert stopped(client)["authentication_factors"] == [
        {"id": factor["id"], "type": "totp"},
        {"id": sms["id"], "type": "sms"},
    ]


def test_code_of_a_text_message_finishes_the_sign_in(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    sms = client.post(
        "/auth/factors/enroll", json={"type": "sms", "phone_number": "+15005550006", "user_id": user["id"]}
    ).json()
    body, challenge = stopped(client), challenge_factor(client, sms["id"])
    code = client.latest_message("+15005550006")["code"]
    assert redeem(client, body, challenge["id"], wrong(code)).json()["code"] == "invalid_one_time_code"
    assert redeem(client, body, challenge["id"], code).status_code == 200


def test_user_whose_factor_was_deleted_is_not_challenged(client: Client) -> None:
    factor = enrolled(client)
    client.delete(f"/auth/factors/{factor['id']}").raise_for_status()
    assert sign_in(client)["authentication_method"] == "Password"
