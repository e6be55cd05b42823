from __future__ import annotations

from datetime import datetime
from typing import Any

import httpx
import pytest

from tests.authenticator import totp
from tests.builders import challenge_factor, create_user, enroll_totp, messages, wrong
from tests.conftest import Client


def enroll(client: Client, type: str, **members: Any) -> dict[str, Any]:
    response = client.post("/auth/factors/enroll", json={"type": type, **members})
    factor: dict[str, Any] = response.raise_for_status().json()
    return factor


def verify(client: Client, challenge: dict[str, Any], code: str) -> httpx.Response:
    return client.post(f"/auth/challenges/{challenge['id']}/verify", json={"code": code})


def seconds_valid(challenge: dict[str, Any]) -> float:
    ends, starts = (datetime.fromisoformat(challenge[name]) for name in ("expires_at", "created_at"))
    return (ends - starts).total_seconds()


def test_challenge_is_made_with_an_empty_body(client: Client) -> None:
    factor = enroll(client, "totp")
    headers = {"content-type": "application/json"}
    response = client.post(f"/auth/factors/{factor['id']}/challenge", content=b"", headers=headers)
    assert response.status_code == 201
    challenge = response.json()
    assert set(challenge) == {
        "object",
        "id",
        "authentication_factor_id",
        "expires_at",
        "created_at",
        "updated_at",
    }
    assert challenge["authentication_factor_id"] == factor["id"]
    assert seconds_valid(challenge) == 600


def test_right_code_is_valid(client: Client) -> None:
    factor = enroll(client, "totp")
    challenge = challenge_factor(client, factor["id"])
    response = verify(client, challenge, totp(client, factor["totp"]["secret"]))
    assert response.status_code == 201
    assert set(response.json()) == {"challenge", "valid"}
    assert response.json()["valid"] is True
    assert response.json()["challenge"]["id"] == challenge["id"]


def test_older_path_verifies_too(client: Client) -> None:
    factor = enroll(client, "totp")
    challenge = challenge_factor(client, factor["id"])
    body = {"authentication_challenge_id": challenge["id"], "code": totp(client, factor["totp"]["secret"])}
    response = client.post("/auth/factors/verify", json=body)
    assert response.status_code == 201
    assert response.json()["valid"] is True


def test_challenge_of_an_enrolment_is_as_good_as_any(client: Client) -> None:
    enrolment = enroll_totp(client, create_user(client)["id"])
    code = totp(client, enrolment["authentication_factor"]["totp"]["secret"])
    assert verify(client, enrolment["authentication_challenge"], code).json()["valid"] is True


@pytest.mark.parametrize("code", ["abcdef", "12345", "1234567", " ", "é"])
def test_wrong_code_is_an_answer_and_no_error(client: Client, code: str) -> None:
    challenge = challenge_factor(client, enroll(client, "totp")["id"])
    response = verify(client, challenge, code)
    assert response.status_code == 201
    assert response.json()["valid"] is False
    assert response.json()["challenge"]["id"] == challenge["id"]


def test_wrong_code_does_not_spend_the_challenge(client: Client) -> None:
    factor = enroll(client, "totp")
    challenge = challenge_factor(client, factor["id"])
    verify(client, challenge, "abcdef")
    assert verify(client, challenge, totp(client, factor["totp"]["secret"])).json()["valid"] is True


def test_verified_challenge_is_refused(client: Client) -> None:
    factor = enroll(client, "totp")
    challenge = challenge_factor(client, factor["id"])
    verify(client, challenge, totp(client, factor["totp"]["secret"]))
    response = verify(client, challenge, totp(client, factor["totp"]["secret"], 1))
    assert response.status_code == 422
    assert response.json() == {
        "code": "authentication_challenge_previously_verified",
        "message": f"The authentication challenge '{challenge['id']}' has already been verified.",
    }


