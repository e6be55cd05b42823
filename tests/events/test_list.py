"""GET /events: what is asked for, in which order, and from where on."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mockserver.events.names import NAMES
from tests.answers import assert_pages, walk
from tests.builders import create_user, state
from tests.conftest import Client

USERS = "/user_management/users"


def listed(client: Client, events: str = "user.created", **query: Any) -> httpx.Response:
    return client.get("/events", params={"events": events, **query})


def emails(client: Client, **query: Any) -> list[str]:
    """Of the users whose creation the events tell."""
    return [event["data"]["email"] for event in listed(client, **query).raise_for_status().json()["data"]]


def set_clock(client: Client, now: str) -> None:
    client.put("/_emulate/clock", json={"now": now, "frozen": True}).raise_for_status()


def create_users(client: Client, *names: str) -> list[str]:
    return [create_user(client, f"{name}@example.com")["email"] for name in names]


@pytest.mark.fault("E1")
@pytest.mark.parametrize("order", ["asc", "request"])
def test_events_of_several_names_page_as_one_list(client: Client, order: str) -> None:
    client.change_settings(events_order=order)
    organization = client.post("/organizations", json={"name": "Acme"}).raise_for_status().json()
    for number in range(3):
        user = create_user(client, f"user-{number}@example.com")
        client.put(f"{USERS}/{user['id']}", json={"first_name": "Ada"}).raise_for_status()
        body = {"user_id": user["id"], "organization_id": organization["id"]}
        client.post("/user_management/organization_memberships", json=body).raise_for_status()
    names = ["user.created", "organization.created", "organization_membership.created", "user.deleted"]
    everything = state(client, "events")
    expected = [event["id"] for event in everything if event["event"] in names]
    assert len(expected) == 7
    if order == "request":
        assert_pages(client, "/events", expected, events=names)
    assert walk(client, "/events", "after", order="asc", events=names) == expected
    of_organization = [event["id"] for event in everything if event["event"] == names[2]]
    query = {"events": names[:3:2], "organization_id": organization["id"], "order": "asc"}
    assert walk(client, "/events", "after", **query) == of_organization


@pytest.mark.fault("E1")
def test_poll_of_several_names_answers_what_came_after_the_newest(client: Client) -> None:
    create_users(client, "ada")
    query = {"events": "user.created,user.updated,user.deleted"}
    (newest,) = listed(client, **query).json()["data"]
    assert listed(client, **query, after=newest["id"]).json()["data"] == []
    create_users(client, "bob")
    assert emails(client, **query, after=newest["id"]) == ["bob@example.com"]


@pytest.mark.fault("E1")
def test_several_names_and_a_range_narrow_each_other(client: Client) -> None:
    for day, name in enumerate(("ada", "bob", "cyd", "dan"), start=1):
        set_clock(client, f"2027-01-0{day}T12:00:00Z")
        create_users(client, name)
    query = {"events": "user.created,user.updated", "range_start": "2027-01-02T00:00:00Z"}
    assert emails(client, **query, range_end="2027-01-04T00:00:00Z") == ["bob@example.com", "cyd@example.com"]
    assert emails(client, **query, range_end="2027-01-04T00:00:00Z", limit=1) == ["bob@example.com"]


def test_event_is_shown_with_a_snapshot_of_its_subject(client: Client) -> None:
    set_clock(client, "2027-01-15T12:00:00Z")
    user = create_user(client)
    client.put(f"{USERS}/{user['id']}", json={"first_name": "Ada"}).raise_for_status()
    (event,) = listed(client).json()["data"]
    assert event["id"].startswith("event_")
    assert event == {
        "object": "event",
        "id": event["id"],
        "event": "user.created",
        "data": user,
        "created_at": "2027-01-15T12:00:00.000Z",
        "context": {},
    }


@pytest.mark.parametrize("query", ["", "events=", "events=,", "events[]="])
def test_events_must_be_named(client: Client, query: str) -> None:
    response = client.get(f"/events?{query}")
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert (error["code"], error["field"]) == ("required", "events")


def test_unknown_event_is_refused_by_its_name(client: Client) -> None:
    response = listed(client, "user.created,user.made,user.undone")
    assert response.status_code == 422
    assert [error["code"] for error in response.json()["errors"]] == ["unknown_event_type"] * 2
    assert "user.made" in response.text


def test_only_named_events_are_listed(client: Client) -> None:
    user = create_user(client)
    client.delete(f"{USERS}/{user['id']}").raise_for_status()
    assert [event["event"] for event in listed(client, "user.deleted").json()["data"]] == ["user.deleted"]
    assert listed(client, "organization.created").json()["data"] == []


def test_event_may_be_named_many_times(client: Client) -> None:
    create_user(client)
    assert len(listed(client, ",".join(["user.created"] * 1500)).json()["data"]) == 1


def test_all_events_may_be_named(client: Client) -> None:
    create_user(client)
    assert len(listed(client, ",".join(NAMES)).json()["data"]) == 1


@pytest.mark.parametrize("order", ["asc", "desc", "normal"])
def test_oldest_comes_first_whatever_order_says(client: Client, order: str) -> None:
    created = create_users(client, "ada", "bob", "cyd")
    assert emails(client, order=order) == created


@pytest.mark.parametrize(("order", "step"), [("asc", 1), ("desc", -1), (None, -1)])
def test_setting_lets_order_decide(client: Client, order: str | None, step: int) -> None:
    client.change_settings(events_order="request")
    created = create_users(client, "ada", "bob")
    query = {} if order is None else {"order": order}
    assert emails(client, **query) == created[::step]


def test_after_leads_through_all_pages(client: Client) -> None:
    created = create_users(client, "ada", "bob", "cyd")
    first = listed(client, limit=2).json()
    cursor = first["list_metadata"]["after"]
    assert cursor == first["data"][-1]["id"]
    second = listed(client, limit=2, after=cursor).json()
    assert [event["data"]["email"] for event in second["data"]] == created[2:]
    assert second["list_metadata"]["after"] is None


def test_before_gives_the_events_just_in_front(client: Client) -> None:
    created = create_users(client, "ada", "bob", "cyd")
    last = listed(client).json()["data"][-1]["id"]
    assert emails(client, before=last, limit=1) == created[1:2]


def test_poller_sees_what_happens_after_its_last_event(client: Client) -> None:
    create_users(client, "ada")
    last = listed(client).json()["data"][-1]["id"]
    assert emails(client, after=last) == []
    create_users(client, "bob")
    assert emails(client, after=last) == ["bob@example.com"]


def test_poller_misses_nothing_when_the_clock_is_set_back(client: Client) -> None:
    set_clock(client, "2027-06-01T12:00:00Z")
    create_users(client, "ada")
    last = listed(client).json()["data"][-1]["id"]
    set_clock(client, "2027-05-01T12:00:00Z")
    create_users(client, "bob")
    assert emails(client, after=last) == ["bob@example.com"]
    assert emails(client) == ["ada@example.com", "bob@example.com"]


def test_range_includes_its_start_and_not_its_end(client: Client) -> None:
    for name, second in (("ada", 1), ("bob", 2), ("cyd", 3)):
        set_clock(client, f"2027-01-15T12:00:0{second}Z")
        create_users(client, name)
    start, end = "2027-01-15T12:00:02.000Z", "2027-01-15T12:00:03.000Z"
    assert emails(client, range_start=start) == ["bob@example.com", "cyd@example.com"]
    assert emails(client, range_end=end) == ["ada@example.com", "bob@example.com"]
    assert emails(client, range_start=start, range_end=end) == ["bob@example.com"]


@pytest.mark.parametrize(
    "moment",
    ["2027-01-15T12:00:02Z", "2027-01-15T13:00:02+01:00", "2027-01-15T12:00:02", "2027-01-15T12:00:02.000000Z"],
)
def test_range_is_read_in_every_form_of_iso_8601(client: Client, moment: str) -> None:
    set_clock(client, "2027-01-15T12:00:02Z")
    create_users(client, "ada")
    assert emails(client, range_start=moment) == ["ada@example.com"]
    assert emails(client, range_end=moment) == []


@pytest.mark.parametrize("name", ["range_start", "range_end"])
@pytest.mark.parametrize("moment", ["yesterday", "2027-13-01", "1768478400", "0001-01-01T00:00:00+05:00"])
def test_range_that_is_no_moment_is_refused(client: Client, name: str, moment: str) -> None:
    response = listed(client, **{name: moment})
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [name]


def test_after_and_range_start_exclude_each_other(client: Client) -> None:
    response = listed(client, after="event_1", range_start="2027-01-15T12:00:00Z")
    assert response.status_code == 400
    assert response.json()["message"] == "Use either after or range_start, not both."


def test_events_of_users_belong_to_no_organization(client: Client) -> None:
    create_user(client)
    assert listed(client, organization_id="org_1").json()["data"] == []


@pytest.mark.parametrize(("limit", "status"), [(0, 422), (1, 200), (100, 200), (101, 422)])
def test_limit_is_from_1_to_100(client: Client, limit: int, status: int) -> None:
    assert listed(client, limit=limit).status_code == status


def test_single_event_has_no_address(client: Client) -> None:
    create_user(client)
    id = listed(client).json()["data"][0]["id"]
    assert client.get(f"/events/{id}").status_code == 404
