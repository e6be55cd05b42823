from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.answers import JSON, assert_pages, ids, not_found
from tests.builders import create_user
from tests.conftest import Client
from tests.memberships.builders import MEMBERSHIPS, create_membership, put
from tests.organization_builders import add_member, create_organization, send_invitation


def one_of_each_status(client: Client) -> tuple[JSON, dict[str, str]]:
    """An organization, and the ids of its memberships by status."""
    organization = create_organization(client)
    active = add_member(client, create_user(client, "active@example.com"), organization)
    inactive = add_member(client, create_user(client, "inactive@example.com"), organization)
    put(client, inactive, "deactivate")
    create_user(client, "pending@example.com")
    send_invitation(client, "pending@example.com", organization_id=organization["id"])
    (pending,) = ids(client, MEMBERSHIPS, organization_id=organization["id"], statuses="pending")
    return organization, {"active": active["id"], "inactive": inactive["id"], "pending": pending}


def test_members_of_an_organization_page_in_all_orders(client: Client) -> None:
    organization = create_organization(client)
    users = [create_user(client, f"user-{number}@example.com") for number in range(5)]
    expected = [add_member(client, user, organization)["id"] for user in users]
    add_member(client, users[0], create_organization(client, "Other"))
    assert_pages(client, MEMBERSHIPS, expected, organization_id=organization["id"])


def test_memberships_of_a_user_page_in_all_orders(client: Client) -> None:
    user = create_user(client)
    expected = [add_member(client, user, create_organization(client))["id"] for _ in range(5)]
    create_membership(client, email="other@example.com")
    assert_pages(client, MEMBERSHIPS, expected, user_id=user["id"])


def test_user_and_organization_narrow_each_other(client: Client) -> None:
    membership = create_membership(client)
    other = create_membership(client, email="bob@example.com")
    query = {"user_id": membership["user_id"], "organization_id": membership["organization_id"]}
    assert client.get(MEMBERSHIPS, params=query).json()["data"] == [membership]
    assert ids(client, MEMBERSHIPS, **{**query, "organization_id": other["organization_id"]}) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["active"]),
        ("statuses=", ["active"]),
        ("statuses=active", ["active"]),
        ("statuses=inactive", ["inactive"]),
        ("statuses=pending", ["pending"]),
        ("statuses=active,pending", ["active", "pending"]),
        ("statuses=active%2Cpending", ["active", "pending"]),
        ("statuses=pending&statuses=inactive", ["inactive", "pending"]),
        ("statuses[]=active&statuses[]=inactive", ["active", "inactive"]),
        ("statuses[0]=active&statuses[1]=inactive", ["active", "inactive"]),
        ("statuses=active,active,active,pending,inactive", ["active", "inactive", "pending"]),
    ],
)
def test_only_active_ones_are_listed_unless_statuses_say_otherwise(
    client: Client, query: str, found: list[str]
) -> None:
    organization, by_status = one_of_each_status(client)
    response = client.get(f"{MEMBERSHIPS}?organization_id={organization['id']}&order=asc&{query}")
    assert [item["id"] for item in response.json()["data"]] == [by_status[status] for status in found]


@pytest.mark.fault("B11")
def test_users_of_an_organization_are_its_active_members(client: Client) -> None:
    organization, _ = one_of_each_status(client)
    response = client.get("/user_management/users", params={"organization_id": organization["id"]})
    assert [user["email"] for user in response.json()["data"]] == ["active@example.com"]


@pytest.mark.fault("B11")
def test_invited_user_is_one_of_the_organization_after_accepting(client: Client) -> None:
    user, organization = create_user(client), create_organization(client)
    invitation = send_invitation(client, user["email"], organization_id=organization["id"])
    assert ids(client, "/user_management/users", organization_id=organization["id"]) == []
    client.post(f"/user_management/invitations/{invitation['id']}/accept").raise_for_status()
    assert ids(client, "/user_management/users", organization_id=organization["id"]) == [user["id"]]


@pytest.mark.fault("E2")
def test_users_of_an_organization_page_in_the_order_in_which_they_were_created(client: Client) -> None:
    organization = create_organization(client)
    users = [create_user(client, f"user-{number}@example.com") for number in range(5)]
    for user in reversed(users):
        add_member(client, user, organization)
    add_member(client, users[0], create_organization(client, "Other"))
    expected = [user["id"] for user in users]
    assert_pages(client, "/user_management/users", expected, organization_id=organization["id"])
    assert_pages(client, "/user_management/users", expected, organization=organization["id"])


@pytest.mark.fault("E2")
def test_email_and_organization_narrow_each_other(client: Client) -> None:
    organization, _ = one_of_each_status(client)
    create_user(client, "outside@example.com")
    for email, found in (("Active@example.com", 1), ("pending@example.com", 0), ("outside@example.com", 0)):
        query = {"organization_id": organization["id"], "email": email}
        assert len(ids(client, "/user_management/users", **query)) == found


@pytest.mark.fault("E2")
def test_users_of_an_organization_page_the_same_in_a_copy(client: Client, new_client: Callable[..., Client]) -> None:
    organization = create_organization(client)
    expected = [create_user(client, f"user-{number}@example.com")["id"] for number in range(4)]
    for id in reversed(expected):
        add_member(client, {"id": id}, organization)
    state = client.get("/_emulate/state").json()
    assert "user_created_at" not in state["memberships"][0]
    assert_pages(new_client(**state), "/user_management/users", expected, organization_id=organization["id"])


@pytest.mark.parametrize("query", ["", "statuses=active", "user_id=&organization_id="])
def test_user_or_organization_is_required(client: Client, query: str) -> None:
    response = client.get(f"{MEMBERSHIPS}?{query}")
    assert (response.status_code, response.json()) == (
        400,
        {
            "code": "missing_user_id_or_organization_id",
            "message": "Either user_id or organization_id is required.",
        },
    )


def test_unknown_status_is_refused(client: Client) -> None:
    query = {"user_id": create_user(client)["id"], "statuses": "active,gone"}
    response = client.get(MEMBERSHIPS, params=query)
    assert (response.status_code, response.json()) == (
        400,
        {"code": "invalid_request_parameters", "message": "'gone' is none of active, inactive and pending."},
    )


@pytest.mark.parametrize(("member", "label"), [("user_id", "User"), ("organization_id", "Organization")])
def test_unknown_user_or_organization_is_not_found(client: Client, member: str, label: str) -> None:
    response = client.get(MEMBERSHIPS, params={member: "nobody"})
    assert (response.status_code, response.json()) == (404, not_found(label, "nobody"))
