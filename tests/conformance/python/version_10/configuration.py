"""Redirect URIs, CORS origins and the JWT template."""

from __future__ import annotations

import base64
import json
from typing import Any

from workos import ConflictError, NotFoundError, UnprocessableEntityError
from world import World, raises

from version_10 import client_of, create_user, sign_in


def claims_of(access_token: str) -> dict[str, Any]:
    payload = access_token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def check_life_of_a_redirect_uri(world: World) -> None:
    users = client_of(world).user_management
    first = users.create_redirect_uri(uri="https://app.example.com/callback")
    second = users.create_redirect_uri(uri="https://app.example.com/other")
    assert (first.default, second.default) == (True, False)
    listed = users.list_redirect_uris(limit=1, order="asc").auto_paging_iter()
    assert [found.id for found in listed] == [first.id, second.id]
    with raises(UnprocessableEntityError) as refusal:
        users.create_redirect_uri(uri=second.uri)
    assert refusal.error.message == f"Redirect URI '{second.uri}' already exists."
    with raises(UnprocessableEntityError):
        users.create_redirect_uri(uri="nowhere")
    with raises(ConflictError) as refusal:
        users.delete_redirect_uris(first.id)
    assert refusal.error.message == "Cannot delete the default redirect URI."
    assert users.delete_redirect_uris(second.id) is None
    with raises(NotFoundError):
        users.delete_redirect_uris(second.id)


def check_cors_origins(world: World) -> None:
    users = client_of(world).user_management
    made = users.create_cors_origin(origin="https://app.example.com")
    other = users.create_cors_origin(origin="https://other.example.com")
    assert made.origin == "https://app.example.com"
    listed = users.list_cors_origins(limit=1, order="asc").auto_paging_iter()
    assert [found.id for found in listed] == [made.id, other.id]
    with raises(ConflictError) as refusal:
        users.create_cors_origin(origin="https://app.example.com")
    assert refusal.error.code == "duplicate_cors_origin"
    for origin in ("", "nowhere"):
        with raises(UnprocessableEntityError):
            users.create_cors_origin(origin=origin)


def check_jwt_template(world: World) -> None:
    client = client_of(world)
    create_user(client, external_id="ada-1")
    users = client.user_management
    with raises(NotFoundError):
        users.list_jwt_template()
    content = '{"urn:app:id": "{{ user.external_id }}", "greeting": "Hello {{ user.first_name || \'you\' }}"}'
    assert users.update_jwt_template(content=content).content == content
    assert users.list_jwt_template().content == content
    claims = claims_of(sign_in(client).access_token)
    assert (claims["urn:app:id"], claims["greeting"]) == ("ada-1", "Hello you")


def check_invalid_jwt_templates_are_refused(world: World) -> None:
    users = client_of(world).user_management
    for content in ("", "{}", "not JSON", '{"sub": "x"}', '{"claim": "{{ user.unknown }}"}'):
        with raises(UnprocessableEntityError) as refusal:
            users.update_jwt_template(content=content)
        assert refusal.error.code == "invalid_request_parameters"
