from __future__ import annotations

import base64
import string
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import pytest

from tests.authenticator import totp
from tests.builders import challenge_factor, create_user, enroll_totp, messages
from tests.conftest import Client


def enroll(client: Client, type: str, **members: Any) -> httpx.Response:
    return client.post("/auth/factors/enroll", json={"type": type, **members})


def test_user_enrolls_a_factor_and_gets_a_challenge_in_one_call(client: Client) -> None:
    user = create_user(client)
    enrolment = enroll_totp(client, user["id"])
    factor, challenge = enrolment["authentication_factor"], enrolment["authentication_challenge"]
    assert set(enrolment) == {"authentication_factor", "authentication_challenge"}
    assert set(factor) == {"object", "id", "type", "user_id", "totp", "created_at", "updated_at"}
    assert (factor["object"], factor["type"], factor["user_id"]) == ("authentication_factor", "totp", user["id"])
    assert factor["id"].startswith("auth_factor_")
    assert challenge == {
        "object": "authentication_challenge",
        "id": challenge["id"],
        "authentication_factor_id": factor["id"],
        "expires_at": challenge["expires_at"],
        "created_at": challenge["created_at"],
        "updated_at": challenge["created_at"],
    }


def test_issuer_and_user_have_defaults(client: Client) -> None:
    client.change_settings(product_name="Foo Corp")
    shown = enroll_totp(client, create_user(client)["id"])["authentication_factor"]["totp"]
    assert (shown["issuer"], shown["user"]) == ("Foo Corp", "ada@example.com")


def test_uri_is_what_authenticator_apps_read(client: Client) -> None:
    user = create_user(client)
    enrolment = enroll_totp(client, user["id"], totp_issuer="Foo & Corp/é", totp_user="ada@foo-corp.com")
    shown = enrolment["authentication_factor"]["totp"]
    parts = urlsplit(shown["uri"])
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert unquote(parts.path) == "/Foo & Corp/é:ada@foo-corp.com"
    assert parse_qs(parts.query) == {
        "secret": [shown["secret"]],
        "issuer": ["Foo & Corp/é"],
        "algorithm": ["SHA1"],
        "digits": ["6"],
        "period": ["30"],
    }


def test_secret_has_32_base32_characters_and_is_never_the_same(client: Client) -> None:
    user = create_user(client)
    secrets = {enroll_totp(client, user["id"])["authentication_factor"]["totp"]["secret"] for _ in range(3)}
    assert len(secrets) == 3
    for secret in secrets:
        assert len(secret) == 32
        assert set(secret) <= set(string.ascii_uppercase + "234567")


def test_qr_code_is_a_png(client: Client) -> None:
    shown = enroll_totp(client, create_user(client)["id"])["authentication_factor"]["totp"]
    scheme, _, data = shown["qr_code"].partition(",")
    assert scheme == "data:image/png;base64"
    png = base64.b64decode(data, validate=True)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert png.endswith(b"IEND\xaeB`\x82")


def test_secret_is_shown_at_enrolment_only(client: Client) -> None:
    user = create_user(client)
    factor = enroll_totp(client, user["id"])["authentication_factor"]
    bare = {**factor, "totp": {"issuer": factor["totp"]["issuer"], "user": factor["totp"]["user"]}}
    assert client.get(f"/auth/factors/{factor['id']}").json() == bare
    listed = client.get(f"/user_management/users/{user['id']}/auth_factors").json()
    assert listed == {"object": "list", "data": [bare], "list_metadata": {"before": None, "after": None}}


@pytest.mark.parametrize(
    "secret", ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "gezd gnbv gy3t qojq gezd gnbv gy3t qojq", "JBSWY3DPEHPK3PXP===="]
)
def test_imported_secret_is_the_one_that_counts(client: Client, secret: str) -> None:
    enrolment = enroll_totp(client, create_user(client)["id"], totp_secret=secret)
    normal = secret.replace(" ", "").rstrip("=").upper()
    assert enrolment["authentication_factor"]["totp"]["secret"] == normal
    challenge = enrolment["authentication_challenge"]["id"]
    response = client.post(f"/auth/challenges/{challenge}/verify", json={"code": totp(client, normal)})
    assert response.json()["valid"] is True


@pytest.mark.parametrize("secret", ["", "too short", "GEZDGNBV", "1890" * 8, "é" * 32, 7])
def test_secret_that_is_no_base32_is_refused(client: Client, secret: Any) -> None:
    url = f"/user_management/users/{create_user(client)['id']}/auth_factors"
    response = client.post(url, json={"type": "totp", "totp_secret": secret})
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["totp_secret"]


@pytest.mark.parametrize("name", ["totp_issuer", "totp_user", "totp_secret"])
def test_what_fits_no_qr_code_is_refused(client: Client, name: str) -> None:
    url = f"/user_management/users/{create_user(client)['id']}/auth_factors"
    response = client.post(url, json={"type": "totp", name: "A" * 3000})
    assert response.status_code == 422
    assert "too long for a QR code" in response.json()["errors"][0]["message"]
    assert client.get(url).json()["data"] == []


