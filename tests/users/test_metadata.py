"""Metadata merges."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.builders import create_user
from tests.conftest import Client

USERS = "/user_management/users"
OLD = {"plan": "pro", "team": "red"}


def update(client: Client, metadata: Any) -> httpx.Response:
    user = create_user(client, metadata=OLD)
    return client.put(f"{USERS}/{user['id']}", json={"metadata": metadata})


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"plan": "free"}, {"plan": "free", "team": "red"}),
        ({"seats": "5"}, {"plan": "pro", "team": "red", "seats": "5"}),
        ({"plan": None}, {"team": "red"}),
        ({"plan": None, "team": None}, {}),
        ({"unknown": None}, OLD),
        ({"plan": ""}, {"plan": "", "team": "red"}),
        ({}, {}),
        (None, {}),
    ],
)
def test_update_merges_and_null_removes(client: Client, sent: Any, kept: dict[str, str]) -> None:
    response = update(client, sent)
    assert response.status_code == 200
    assert response.json()["metadata"] == kept


@pytest.mark.parametrize("sent", [{"a": None}, {}, None])
def test_nothing_is_the_metadata_of_a_new_user_without_values(client: Client, sent: Any) -> None:
    assert create_user(client, metadata=sent)["metadata"] == {}


@pytest.mark.parametrize(
    "metadata",
    [
        pytest.param({str(index): "x" for index in range(50)}, id="50 pairs"),
        pytest.param({"k" * 40: "x"}, id="key of 40"),
        pytest.param({"key": "x" * 600}, id="value of 600"),
        pytest.param({"clé": "é"}, id="not ASCII"),
    ],
)
def test_metadata_at_its_limits_is_kept(client: Client, metadata: dict[str, str]) -> None:
    assert create_user(client, metadata=metadata)["metadata"] == metadata


INVALID = [
    pytest.param({str(index): "x" for index in range(51)}, id="51 pairs"),
    pytest.param({"k" * 41: "x"}, id="key of 41"),
    pytest.param({"": "x"}, id="empty key"),
    pytest.param({"key": "x" * 601}, id="value of 601"),
    pytest.param({"key": 7}, id="number"),
    pytest.param({"key": True}, id="boolean"),
    pytest.param({"key": {"a": "b"}}, id="object"),
    pytest.param({"key": ["a"]}, id="array"),
]


@pytest.mark.parametrize("metadata", INVALID)
def test_invalid_metadata_of_a_new_user_is_refused(client: Client, metadata: Any) -> None:
    response = client.post(USERS, json={"email": "ada@example.com", "metadata": metadata})
    assert response.status_code == 400
    assert response.json()["code"] == "invalid_metadata"
    assert client.get(USERS).json()["data"] == []


@pytest.mark.parametrize("metadata", INVALID)
def test_invalid_metadata_of_an_update_is_refused(client: Client, metadata: Any) -> None:
    response = update(client, metadata)
    assert response.status_code == 400
    assert response.json()["code"] == "invalid_metadata"
    assert client.get(USERS).json()["data"][0]["metadata"] == OLD


def test_fifty_pairs_are_counted_after_the_merge(client: Client) -> None:
    user = create_user(client, metadata={str(index): "x" for index in range(50)})
    full = client.put(f"{USERS}/{user['id']}", json={"metadata": {"new": "x"}})
    assert full.status_code == 400
    swapped = client.put(f"{USERS}/{user['id']}", json={"metadata": {"new": "x", "0": None}})
    assert len(swapped.json()["metadata"]) == 50


@pytest.mark.parametrize("metadata", ["plan", 7, ["plan"], True])
def test_metadata_that_is_no_object_is_a_validation_error(client: Client, metadata: Any) -> None:
    response = update(client, metadata)
    assert response.status_code == 422
    assert response.json()["errors"][0]["code"] == "metadata_object_required"
