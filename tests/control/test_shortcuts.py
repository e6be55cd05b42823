from __future__ import annotations

from datetime import datetime

from tests.builders import create_user, enroll_totp
from tests.conftest import Client


def test_a_code_signs_its_user_in(client: Client) -> None:
    user = create_user(client)
    issued = client.post("/_emulate/codes", json={"email": "ADA@example.com"})
    answer = client.authenticate("authorization_code", code=issued.json()["code"]).json()
    assert issued.status_code == 201
    assert issued.json()["user_id"] == answer["user"]["id"] == user["id"]
    assert answer["authentication_method"] == "Password"


def test_a_code_can_stand_for_another_method(client: Client) -> None:
    user = create_user(client)
    body = {"user_id": user["id"], "authentication_method": "GoogleOAuth"}
    code = client.post("/_emulate/codes", json=body).json()["code"]
    assert client.authenticate("authorization_code", code=code).json()["authentication_method"] == "GoogleOAuth"


def test_a_code_can_start_an_impersonated_session(client: Client) -> None:
    create_user(client)
    impersonator = {"email": "support@example.com", "reason": "ticket 1"}
    issued = client.post("/_emulate/codes", json={"email": "ada@example.com", "impersonator": impersonator}).json()
    answer = client.authenticate("authorization_code", code=issued["code"]).json()
    assert answer["impersonator"] == impersonator
    assert answer["authentication_method"] == "Impersonation"


def test_an_unknown_method_is_refused_and_the_methods_are_named(client: Client) -> None:
    create_user(client)
    body = {"email": "ada@example.com", "authentication_method": "Telepathy"}
    response = client.post("/_emulate/codes", json=body)
    assert response.status_code == 422
    assert "MagicAuth" in response.json()["errors"][0]["message"]


def test_a_code_for_nobody_is_refused(client: Client) -> None:
    assert client.post("/_emulate/codes", json={}).status_code == 422
    assert client.post("/_emulate/codes", json={"user_id": "user_1"}).status_code == 404
    assert client.post("/_emulate/codes", json={"email": "nobody@example.com"}).status_code == 404


def test_the_totp_code_is_one_that_is_accepted(client: Client) -> None:
    enrolled = enroll_totp(client, create_user(client)["id"])
    factor, challenge = enrolled["authentication_factor"], enrolled["authentication_challenge"]
    current = client.get(f"/_emulate/totp/{factor['id']}").json()
    verified = client.post(f"/auth/challenges/{challenge['id']}/verify", json={"code": current["code"]}).json()
    assert verified["valid"] is True
    assert current["factor_id"] == factor["id"]


def test_a_second_totp_code_is_another_one_and_then_the_window_is_spent(client: Client) -> None:
    client.put("/_emulate/clock", json={"now": "2030-01-15T12:00:10.000Z", "frozen": True})
    factor = enroll_totp(client, create_user(client)["id"])["authentication_factor"]
    for _ in range(2):
        code = client.get(f"/_emulate/totp/{factor['id']}").raise_for_status().json()["code"]
        challenge = client.post(f"/auth/factors/{factor['id']}/challenge").json()
        assert client.post(f"/auth/challenges/{challenge['id']}/verify", json={"code": code}).json()["valid"]
    spent = client.get(f"/_emulate/totp/{factor['id']}")
    assert spent.status_code == 409
    assert spent.json()["code"] == "totp_window_spent"
    assert spent.json()["retry_at"] == "2030-01-15T12:00:30.000Z"
    client.advance(20)
    assert client.get(f"/_emulate/totp/{factor['id']}").status_code == 200


def test_a_totp_code_says_until_when_it_is_accepted(client: Client) -> None:
    client.put("/_emulate/clock", json={"now": "2030-01-15T12:00:10.000Z", "frozen": True})
    factor = enroll_totp(client, create_user(client)["id"])["authentication_factor"]
    expires_at = client.get(f"/_emulate/totp/{factor['id']}").json()["expires_at"]
    assert datetime.fromisoformat(expires_at) == datetime.fromisoformat("2030-01-15T12:01:00Z")


def test_factors_of_other_types_have_no_current_code(client: Client) -> None:
    factor = client.post("/auth/factors/enroll", json={"type": "sms", "phone_number": "+15005550006"}).json()
    response = client.get(f"/_emulate/totp/{factor['id']}")
    assert (response.status_code, response.json()["code"]) == (422, "factor_is_not_totp")
    assert client.get("/_emulate/totp/auth_factor_1").status_code == 404
