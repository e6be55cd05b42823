"""Pages: cursors, bounds and what list_metadata says."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import create_user
from tests.conftest import Client

USERS = "/user_management/users"


def create_users(client: Client, count: int) -> list[str]:
    """Their ids, oldest first."""
    return [create_user(client, f"user{index}@example.com")["id"] for index in range(count)]


def page(client: Client, **query: Any) -> tuple[list[str], str | None, str | None]:
    """The ids, `before` and `after`."""
    answer = client.get(USERS, params=query).raise_for_status().json()
    assert answer["object"] == "list"
    metadata = answer["list_metadata"]
    return [user["id"] for user in answer["data"]], metadata["before"], metadata["after"]


def test_empty_list_has_no_cursors(client: Client) -> None:
    assert client.get(USERS).json() == {"object": "list", "data": [], "list_metadata": {"before": None, "after": None}}


def test_default_is_the_newest_ten(client: Client) -> None:
    ids = create_users(client, 11)
    assert page(client) == (ids[:0:-1], None, ids[1])


def test_ascending_order_starts_with_the_oldest(client: Client) -> None:
    ids = create_users(client, 3)
    assert page(client, order="asc", limit=2) == (ids[:2], None, ids[1])


def test_list_that_fits_has_no_cursors(client: Client) -> None:
    ids = create_users(client, 3)
    assert page(client, limit=3, order="asc") == (ids, None, None)


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_after_leads_on_to_the_end(client: Client, order: str) -> None:
    a, b, c, d, e = sorted(create_users(client, 5), reverse=order == "desc")
    assert page(client, order=order, limit=2) == ([a, b], None, b)
    assert page(client, order=order, limit=2, after=b) == ([c, d], c, d)
    assert page(client, order=order, limit=2, after=d) == ([e], e, None)
    assert page(client, order=order, limit=2, after=e) == ([], None, None)


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_before_gives_the_page_just_in_front_in_the_same_order(client: Client, order: str) -> None:
    a, b, c, d, e = sorted(create_users(client, 5), reverse=order == "desc")
    assert page(client, order=order, limit=2, before=e) == ([c, d], c, d)
    assert page(client, order=order, limit=2, before=c) == ([a, b], None, b)
    assert page(client, order=order, limit=2, before=b) == ([a], None, a)
    assert page(client, order=order, limit=2, before=a) == ([], None, None)


def test_normal_order_is_newest_first_and_before_leads_to_older(client: Client) -> None:
    a, b, c, d, e = create_users(client, 5)
    assert page(client, order="normal", limit=2) == ([e, d], d, None)
    assert page(client, order="normal", limit=2, before=d) == ([c, b], b, c)
    assert page(client, order="normal", limit=2, before=b) == ([a], None, a)
    assert page(client, order="normal", limit=2, after=a) == ([c, b], b, c)


def test_both_cursors_bound_the_page(client: Client) -> None:
    a, b, c, d, e = create_users(client, 5)
    assert page(client, order="asc", after=a, before=e) == ([b, c, d], b, d)
    assert page(client, order="asc", after=a, before=e, limit=2) == ([b, c], b, c)
    assert page(client, order="asc", after=e, before=a) == ([], None, None)


@pytest.mark.parametrize("limit", ["1", "100"])
def test_limit_at_its_bounds_is_accepted(client: Client, limit: str) -> None:
    assert client.get(USERS, params={"limit": limit}).status_code == 200


@pytest.mark.parametrize("limit", ["0", "101", "-1", "ten", "1.5", "99999999999999999999"])
def test_limit_out_of_bounds_is_refused(client: Client, limit: str) -> None:
    response = client.get(USERS, params={"limit": limit})
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["limit"]


@pytest.mark.parametrize("order", ["up", "DESC"])
def test_unknown_order_is_refused(client: Client, order: str) -> None:
    response = client.get(USERS, params={"order": order})
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["order"]


@pytest.mark.parametrize(
    "cursor", ["user_x", "\x00", "user_01ARYZ6S410000000000000000", "user_7ZZZZZZZZZZZZZZZZZZZZZZZZZ"]
)
@pytest.mark.parametrize("name", ["after", "before"])
def test_unknown_cursor_does_not_fail(client: Client, name: str, cursor: str) -> None:
    create_users(client, 2)
    assert client.get(USERS, params={name: cursor}).status_code == 200


def test_unknown_cursor_stands_where_its_ulid_would(client: Client) -> None:
    a, b = create_users(client, 2)
    of_2016 = "user_01ARYZ6S410000000000000000"
    assert page(client, order="asc", after=of_2016)[0] == [a, b]
    assert page(client, order="desc", after=of_2016)[0] == []


def test_cursor_of_a_deleted_object_keeps_its_place(client: Client) -> None:
    a, b, c, d = create_users(client, 4)
    client.delete(f"{USERS}/{c}").raise_for_status()
    assert page(client, order="desc", after=c) == ([b, a], b, None)
    assert page(client, order="asc", before=c) == ([a, b], None, b)
    assert page(client, order="asc", after=c) == ([d], d, None)


def test_cursors_count_only_what_the_filter_lets_through(client: Client) -> None:
    create_user(client, "before@example.com")
    id = create_user(client, "ada@example.com")["id"]
    create_user(client, "after@example.com")
    assert page(client, email="ada@example.com", limit=1) == ([id], None, None)
