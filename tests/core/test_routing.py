"""Which endpoint a method and path lead to."""

from __future__ import annotations

import json
import logging
import re
from urllib.parse import quote

import pytest

from mockserver.app import ENDPOINTS
from mockserver.core.routing import OPERATIONS
from tests.builders import create_user
from tests.conftest import Client

USERS = "/user_management/users"


@pytest.mark.fault("B9")
@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/user_management",
        "/user_management/users/a/b/c/d",
        "/events/event_1",
        "/organizations/org_1/feature_flags?order=desc",
        "/a%2Fb/%C3%A9?q=%20",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_unknown_path_is_not_found_and_named_as_it_was_sent(client: Client, method: str, path: str) -> None:
    response = client.request(method, path)
    assert response.status_code == 404
    assert response.json() == {"message": f"Cannot {method} {path}", "error": "Not Found"}


@pytest.mark.fault("B9")
def test_query_of_an_unknown_path_is_not_in_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "mockserver.requests"):
        client.get("/nowhere?token=secret-of-somebody")
        client.get("/nowhere/else")
    assert "/nowhere 404" in caplog.text
    assert "secret-of-somebody" not in caplog.text


def test_method_that_a_path_does_not_take_is_refused_with_those_it_takes(client: Client) -> None:
    response = client.patch(USERS)
    assert response.status_code == 405
    assert response.json() == {"message": "Method Not Allowed"}
    assert response.headers["allow"] == "GET, POST"


def test_operation_that_is_not_built_is_named(client: Client) -> None:
    response = client.post("/vault/v1/kv", json={"name": "secret"})
    assert response.status_code == 501
    assert response.json() == {
        "code": "emulator_not_implemented",
        "message": "This server does not implement POST /vault/v1/kv (JumpWireWeb.DataVaultController.create) yet.",
        "operation": "JumpWireWeb.DataVaultController.create",
    }


@pytest.mark.fault("B12")
@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("GET", "/user_management/waitlists", "user_management.list_waitlists"),
        ("POST", "/user_management/waitlist_entries/entry_1/approve", "user_management.create_waitlist_entry_approve"),
        ("PATCH", "/connections/conn_1", "sso.update_connection"),
        ("POST", "/passwordless/sessions", "passwordless.create_session"),
        ("POST", "/passwordless/sessions/session_1/send", "passwordless.send_session"),
    ],
)
def test_operation_that_the_newest_sdk_alone_knows_is_named_as_it_is_there(
    client: Client, method: str, path: str, operation: str
) -> None:
    response = client.request(method, path)
    assert (response.status_code, response.json()["operation"]) == (501, operation)


@pytest.mark.fault("B12")
@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("GET", "/oauth2/authorize", "/oauth2/*"),
        ("POST", "/oauth2/token", "/oauth2/*"),
        ("GET", "/oauth2/.well-known/openid-configuration", "/oauth2/*"),
        ("GET", "/_widgets/UserProfile/me", "/_widgets/*"),
        ("DELETE", "/_widgets/anything/at/all", "/_widgets/*"),
    ],
)
def test_call_that_no_description_lists_is_named_by_its_family(
    client: Client, method: str, path: str, operation: str
) -> None:
    response = client.request(method, path)
    assert response.status_code == 501
    assert response.json() == {
        "code": "emulator_not_implemented",
        "message": f"This server does not implement {method} {path} ({operation}) yet.",
        "operation": operation,
    }


def test_every_operation_of_the_public_api_is_built_or_named(client: Client) -> None:
    built = {(endpoint.method, re.sub(r"{\w+}", "{}", endpoint.path)) for endpoint in ENDPOINTS}
    for method, path, operation in json.loads(OPERATIONS.read_text()):
        if (method, re.sub(r"{\w+}", "{}", path)) not in built:
            response = client.request(method, path)
            assert (response.status_code, response.json()["operation"]) == (501, operation)


def test_missing_object_is_not_mistaken_for_an_operation_that_is_not_built(client: Client) -> None:
    assert client.get(f"{USERS}/user_missing").status_code == 404
    assert client.get(f"{USERS}/external_id/missing").json()["code"] == "entity_not_found"


def test_empty_segments_and_a_trailing_slash_are_ignored(client: Client) -> None:
    user = create_user(client)
    assert client.get(f"/user_management//users/{user['id']}/").json() == user


@pytest.mark.parametrize("external_id", ["a/b", "a b", "a+b", "a%2Fb", "?#", "..", "a\x00b", "a:b;c=d&e"])
def test_path_segment_is_decoded_once(client: Client, external_id: str) -> None:
    user = create_user(client, external_id=external_id)
    path = f"{USERS}/external_id/{quote(external_id, safe='').replace('..', '%2E%2E')}"
    assert client.get(path).json() == user


@pytest.mark.parametrize(
    ("segment", "id"), [("%C3%BC%F0%9F%98%80", "ü😀"), ("a%20b", "a b"), ("%ff", "\ufffd"), ("a%0Ab", "a\nb")]
)
def test_id_of_any_characters_is_only_missing(client: Client, segment: str, id: str) -> None:
    response = client.get(f"{USERS}/{segment}")
    assert response.status_code == 404
    assert response.json()["entity_id"] == id


def test_literal_segment_wins_over_a_parameter(client: Client) -> None:
    user = create_user(client, external_id="external_id")
    assert client.get(f"{USERS}/external_id/external_id").json() == user
