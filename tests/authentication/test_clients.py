"""Who may call authenticate: the secret in the body, the key in the header, or a public client."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from typing import Any, NamedTuple

import pytest

from tests.builders import EMAIL_VERIFICATION, MAGIC_AUTH, MFA_TOTP, PASSWORD, create_code, create_user, sign_in
from tests.conftest import Client

VERIFIER = "a-verifier-of-at-least-forty-three-characters-1234"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
INVALID_CLIENT = {"error": "invalid_client", "error_description": "Invalid client ID or secret."}


class Answer(NamedTuple):
    status: int
    body: dict[str, Any]


def authenticate(client: Client, *, bearer: str | None = None, **members: Any) -> Answer:
    """Sends exactly these members, and the header only when it is given (httpx refuses an empty Bearer)."""
    connection = HTTPConnection(client.base_url.host, client.base_url.port or 80)
    headers = {"Content-Type": "application/json"}
    if bearer is not None:
        headers["Authorization"] = f"Bearer {bearer}"
    connection.request("POST", "/user_management/authenticate", json.dumps(members), headers)
    with closing(connection), connection.getresponse() as response:
        return Answer(response.status, json.load(response))


def password_members(client: Client) -> dict[str, str]:
    create_user(client, password=PASSWORD)
    return {
        "client_id": client.client_id,
        "grant_type": "password",
        "email": "ada@example.com",
        "password": PASSWORD,
    }


def test_secret_in_the_body_is_enough(client: Client) -> None:
    members = password_members(client)
    assert authenticate(client, client_secret=client.api_key, **members).status == 200


def test_key_in_the_header_is_enough(client: Client) -> None:
    members = password_members(client)
    assert authenticate(client, bearer=client.api_key, **members).status == 200


def test_right_secret_in_the_body_outweighs_a_wrong_header(client: Client) -> None:
    members = password_members(client)
    response = authenticate(client, bearer="sk_test_other", client_secret=client.api_key, **members)
    assert response.status == 200


def test_wrong_secret_in_the_body_is_refused_beside_a_right_header(client: Client) -> None:
    members = password_members(client)
    response = authenticate(client, bearer=client.api_key, client_secret="sk_test_other", **members)
    assert response.status == 400
    assert response.body == INVALID_CLIENT


@pytest.mark.parametrize("place", ["body", "header"])
def test_wrong_secret_is_refused(client: Client, place: str) -> None:
    members = password_members(client)
    proof = {"client_secret": "sk_test_wrong"} if place == "body" else {"bearer": "sk_test_wrong"}
    response = authenticate(client, **proof, **members)
    assert response.status == 400
    assert response.body == INVALID_CLIENT


@pytest.mark.parametrize("place", ["body", "header"])
def test_key_of_another_environment_is_refused(client: Client, new_client: Callable[..., Client], place: str) -> None:
    members, other = password_members(client), new_client()
    proof = {"client_secret": other.api_key} if place == "body" else {"bearer": other.api_key}
    response = authenticate(client, **proof, **members)
    assert response.status == 400
    assert response.body == INVALID_CLIENT


def test_unknown_client_id_is_refused(client: Client) -> None:
    members = {**password_members(client), "client_id": "client_unknown"}
    response = authenticate(client, client_secret=client.api_key, **members)
    assert response.status == 400
    assert response.body == INVALID_CLIENT


@pytest.mark.parametrize("client_id", ["", None])
def test_missing_client_id_is_an_invalid_request(client: Client, client_id: str | None) -> None:
    members = {**password_members(client), "client_id": client_id}
    response = authenticate(client, client_secret=client.api_key, **members)
    assert response.status == 400
    assert response.body == {"error": "invalid_request", "error_description": "client_id is required."}


@pytest.mark.parametrize(
    "members",
    [
        {"grant_type": "password", "email": "ada@example.com", "password": PASSWORD},
        {"grant_type": "authorization_code", "code": "01ABC"},
        {"grant_type": MAGIC_AUTH, "email": "ada@example.com", "code": "123456"},
        {"grant_type": EMAIL_VERIFICATION, "pending_authentication_token": "x", "code": "123456"},
        {
            "grant_type": MFA_TOTP,
            "pending_authentication_token": "x",
            "authentication_challenge_id": "x",
            "code": "123456",
        },
    ],
    ids=lambda members: members["grant_type"],
)
@pytest.mark.parametrize("bearer", [None, ""])
def test_public_client_is_refused(client: Client, members: dict[str, str], bearer: str | None) -> None:
    create_user(client, password=PASSWORD)
    response = authenticate(client, bearer=bearer, client_id=client.client_id, **members)
    assert response.status == 400
    assert response.body["error"] == "invalid_client"


@pytest.mark.parametrize("bearer", [None, ""])
def test_public_client_redeems_a_code_with_its_verifier(client: Client, bearer: str | None) -> None:
    code = create_code(client, create_user(client), code_challenge=CHALLENGE)
    members = {"client_id": client.client_id, "grant_type": "authorization_code", "code": code}
    response = authenticate(client, bearer=bearer, code_verifier=VERIFIER, **members)
    assert response.status == 200


@pytest.mark.parametrize("bearer", [None, ""])
def test_public_client_refreshes(client: Client, bearer: str | None) -> None:
    create_user(client, password=PASSWORD)
    token = sign_in(client)["refresh_token"]
    members = {"client_id": client.client_id, "grant_type": "refresh_token", "refresh_token": token}
    assert authenticate(client, bearer=bearer, **members).status == 200


def test_refresh_with_a_wrong_secret_is_refused_and_spends_nothing(client: Client) -> None:
    create_user(client, password=PASSWORD)
    token = sign_in(client)["refresh_token"]
    members = {"client_id": client.client_id, "grant_type": "refresh_token", "refresh_token": token}
    assert authenticate(client, client_secret="sk_test_wrong", **members).body == INVALID_CLIENT
    client.advance(60)
    assert authenticate(client, **members).status == 200


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, 200),
        ({"client_secret": "sk_test_wrong"}, 400),
        ({"code_verifier": "another-verifier"}, 400),
    ],
    ids=["both right", "wrong secret", "wrong verifier"],
)
def test_secret_and_verifier_together_are_both_checked(client: Client, changed: dict[str, str], status: int) -> None:
    code = create_code(client, create_user(client), code_challenge=CHALLENGE)
    members = {"client_secret": client.api_key, "code_verifier": VERIFIER, **changed}
    response = authenticate(client, client_id=client.client_id, grant_type="authorization_code", code=code, **members)
    assert response.status == status
