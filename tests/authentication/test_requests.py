"""The shape of a call to authenticate, whatever the grant."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import EMAIL_VERIFICATION, MAGIC_AUTH, MFA_TOTP, PASSWORD, create_magic_auth, create_user
from tests.conftest import Client

URL = "/user_management/authenticate"


def test_missing_grant_type_is_an_invalid_request(client: Client) -> None:
    response = client.post(URL, json={"client_id": client.client_id})
    assert response.status_code == 400
    assert response.json() == {"error": "invalid_request", "error_description": "grant_type is required."}


def test_unknown_grant_type_is_an_invalid_request(client: Client) -> None:
    response = client.authenticate("client_credentials")
    assert response.status_code == 400
    assert response.json() == {
        "error": "invalid_request",
        "error_description": "Unknown grant_type: 'client_credentials'.",
    }


@pytest.mark.parametrize("grant_type", [["password"], {"name": "password"}, 1, True])
def test_grant_type_of_a_wrong_type_is_refused_with_422(client: Client, grant_type: Any) -> None:
    response = client.authenticate(grant_type)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["grant_type"]


@pytest.mark.parametrize(
    "grant_type",
    [
        "urn:workos:oauth:grant-type:radar-email-challenge:code",
        "urn:workos:oauth:grant-type:radar-sms-challenge:code",
    ],
)
def test_grant_that_is_not_built_answers_501(client: Client, grant_type: str) -> None:
    response = client.authenticate(grant_type)
    assert response.status_code == 501
    assert response.json()["code"] == "emulator_not_implemented"
    assert response.json()["operation"] == grant_type


@pytest.mark.parametrize(
    ("grant_type", "members"),
    [
        ("password", ["email", "password"]),
        ("authorization_code", ["code"]),
        ("refresh_token", ["refresh_token"]),
        (MAGIC_AUTH, ["code", "email"]),
        (EMAIL_VERIFICATION, ["code", "pending_authentication_token"]),
        (MFA_TOTP, ["code", "pending_authentication_token", "authentication_challenge_id"]),
    ],
)
def test_missing_member_of_a_grant_is_an_invalid_request_that_names_it(
    client: Client, grant_type: str, members: list[str]
) -> None:
    for missing in members:
        sent = {member: "x" for member in members if member != missing}
        response = client.authenticate(grant_type, **sent)
        assert response.status_code == 400
        assert response.json() == {"error": "invalid_request", "error_description": f"{missing} is required."}


@pytest.mark.parametrize("empty", ["", None])
def test_empty_member_counts_as_missing(client: Client, empty: str | None) -> None:
    response = client.authenticate("password", email="ada@example.com", password=empty)
    assert response.status_code == 400
    assert response.json()["error_description"] == "password is required."


def test_member_of_a_wrong_type_is_refused_with_422(client: Client) -> None:
    response = client.authenticate(MAGIC_AUTH, email="ada@example.com", code=123456)
    assert response.status_code == 422
    assert response.json() == {
        "code": "invalid_request_parameters",
        "message": "Validation failed.",
        "errors": [
            {"field": "code", "code": "code_string_required", "message": "Code must be a non-empty string."},
        ],
    }


@pytest.mark.parametrize("name", ["client_id", "client_secret"])
def test_credential_of_a_wrong_type_is_refused_with_422(client: Client, name: str) -> None:
    response = client.authenticate("password", **{"email": "a", "password": "b", name: ["x"]})
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == name


def test_form_body_signs_in(client: Client) -> None:
    create_user(client, password=PASSWORD)
    form = {
        "client_id": client.client_id,
        "client_secret": client.api_key,
        "grant_type": "password",
        "email": "ada@example.com",
        "password": PASSWORD,
    }
    response = client.keyless.post(URL, data=form)
    assert response.status_code == 200
    assert response.json()["user"]["email"] == "ada@example.com"


def test_code_of_digits_in_a_form_stays_a_text(client: Client) -> None:
    client.change_settings(fixed_codes={"*": "000042"})
    create_magic_auth(client)
    form = {"client_id": client.client_id, "grant_type": MAGIC_AUTH, "email": "ada@example.com", "code": "000042"}
    assert client.post(URL, data=form).status_code == 200


def test_unknown_members_are_ignored(client: Client) -> None:
    create_user(client, password=PASSWORD)
    extra: dict[str, Any] = {
        "session": {"seal_session": True, "cookie_password": "x" * 32},
        "device_id": "device_1",
        "signals_id": None,
        "radar_auth_attempt_id": "radar_1",
    }
    response = client.authenticate("password", email="ada@example.com", password=PASSWORD, **extra)
    assert response.status_code == 200
    assert "sealed_session" not in response.json()


def test_null_counts_as_absent(client: Client) -> None:
    create_user(client, password=PASSWORD)
    nulls = {"ip_address": None, "user_agent": None, "invitation_token": None}
    assert client.authenticate("password", email="ada@example.com", password=PASSWORD, **nulls).status_code == 200


def test_malformed_json_is_refused_in_json(client: Client) -> None:
    response = client.post(URL, content=b"{", headers={"content-type": "application/json"})
    assert response.status_code == 400
    assert response.json() == {"message": "Problems parsing JSON"}


def test_failure_has_a_request_id(client: Client) -> None:
    response = client.authenticate("password", email="nobody@example.com", password=PASSWORD)
    assert response.status_code == 400
    assert len(response.headers["x-request-id"]) == 36