@pytest.mark.parametrize(("seconds", "status"), [(590, 201), (600, 422)])
def test_challenge_is_valid_for_ten_minutes(client: Client, seconds: int, status: int) -> None:
    factor = enroll(client, "totp")
    challenge = challenge_factor(client, factor["id"])
    client.advance(seconds)
    response = verify(client, challenge, totp(client, factor["totp"]["secret"]))
    assert response.status_code == status
    if status == 422:
        assert response.json() == {
            "code": "authentication_challenge_expired",
            "message": f"The authentication challenge '{challenge['id']}' has expired.",
        }


def test_ten_wrong_tries_kill_a_challenge(client: Client) -> None:
    factor = enroll(client, "totp")
    challenge = challenge_factor(client, factor["id"])
    assert [verify(client, challenge, "abcdef").status_code for _ in range(10)] == [201] * 10
    response = verify(client, challenge, totp(client, factor["totp"]["secret"]))
    assert response.status_code == 400
    assert response.json()["code"] == "one_time_code_too_many_attempts"


@pytest.mark.parametrize("path", ["/auth/challenges/auth_challenge_unknown/verify", "/auth/factors/verify"])
def test_unknown_challenge_is_not_found(client: Client, path: str) -> None:
    response = client.post(path, json={"authentication_challenge_id": "auth_challenge_unknown", "code": "123456"})
    assert response.status_code == 404
    assert response.json()["code"] == "entity_not_found"
    assert response.json()["entity_id"] == "auth_challenge_unknown"


@pytest.mark.parametrize("code", [None, "", 123456])
def test_code_is_required(client: Client, code: Any) -> None:
    challenge = challenge_factor(client, enroll(client, "totp")["id"])
    response = client.post(f"/auth/challenges/{challenge['id']}/verify", json={"code": code})
    assert response.status_code == 422
    assert response.json()["errors"] == [
        {"field": "code", "code": "code_string_required", "message": "Code must be a non-empty string."}
    ]


def test_text_message_lands_in_the_inbox(client: Client) -> None:
    user = create_user(client)
    factor = enroll(client, "sms", phone_number="+15005550006", user_id=user["id"])
    challenge = challenge_factor(client, factor["id"])
    (message,) = messages(client, kind="sms")
    assert (message["to"], message["user_id"]) == ("+15005550006", user["id"])
    assert message["expires_at"] == challenge["expires_at"]
    assert message["text"] == f"Your verification code is {message['code']}"
    assert "code" not in challenge
    assert verify(client, challenge, message["code"]).json()["valid"] is True


def test_text_message_follows_its_template(client: Client) -> None:
    factor = enroll(client, "sms", phone_number="+15005550006")
    challenge_factor(client, factor["id"], sms_template="{{code}} opens Foo. {{code}}!")
    message = client.latest_message("+15005550006")
    assert message["text"] == f"{message['code']} opens Foo. {message['code']}!"


@pytest.mark.parametrize("type", ["sms", "generic_otp"])
def test_each_challenge_has_a_code_of_its_own(client: Client, type: str) -> None:
    factor = enroll(client, type, phone_number="+15005550006")
    codes = []
    for _ in range(2):
        challenge = challenge_factor(client, factor["id"])
        codes.append((challenge, challenge.get("code") or client.latest_message("+15005550006")["code"]))
    (first, first_code), (second, second_code) = codes
    assert verify(client, first, wrong(first_code)).json()["valid"] is False
    assert verify(client, first, first_code).json()["valid"] is True
    assert verify(client, second, second_code).json()["valid"] is True


def test_generic_challenge_shows_its_code_once(client: Client) -> None:
    challenge = challenge_factor(client, enroll(client, "generic_otp")["id"])
    code = challenge["code"]
    assert len(code) == 6
    assert code.isdigit()
    answer = verify(client, challenge, code).json()
    assert answer["valid"] is True
    assert "code" not in answer["challenge"]
    assert messages(client) == []


def test_expired_text_message_code_is_refused(client: Client) -> None:
    challenge = challenge_factor(client, enroll(client, "generic_otp")["id"])
    client.advance(600)
    assert verify(client, challenge, challenge["code"]).json()["code"] == "authentication_challenge_expired"
