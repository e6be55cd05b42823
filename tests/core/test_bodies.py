"""Bodies: what counts as none, what is ignored, and that no bytes break the server."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mockserver.core.bodies import MalformedBody, parse_json
from tests.builders import create_user
from tests.conftest import Client

USERS = "/user_management/users"
JSON_TYPE = {"Content-Type": "application/json"}


@pytest.mark.parametrize("content", [b"", b"  \n", b"{}", b"null", b"[]"])
def test_nothing_counts_as_the_empty_object(client: Client, content: bytes) -> None:
    user = create_user(client)
    response = client.put(f"{USERS}/{user['id']}", content=content, headers=JSON_TYPE)
    assert response.status_code == 200
    assert response.json() == user


def test_absent_body_counts_as_the_empty_object(client: Client) -> None:
    user = create_user(client)
    assert client.put(f"{USERS}/{user['id']}").json() == user


def test_get_and_delete_may_name_a_json_type_without_a_body(client: Client) -> None:
    user = create_user(client)
    assert client.get(f"{USERS}/{user['id']}", headers=JSON_TYPE).status_code == 200
    assert client.delete(f"{USERS}/{user['id']}", headers=JSON_TYPE).status_code == 200


def test_delete_may_have_a_body(client: Client) -> None:
    user = create_user(client)
    assert client.request("DELETE", f"{USERS}/{user['id']}", json={"reason": "left"}).status_code == 200


def test_unknown_members_and_query_parameters_are_ignored(client: Client) -> None:
    body = {"email": "ada@example.com", "session": {"seal_session": True}, "signals_id": 7}
    assert client.post(USERS, json=body, params={"future": "1"}).status_code == 201


def test_null_counts_as_absent(client: Client) -> None:
    body = {
        "email": "ada@example.com",
        "email_verified": None,
        "first_name": None,
        "metadata": None,
        "password": None,
        "password_hash": None,
        "password_hash_type": None,
    }
    response = client.post(USERS, json=body)
    assert response.status_code == 201
    assert response.json()["email_verified"] is False
    assert response.json()["metadata"] == {}


def test_null_for_a_required_member_is_its_absence(client: Client) -> None:
    response = client.post(USERS, json={"email": None})
    assert response.status_code == 422
    assert response.json()["errors"][0]["code"] == "email_string_required"


def test_content_type_of_json_does_not_matter(client: Client) -> None:
    content = json.dumps({"email": "ada@example.com"}).encode()
    assert client.post(USERS, content=content, headers={"Content-Type": "text/plain"}).status_code == 201


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"{", id="cut off"),
        pytest.param(b'{"email": "ada@example.com"', id="not closed"),
        pytest.param(b"{'email': 1}", id="single quotes"),
        pytest.param(b"\x00", id="NUL"),
        pytest.param(b'{"email": "\\ud800@example.com"}', id="lone high surrogate"),
        pytest.param(b'{"email": "\\udfff@example.com"}', id="lone low surrogate"),
        pytest.param(b'{"\\ud800": 1}', id="lone surrogate in a name"),
        pytest.param(b'{"email": "\xff@example.com"}', id="invalid UTF-8"),
        pytest.param(b'{"email": "\xed\xa0\x80"}', id="surrogate in UTF-8"),
        pytest.param(b"[" * 100_000, id="open brackets"),
        pytest.param(b'{"metadata": ' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001, id="deep nesting"),
        pytest.param(b'{"metadata": {"a": 1e999}}', id="number out of range"),
        pytest.param(b'{"metadata": {"a": NaN}}', id="not a number"),
        pytest.param(b"[1]", id="array"),
        pytest.param(b'"text"', id="text"),
        pytest.param(b"7", id="number"),
        pytest.param(b"true", id="boolean"),
    ],
)
def test_malformed_body_is_refused_with_400(client: Client, content: bytes) -> None:
    response = client.post(USERS, content=content, headers=JSON_TYPE)
    assert response.status_code == 400
    assert list(response.json()) == ["message"]


@pytest.mark.parametrize("value", ["\x00", "a\x00b", "\ufffe", "\U0001f600", "e\u0301", "\u202eabc", "x" * 10_000])
def test_odd_characters_are_kept_as_they_are(client: Client, value: str) -> None:
    user = create_user(client, first_name=value, metadata={"key": value[:600]})
    read = client.get(f"{USERS}/{user['id']}").json()
    assert read["first_name"] == value
    assert read["metadata"] == {"key": value[:600]}


@pytest.mark.parametrize("value", [2**63, -(2**70), 1.5, [], {}, [[]], True])
def test_value_of_another_type_is_a_validation_error(client: Client, value: Any) -> None:
    response = client.post(USERS, json={"email": "ada@example.com", "first_name": value})
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["first_name"]


@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-8",
        "Application/X-WWW-Form-URLEncoded",
    ],
)
def test_form_body_is_read(client: Client, content_type: str) -> None:
    content = b"email=ada%2Bx%40example.com&first_name=Ada+Maria&email_verified=true"
    response = client.post(USERS, content=content, headers={"Content-Type": content_type})
    assert response.status_code == 201
    assert response.json()["email"] == "ada+x@example.com"
    assert response.json()["first_name"] == "Ada Maria"
    assert response.json()["email_verified"] is True


@pytest.mark.parametrize("content", [b"", b"&&&", b"=", b"%", b"email=%ff%00", b"email=\xff", b"\x00"])
def test_malformed_form_is_a_validation_error(client: Client, content: bytes) -> None:
    response = client.post(USERS, content=content, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert response.status_code == 422


@pytest.mark.fault("A6")
def test_a_large_body_is_read_in_pieces_as_it_is_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["}, {", '"},{"', "[{},{}]", "\\", ""]
    objects = [{"number": number, "text": texts[number % 5], "list": [{}, {"a": [{}, {}]}]} for number in range(200)]
    content = {"objects": objects, "mixed": [1, "}, {", {}, [], {"a": None}], "empty": [], "text": "x" * 100}
    monkeypatch.setattr("mockserver.core.bodies.PIECE", 16)
    for separators in ((",", ":"), (", ", ": ")):
        assert parse_json(json.dumps(content, separators=separators).encode()) == content
    assert parse_json(b" \n" + json.dumps(content, indent=1).encode()) == content


@pytest.mark.fault("A6")
@pytest.mark.parametrize("end", [b"", b"]", b"]}}", b"],}", b"]} x"])
def test_a_large_body_that_is_no_json_is_refused(monkeypatch: pytest.MonkeyPatch, end: bytes) -> None:
    monkeypatch.setattr("mockserver.core.bodies.PIECE", 16)
    with pytest.raises(MalformedBody):
        parse_json(b'{"a": [' + b", ".join([b'{"b": 1}'] * 100) + end)
