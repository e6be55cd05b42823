"""GET and PUT /user_management/jwt_template."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.conftest import Client

PATH = "/user_management/jwt_template"
CONTENT = '{"urn:app:email": {{ user.email }}}'


def put(client: Client, content: Any) -> httpx.Response:
    return client.put(PATH, json={"content": content})


def test_environment_without_a_template_answers_404(client: Client) -> None:
    response = client.get(PATH)
    assert response.status_code == 404
    assert response.json() == {"code": "entity_not_found", "message": "JWT template not found."}


def test_template_is_read_back_as_it_was_put(client: Client) -> None:
    response = put(client, CONTENT)
    assert response.status_code == 200
    template = response.json()
    assert template == client.get(PATH).json()
    assert list(template) == ["object", "content", "created_at", "updated_at"]
    assert template["object"] == "jwt_template"
    assert template["content"] == CONTENT


def test_second_template_replaces_the_first_and_keeps_its_creation(client: Client) -> None:
    first = put(client, CONTENT).json()
    client.advance(60)
    second = put(client, '{"a": 1}').json()
    assert second["content"] == '{"a": 1}'
    assert second["created_at"] == first["created_at"]
    assert second["updated_at"] > first["updated_at"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "[ {{ user.email }} ]",
            "Template must render to an object with at least one explicitly defined top-level key",
        ),
        ("{}", "Template must render to an object with at least one explicitly defined top-level key"),
        ("{{ user }}", "Template must render to an object with at least one explicitly defined top-level key"),
        ('{ "iss": {{ user.email }} }', 'Keys reserved (iss, sub, exp, etc.): "iss"'),
        ('{ "user": "{{ user.metadata }}" }', "String encapsulated expression cannot contain object reference"),
        ('{ "d": "{{ organization.domains }}" }', "String encapsulated expression cannot contain object reference"),
        ('{ "a": {{ user.email && user user }} }', 'Invalid expression segment: "user.email && user user"'),
        ('{ "a": {{ user.email || || user.email }} }', 'Invalid expression segment: "user.email || || user.email"'),
        ('{ "a": {{ user.email || }} }', 'Invalid expression segment: "user.email ||"'),
        ("{{ user.id", "Template parse error: missing '}}'"),
        ('{ "a": "{{ user.id" }', "Template parse error: missing '}}'"),
        ("{{}}", "Expression cannot be empty"),
        ('{ "a": {{ unknown.variable }} }', 'Invalid path: "unknown.variable"'),
        ('{ "a": {{ user.last_sign_in_at }} }', 'Invalid path: "user.last_sign_in_at"'),
        ('{ "a": {{ user.email.domain }} }', 'Invalid path: "user.email.domain"'),
        ('{ "a": {{ user.id }}, }', "Template parse error: unexpected '}' at position 22"),
        ('{ "a": 1', "Template parse error: unexpected end"),
        ('{ "{{ user.id }}": 1 }', "Template parse error: a key cannot contain an expression"),
        ('{ "a": "\\ud800" }', "Template parse error: invalid escape sequence"),
    ],
)
def test_invalid_template_is_refused_in_the_documented_words(client: Client, content: str, message: str) -> None:
    response = put(client, content)
    assert response.status_code == 422
    assert response.json() == {
        "code": "invalid_request_parameters",
        "message": "Validation failed.",
        "errors": [{"field": "content", "code": "invalid_jwt_template", "message": message}],
    }
    assert client.get(PATH).status_code == 404


@pytest.mark.parametrize("key", ["iss", "sub", "exp", "iat", "nbf", "jti"])
def test_reserved_claim_is_refused(client: Client, key: str) -> None:
    assert put(client, f'{{"{key}": 1}}').status_code == 422


@pytest.mark.parametrize("key", ["aud", "org_id", "role", "permissions"])
def test_other_standard_claims_may_be_set(client: Client, key: str) -> None:
    assert put(client, f'{{"{key}": "x"}}').status_code == 200


def test_reserved_claim_may_stand_deeper(client: Client) -> None:
    assert put(client, '{"nested": {"iss": 1}}').status_code == 200


@pytest.mark.parametrize("body", [{}, {"content": ""}, {"content": 5}, {"content": None}])
def test_template_must_be_text(client: Client, body: dict[str, Any]) -> None:
    response = client.put(PATH, json=body)
    assert response.status_code == 422
    assert response.json()["errors"][0]["code"] == "content_string_required"


def test_template_needs_a_key(client: Client) -> None:
    assert client.keyless.get(PATH).status_code == 401
    assert client.keyless.put(PATH, json={"content": CONTENT}).status_code == 401


def test_template_records_no_event(client: Client) -> None:
    put(client, CONTENT)
    assert client.event_names() == []
