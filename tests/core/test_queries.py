"""Query parameters: the spellings of arrays, and repeated or empty ones."""

from __future__ import annotations

import pytest

from tests.builders import create_user
from tests.conftest import Client

BOTH = {"user.created", "user.updated"}


@pytest.mark.parametrize(
    "query",
    [
        "events=user.created,user.updated",
        "events=user.created%2Cuser.updated",
        "events=user.created&events=user.updated",
        "events[]=user.created&events[]=user.updated",
        "events%5B%5D=user.created&events%5B%5D=user.updated",
        "events[0]=user.created&events[1]=user.updated",
        "events%5B0%5D=user.created&events%5B1%5D=user.updated",
        "events=user.created,&events[]=user.updated",
    ],
)
def test_array_is_read_in_every_spelling(client: Client, query: str) -> None:
    user = create_user(client)
    client.put(f"/user_management/users/{user['id']}", json={"first_name": "Ada"})
    response = client.get(f"/events?{query}")
    assert {event["event"] for event in response.json()["data"]} == BOTH


def test_last_of_a_repeated_parameter_counts(client: Client) -> None:
    for name in ("ada", "bob", "cyd"):
        create_user(client, f"{name}@example.com")
    assert len(client.get("/user_management/users?limit=1&limit=2").json()["data"]) == 2


def test_empty_parameter_counts_as_absent(client: Client) -> None:
    create_user(client)
    response = client.get("/user_management/users?limit=&order=&after=&before=&email=&organization_id=")
    assert len(response.json()["data"]) == 1


@pytest.mark.parametrize("query", ["&&&", "=", "%", "%ff=%ff", "a[=1", "email=%ff", "email=%00", "limit=1&=2", "%00"])
def test_odd_query_does_no_harm(client: Client, query: str) -> None:
    assert client.get(f"/user_management/users?{query}").status_code == 200
