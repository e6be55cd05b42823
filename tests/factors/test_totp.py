"""Which codes of an authenticator app are right, and when."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

import httpx
import pytest

from tests.authenticator import STEP, freeze_at, hotp, totp
from tests.builders import challenge_factor, create_user, enroll_totp
from tests.conftest import Client

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
# RFC 6238, appendix B, the SHA-1 rows.
RFC_VECTORS = [
    ("1970-01-01T00:00:59Z", "94287082"),
    ("2005-03-18T01:58:29Z", "07081804"),
    ("2005-03-18T01:58:31Z", "14050471"),
    ("2009-02-13T23:31:30Z", "89005924"),
    ("2033-05-18T03:33:20Z", "69279037"),
]
NOON = "2026-01-15T12:00:00.000Z"


def enrolled(client: Client, **members: Any) -> dict[str, Any]:
    factor: dict[str, Any] = enroll_totp(client, create_user(client)["id"], **members)["authentication_factor"]
    return factor


def is_valid(client: Client, factor: dict[str, Any], code: str) -> bool:
    """By a challenge of its own."""
    challenge = challenge_factor(client, factor["id"])
    response = client.post(f"/auth/challenges/{challenge['id']}/verify", json={"code": code})
    valid: bool = response.raise_for_status().json()["valid"]
    return valid


def current(client: Client, factor: dict[str, Any]) -> httpx.Response:
    return client.get(f"/_emulate/totp/{factor['id']}")


@pytest.mark.parametrize(("moment", "code"), RFC_VECTORS)
def test_own_authenticator_agrees_with_the_rfc(moment: str, code: str) -> None:
    counter = int(datetime.fromisoformat(moment).timestamp()) // STEP
    assert hotp(RFC_SECRET, counter, digits=8) == code


@pytest.mark.parametrize(("moment", "code"), RFC_VECTORS)
def test_server_agrees_with_the_rfc(client: Client, moment: str, code: str) -> None:
    freeze_at(client, moment)
    factor = enrolled(client, totp_secret=RFC_SECRET)
    assert current(client, factor).json()["code"] == code[-6:]
    assert is_valid(client, factor, code[-6:])


@pytest.mark.parametrize(("steps", "valid"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_one_step_on_either_side_is_accepted(client: Client, steps: int, valid: bool) -> None:
    freeze_at(client, NOON)
    factor = enrolled(client)
    assert is_valid(client, factor, totp(client, factor["totp"]["secret"], steps)) is valid


def test_code_is_accepted_once(client: Client) -> None:
    factor = enrolled(client)
    code = totp(client, factor["totp"]["secret"])
    assert is_valid(client, factor, code)
    assert not is_valid(client, factor, code)


def test_step_before_the_last_accepted_one_is_refused(client: Client) -> None:
    freeze_at(client, NOON)
    factor = enrolled(client)
    secret = factor["totp"]["secret"]
    assert is_valid(client, factor, totp(client, secret))
    assert not is_valid(client, factor, totp(client, secret, -1))
    assert is_valid(client, factor, totp(client, secret, 1))


def test_setting_allows_reuse(client: Client) -> None:
    client.change_settings(totp_reuse="allow")
    factor = enrolled(client)
    code = totp(client, factor["totp"]["secret"])
    assert is_valid(client, factor, code)
    assert is_valid(client, factor, code)


def test_use_of_one_factor_does_not_touch_another_with_the_same_secret(client: Client) -> None:
    user_id = create_user(client)["id"]
    first, second = (enroll_totp(client, user_id, totp_secret=RFC_SECRET)["authentication_factor"] for _ in range(2))
    code = totp(client, RFC_SECRET)
    assert is_valid(client, first, code)
    assert is_valid(client, second, code)


def test_factor_just_enrolled_takes_the_code_of_its_own_step(client: Client) -> None:
    freeze_at(client, NOON)
    factor = enrolled(client)
    assert is_valid(client, factor, totp(client, factor["totp"]["secret"]))


def test_control_call_answers_a_code_that_is_accepted(client: Client) -> None:
    factor = enrolled(client)
    answer = current(client, factor)
    assert answer.status_code == 200
    assert set(answer.json()) == {"code", "factor_id", "expires_at"}
    assert is_valid(client, factor, answer.json()["code"])


def test_control_call_says_exactly_how_long_its_code_is_accepted(client: Client) -> None:
    freeze_at(client, "2026-01-15T12:00:10.500Z")
    factor = enrolled(client)
    answer = current(client, factor).json()
    assert answer["expires_at"] == "2026-01-15T12:01:00.000Z"
    freeze_at(client, "2026-01-15T12:00:59.999Z")
    assert is_valid(client, factor, answer["code"])
    freeze_at(client, answer["expires_at"])
    assert not is_valid(client, factor, answer["code"])


def test_control_call_goes_on_to_the_next_step_when_the_current_one_is_spent(client: Client) -> None:
    freeze_at(client, NOON)
    factor = enrolled(client)
    first = current(client, factor).json()["code"]
    assert is_valid(client, factor, first)
    second = current(client, factor).json()["code"]
    assert second == totp(client, factor["totp"]["secret"], 1)
    assert is_valid(client, factor, second)


def test_control_call_says_when_a_spent_window_opens_again(client: Client) -> None:
    freeze_at(client, "2026-01-15T12:00:10.500Z")
    factor = enrolled(client)
    for _ in range(2):
        assert is_valid(client, factor, current(client, factor).json()["code"])
    response = current(client, factor)
    assert response.status_code == 409
    assert response.json()["code"] == "totp_window_spent"
    assert "30 seconds" in response.json()["message"]
    assert response.json()["retry_at"] == "2026-01-15T12:00:30.000Z"


@pytest.mark.parametrize("moment", ["2026-01-15T12:00:00.000Z", "2026-01-15T12:00:29.999Z"])
def test_thirty_seconds_mend_a_spent_window(client: Client, moment: str) -> None:
    freeze_at(client, moment)
    factor = enrolled(client)
    for _ in range(3):
        for _ in range(2):
            if current(client, factor).status_code == 200:
                assert is_valid(client, factor, current(client, factor).json()["code"])
        assert current(client, factor).status_code == 409
        client.advance(30)
        assert current(client, factor).status_code == 200


def test_control_call_never_runs_dry_where_reuse_is_allowed(client: Client) -> None:
    client.change_settings(totp_reuse="allow")
    factor = enrolled(client)
    for _ in range(4):
        assert is_valid(client, factor, current(client, factor).json()["code"])


def test_control_call_after_the_clock_went_back_names_a_moment_that_works(client: Client) -> None:
    freeze_at(client, NOON)
    factor = enrolled(client)
    assert is_valid(client, factor, current(client, factor).json()["code"])
    freeze_at(client, "2026-01-15T11:00:00.000Z")
    response = current(client, factor)
    assert response.status_code == 409
    freeze_at(client, response.json()["retry_at"])
    assert is_valid(client, factor, current(client, factor).json()["code"])


def test_control_call_knows_totp_factors_only(client: Client) -> None:
    factor = client.post("/auth/factors/enroll", json={"type": "generic_otp"}).json()
    assert current(client, factor).status_code == 422
    assert client.get("/_emulate/totp/auth_factor_unknown").status_code == 404
