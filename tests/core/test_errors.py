"""The two envelopes of a refusal, and who is refused at the door."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from tests.builders import create_user
from tests.conftest import Client, MockServer

USERS = "/user_management/users"


def test_missing_object_is_named_with_its_id(client: Client) -> None:
    response = client.get(f"{USERS}/user_x")
    assert response.status_code == 404
    assert response.json() == {
        "message": "User not found: 'user_x'.",
        "code": "entity_not_found",
        "entity_id": "user_x",
    }


def test_token_failure_has_the_oauth_envelope(client: Client) -> None:
    response = client.authenticate("authorization_code", code="unknown")
    assert response.status_code == 400
    assert set(response.json()) == {"error", "error_description"}


def test_every_invalid_field_is_reported_at_once(client: Client) -> None:
    body = {"first_name": 7, "email_verified": "yes", "metadata": [], "password_hash_type": "md5"}
    response = client.post(USERS, json=body)
    assert response.status_code == 422
    answer = response.json()
    assert answer["code"] == "invalid_request_parameters"
    assert answer["message"] == "Validation failed."
    fields = {error["field"]: error["code"] for error in answer["errors"]}
    assert fields == {
        "email": "email_string_required",
        "first_name": "first_name_string_required",
        "email_verified": "email_verified_boolean_required",
        "metadata": "metadata_object_required",
        "password_hash_type": "password_hash_type_invalid",
    }


def test_element_of_errors_has_field_code_and_message(client: Client) -> None:
    (error,) = client.post(USERS, json={}).json()["errors"]
    assert error == {
        "field": "email",
        "code": "email_string_required",
        "message": "Email must be a non-empty string.",
    }


def test_every_invalid_query_parameter_is_reported_at_once(client: Client) -> None:
    response = client.get(USERS, params={"limit": "many", "order": "up"})
    assert response.status_code == 422
    assert {error["field"] for error in response.json()["errors"]} == {"limit", "order"}


def test_refused_request_leaves_nothing_behind(client: Client) -> None:
    create_user(client, "ada@example.com", external_id="ada")
    response = client.post(USERS, json={"email": "bob@example.com", "external_id": "ada"})
    assert response.status_code == 400
    assert client.get(USERS, params={"email": "bob@example.com"}).json()["data"] == []
    assert client.event_names() == ["user.created"]


@pytest.mark.parametrize(
    "authorization",
    [None, "Bearer", "Bearer sk_test_of_nobody", "Bearer sk_live_123", "Basic {key}", "{key}"],
)
def test_request_without_a_known_api_key_is_unauthorized(
    server: MockServer, client: Client, authorization: str | None
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization.format(key=client.api_key)}
    response = httpx.get(server.url + USERS, headers=headers)
    assert response.status_code == 401
    assert response.json() == {"message": "Unauthorized"}
    assert "www-authenticate" not in response.headers


def test_scheme_of_authorization_is_read_in_any_case(client: Client) -> None:
    assert client.get(USERS, headers={"Authorization": f"bearer {client.api_key}"}).status_code == 200


def test_key_of_one_environment_does_not_see_another(new_client: Callable[..., Client]) -> None:
    client, other = new_client(), new_client()
    user = create_user(client)
    assert other.get(f"{USERS}/{user['id']}").status_code == 404
    assert create_user(other)["email"] == user["email"]