def test_longest_uri_still_fits(client: Client) -> None:
    shown = enroll_totp(client, create_user(client)["id"], totp_user="a")["authentication_factor"]["totp"]
    user = "a" * (2954 - len(shown["uri"]))
    shown = enroll(client, "totp", totp_user=user).json()["totp"]
    assert len(shown["uri"]) == 2953
    assert shown["qr_code"].startswith("data:image/png;base64,")


@pytest.mark.parametrize("members", [{}, {"type": "sms"}, {"type": "webauthn"}, {"type": None}])
def test_user_enrolls_totp_only(client: Client, members: dict[str, Any]) -> None:
    response = client.post(f"/user_management/users/{create_user(client)['id']}/auth_factors", json=members)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["type"]


def test_factors_of_an_unknown_user_are_not_found(client: Client) -> None:
    url = "/user_management/users/user_unknown/auth_factors"
    for response in (client.post(url, json={"type": "totp"}), client.get(url)):
        assert response.status_code == 404
        assert response.json()["message"] == "User not found: 'user_unknown'."


def test_general_call_answers_a_bare_factor_without_a_user(client: Client) -> None:
    response = enroll(client, "totp", totp_issuer="Foo Corp", totp_user="ada")
    factor = response.json()
    assert response.status_code == 201
    assert set(factor) == {"object", "id", "type", "totp", "created_at", "updated_at"}
    assert set(factor["totp"]) == {"issuer", "user", "secret", "qr_code", "uri"}
    assert (factor["totp"]["issuer"], factor["totp"]["user"]) == ("Foo Corp", "ada")


def test_general_call_takes_a_user_too(client: Client) -> None:
    user = create_user(client)
    factor = enroll(client, "totp", user_id=user["id"]).json()
    assert factor["user_id"] == user["id"]
    listed = client.get(f"/user_management/users/{user['id']}/auth_factors").json()["data"]
    assert [item["id"] for item in listed] == [factor["id"]]


def test_general_call_refuses_an_unknown_user(client: Client) -> None:
    response = enroll(client, "totp", user_id="user_unknown")
    assert response.status_code == 404
    assert response.json()["entity_id"] == "user_unknown"


def test_sms_factor_shows_its_number_and_no_secret(client: Client) -> None:
    factor = enroll(client, "sms", phone_number="+15005550006").json()
    assert set(factor) == {"object", "id", "type", "sms", "created_at", "updated_at"}
    assert factor["sms"] == {"phone_number": "+15005550006"}
    assert client.get(f"/auth/factors/{factor['id']}").json() == factor
    assert messages(client) == []


@pytest.mark.parametrize("number", [None, "", "call me", "+1"])
def test_sms_factor_needs_a_phone_number(client: Client, number: str | None) -> None:
    response = enroll(client, "sms", phone_number=number)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["phone_number"]


def test_generic_factor_has_no_details(client: Client) -> None:
    factor = enroll(client, "generic_otp").json()
    assert set(factor) == {"object", "id", "type", "created_at", "updated_at"}


def test_factor_is_deleted(client: Client) -> None:
    user = create_user(client)
    factor = enroll_totp(client, user["id"])["authentication_factor"]
    response = client.delete(f"/auth/factors/{factor['id']}")
    assert (response.status_code, response.content) == (204, b"")
    assert client.get(f"/user_management/users/{user['id']}/auth_factors").json()["data"] == []


def test_challenges_go_with_their_factor(client: Client) -> None:
    factor = enroll(client, "totp").json()
    challenge = challenge_factor(client, factor["id"])
    client.delete(f"/auth/factors/{factor['id']}").raise_for_status()
    response = client.post(f"/auth/challenges/{challenge['id']}/verify", json={"code": "123456"})
    assert response.status_code == 404


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("DELETE", ""), ("POST", "/challenge")])
def test_unknown_factor_is_not_found(client: Client, method: str, path: str) -> None:
    response = client.request(method, f"/auth/factors/auth_factor_unknown{path}")
    assert response.status_code == 404
    assert response.json() == {
        "code": "entity_not_found",
        "message": "Authentication Factor not found: 'auth_factor_unknown'.",
        "entity_id": "auth_factor_unknown",
    }


def test_factors_are_paged(client: Client) -> None:
    user = create_user(client)
    ids = [enroll_totp(client, user["id"])["authentication_factor"]["id"] for _ in range(3)]
    url = f"/user_management/users/{user['id']}/auth_factors"
    first = client.get(url, params={"limit": 2, "order": "asc"}).json()
    rest = client.get(url, params={"limit": 2, "order": "asc", "after": first["list_metadata"]["after"]}).json()
    assert [factor["id"] for factor in first["data"] + rest["data"]] == ids
