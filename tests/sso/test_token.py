from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest

from tests.conftest import Client
from tests.sso_builders import authorize_sso, create_connection, exchange, save_profile

VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
PKCE = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}


def code_of(client: Client, **query: str) -> str:
    return authorize_sso(client, connection=create_connection(client)["id"], **query)["code"]


def access_token(client: Client) -> str:
    token: str = exchange(client, code_of(client)).raise_for_status().json()["access_token"]
    return token


def get_profile(client: Client, token: str) -> Any:
    return client.keyless.get("/sso/profile", headers={"Authorization": f"Bearer {token}"})


def test_code_becomes_a_profile_and_a_token(client: Client) -> None:
    connection = create_connection(client)
    profile = save_profile(client, connection, "ada@acme.test", first_name="Ada")
    answer = exchange(client, authorize_sso(client, connection=connection["id"])["code"]).json()
    assert answer.pop("access_token")
    assert answer == {"token_type": "Bearer", "expires_in": 600, "profile": profile}


@pytest.mark.parametrize("form", ["data", "json", "params"])
def test_members_may_be_a_form_json_or_the_query(client: Client, form: str) -> None:
    members = {
        "client_id": client.client_id,
        "client_secret": client.api_key,
        "grant_type": "authorization_code",
        "code": code_of(client),
    }
    response = client.keyless.request("POST", "/sso/token", **{form: members})  # type: ignore[arg-type]  # one of them
    assert response.status_code == 200


def test_api_key_may_be_sent_as_the_bearer_in_the_place_of_a_secret(client: Client) -> None:
    body = {"client_id": client.client_id, "grant_type": "authorization_code", "code": code_of(client)}
    assert client.post("/sso/token", json=body).status_code == 200


def test_public_client_proves_itself_with_its_verifier(client: Client) -> None:
    response = exchange(client, code_of(client, **PKCE), client_secret=None, code_verifier=VERIFIER)
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("query", "verifier"),
    [(PKCE, "w" * 43), (PKCE, None), ({}, VERIFIER)],
    ids=["another verifier", "no verifier", "no challenge"],
)
def test_verifier_must_answer_the_challenge(client: Client, query: dict[str, str], verifier: str | None) -> None:
    response = exchange(client, code_of(client, **query), code_verifier=verifier)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_grant")


def test_code_is_good_once(client: Client) -> None:
    code = code_of(client)
    exchange(client, code).raise_for_status()
    response = exchange(client, code)
    assert response.status_code == 400
    assert response.json() == {
        "error": "invalid_grant",
        "error_description": f"The code '{code}' has expired or is invalid.",
    }


def test_code_expires_after_ten_minutes(client: Client) -> None:
    code = code_of(client)
    client.advance(601)
    assert exchange(client, code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ({"client_secret": "sk_test_wrong"}, "invalid_client"),
        ({"client_secret": None}, "invalid_client"),
        ({"client_id": "client_of_nobody"}, "invalid_client"),
        ({"client_id": None}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": None}, "unsupported_grant_type"),
        ({"code": "01UNKNOWN"}, "invalid_grant"),
    ],
    ids=str,
)
def test_exchange_is_refused_in_the_oauth_shape(client: Client, members: dict[str, Any], error: str) -> None:
    response = exchange(client, **{"code": code_of(client), **members})
    assert (response.status_code, response.json()["error"]) == (400, error)
    assert response.json()["error_description"]


def test_code_must_be_sent(client: Client) -> None:
    response = exchange(client, code=None)  # type: ignore[arg-type]  # what the test is about
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "code")


def test_token_reads_the_profile_as_it_is_now(client: Client) -> None:
    connection = create_connection(client)
    answer = exchange(client, authorize_sso(client, connection=connection["id"])["code"]).json()
    save_profile(client, connection, answer["profile"]["email"], first_name="Ada")
    read = get_profile(client, answer["access_token"]).raise_for_status().json()
    assert (read["id"], read["first_name"]) == (answer["profile"]["id"], "Ada")


@pytest.mark.parametrize("seconds", [598, 601])
def test_token_is_good_for_ten_minutes(client: Client, seconds: int) -> None:
    client.put("/_emulate/clock", json={"frozen": True}).raise_for_status()
    token = access_token(client)
    client.advance(seconds)
    assert get_profile(client, token).status_code == (200 if seconds < 600 else 401)


@pytest.mark.parametrize("token", ["", "unknown"])
def test_other_tokens_read_no_profile(client: Client, token: str) -> None:
    response = get_profile(client, token or client.api_key)
    assert (response.status_code, response.json()) == (401, {"error": "Unauthorized"})


def test_token_is_void_once_its_connection_is_deleted(client: Client) -> None:
    token = access_token(client)
    (connection,) = client.get("/connections").json()["data"]
    client.delete(f"/connections/{connection['id']}").raise_for_status()
    assert get_profile(client, token).status_code == 401


def test_tokens_of_a_provider_are_returned_where_the_setting_says_so(client: Client) -> None:
    client.change_settings(oauth_tokens="on")
    code = authorize_sso(client, provider="GoogleOAuth", provider_scopes="email,calendar")["code"]
    tokens = exchange(client, code).json()["oauth_tokens"]
    assert tokens.pop("access_token") != tokens.pop("refresh_token")
    assert isinstance(tokens.pop("expires_at"), int)
    assert tokens == {"provider": "GoogleOAuth", "scopes": ["email", "calendar"]}


def test_tokens_of_a_provider_are_kept_back_otherwise(client: Client) -> None:
    assert "oauth_tokens" not in exchange(client, authorize_sso(client, provider="GoogleOAuth")["code"]).json()
    client.change_settings(oauth_tokens="on")
    assert "oauth_tokens" not in exchange(client, code_of(client)).json()
