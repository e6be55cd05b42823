"""Bodies over 1 MiB."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import Client

USERS = "/user_management/users"
MIB = 1 << 20


def padded(size: int) -> bytes:
    body = b'{"email": "ada@example.com"}'
    return body + b" " * (size - len(body))


def in_chunks(content: bytes) -> Iterator[bytes]:
    """httpx sends an iterator with `Transfer-Encoding: chunked`."""
    for start in range(0, len(content), 1 << 16):
        yield content[start : start + (1 << 16)]


def test_body_of_exactly_one_mebibyte_is_read(client: Client) -> None:
    assert client.post(USERS, content=padded(MIB)).status_code == 201


@pytest.mark.parametrize("size", [MIB + 1, 3 * MIB])
def test_body_over_one_mebibyte_is_refused(client: Client, size: int) -> None:
    response = client.post(USERS, content=padded(size))
    assert response.status_code == 413
    assert response.json() == {"code": "payload_too_large", "message": "The body is larger than 1 MiB."}
    assert "x-request-id" in response.headers


def test_chunked_body_of_exactly_one_mebibyte_is_read(client: Client) -> None:
    assert client.post(USERS, content=in_chunks(padded(MIB))).status_code == 201


def test_chunked_body_over_one_mebibyte_is_refused(client: Client) -> None:
    response = client.post(USERS, content=in_chunks(padded(MIB + 1)))
    assert response.status_code == 413
    assert response.json()["code"] == "payload_too_large"


def test_server_answers_on_after_a_body_that_was_too_large(client: Client) -> None:
    client.post(USERS, content=padded(3 * MIB))
    assert client.get(USERS).json()["data"] == []
