"""No input yields a 5xx, save the 501 that names what isn't built; every answer is sound and has a request id."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.app import ENDPOINTS
from mockserver.authentication.grants import GRANTS
from mockserver.core.routing import Endpoint
from tests.builders import (
    PASSWORD,
    create_magic_auth,
    create_password_reset,
    create_user,
    enroll_totp,
    sign_in,
)
from tests.conftest import Client

JSON_TYPE = {"Content-Type": "application/json"}
FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded"}

WRITING = [e for e in ENDPOINTS if e.method in ("POST", "PUT", "PATCH") and not e.is_control]
READING = [e for e in ENDPOINTS if e.method == "GET" and not e.is_control]

few = settings(max_examples=5)

QUERY_VALUES = ["1", "100", "asc", "normal", "user.created", "user.created,", "2026-01-15T12:00:00Z", "code", "authkit"]

texts = st.text(max_size=20) | st.sampled_from(
    [
        "",
        "ada@example.com",
        "\x00",
        "x" * 2000,
        "bcrypt",
        "ssha256",
        "totp",
        "123456",
        PASSWORD,
        "http://localhost/",
        "$",
    ]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def fields(endpoint: Endpoint) -> list[str]:
    """The members that the endpoint may read; of every grant for the one that takes them all."""
    names: set[str] = set()
    shapes: list[type[msgspec.Struct]] = [endpoint.body] if endpoint.body else []
    if endpoint.path == "/user_management/authenticate":
        shapes += GRANTS.values()
        names.update(("grant_type", "client_id", "client_secret"))
    names.update(field.encode_name for shape in shapes for field in msgspec.structs.fields(shape))
    return sorted(names)


def bodies(endpoint: Endpoint) -> st.SearchStrategy[dict[str, Any]]:
    known = st.sampled_from(fields(endpoint)) if fields(endpoint) else texts
    usual = {"grant_type": st.sampled_from(list(GRANTS)), "type": st.just("totp"), "email": st.just("ada@example.com")}
    likely = st.fixed_dictionaries({}, optional={name: usual.get(name, values) | values for name in fields(endpoint)})
    return likely | st.dictionaries(known | texts, values, max_size=5)


class World:
    """An environment with something of every kind, and the id of one of each."""

    def __init__(self, client: Client) -> None:
        self.client = client
        user = create_user(client, password=PASSWORD)
        sign_in(client)
        factor = enroll_totp(client, user["id"])
        self.ids = {
            "{client_id}": client.client_id,
            "magic_auth/{id}": create_magic_auth(client)["id"],
            "password_reset/{id}": create_password_reset(client)["id"],
            "factors/{id}": factor["authentication_factor"]["id"],
            "challenges/{id}": factor["authentication_challenge"]["id"],
            "users/{id}": user["id"],
        }

    def path(self, endpoint: Endpoint) -> str:
        """Its parameter leads to what exists, where the world has it."""
        path = endpoint.path
        for pattern, id in self.ids.items():
            path = path.replace(pattern, pattern.partition("{")[0] + id)
        return re.sub(r"{\w+}", self.ids["users/{id}"], path)


@pytest.fixture
def world(new_client: Callable[..., Client]) -> World:
    return World(new_client(settings={"password_policy": "off"}))


def require_sound(response: httpx.Response) -> None:
    if response.status_code >= 500:
        assert response.status_code == 501, response.text
        assert response.json()["operation"]
    assert "x-request-id" in response.headers
    if response.headers.get("content-type", "").startswith("text/"):
        assert response.content  # a page, or what one loads
    elif response.content:
        assert isinstance(response.json(), dict | list)  # identities are a bare array
    else:
        assert "content-type" not in response.headers


def named(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {endpoint.path}"


@pytest.mark.parametrize("endpoint", WRITING, ids=named)
@few
@given(data=st.data())
def test_any_object_as_a_body_is_answered(world: World, endpoint: Endpoint, data: st.DataObject) -> None:
    content = data.draw(bodies(endpoint))
    path = world.path(endpoint)
    if data.draw(st.booleans()):
        credentials = {"client_id": world.client.client_id, "client_secret": world.client.api_key}
        content |= credentials if "authenticate" in endpoint.path else {}
    require_sound(world.client.request(endpoint.method, path, content=json.dumps(content), headers=JSON_TYPE))


@pytest.mark.parametrize("endpoint", WRITING, ids=named)
@few
@given(content=st.binary(max_size=60) | values.map(lambda value: json.dumps(value).encode()), is_form=st.booleans())
def test_any_bytes_as_a_body_are_answered(world: World, endpoint: Endpoint, content: bytes, is_form: bool) -> None:
    headers = FORM_TYPE if is_form else JSON_TYPE
    require_sound(world.client.request(endpoint.method, world.path(endpoint), content=content, headers=headers))


@pytest.mark.parametrize("endpoint", [e for e in WRITING if fields(e)], ids=named)
@few
@given(data=st.data())
def test_any_form_is_answered(world: World, endpoint: Endpoint, data: st.DataObject) -> None:
    content = urlencode(data.draw(st.dictionaries(st.sampled_from(fields(endpoint)), texts, max_size=6)))
    require_sound(world.client.request(endpoint.method, world.path(endpoint), content=content, headers=FORM_TYPE))


@pytest.mark.parametrize("endpoint", READING, ids=named)
@few
@given(data=st.data())
def test_any_query_is_answered(world: World, endpoint: Endpoint, data: st.DataObject) -> None:
    names = [field.encode_name for field in msgspec.structs.fields(endpoint.query)] if endpoint.query else []
    pairs = st.tuples(st.sampled_from(names) | texts if names else texts, texts | st.sampled_from(QUERY_VALUES))
    query = urlencode(data.draw(st.lists(pairs, max_size=6)))
    require_sound(world.client.get(f"{world.path(endpoint)}?{query}"))


@pytest.mark.parametrize("endpoint", [e for e in ENDPOINTS if "{" in e.path and not e.is_control], ids=named)
@few
@given(text=texts | st.binary(max_size=10))
def test_any_path_parameter_is_answered(world: World, endpoint: Endpoint, text: str | bytes) -> None:
    path = re.sub(r"{\w+}", lambda _: quote(text, safe="").replace(".", "%2E"), endpoint.path)
    require_sound(world.client.request(endpoint.method, path))
