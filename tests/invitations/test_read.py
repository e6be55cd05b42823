from __future__ import annotations

import pytest

from tests.answers import assert_pages, ids, not_found
from tests.conftest import Client
from tests.invitations.builders import INVITATIONS, invitation_in, invite
from tests.organization_builders import create_organization, send_invitation


def test_list_pages_in_all_orders(client: Client) -> None:
    expected = [send_invitation(client, f"user-{number}@example.com")["id"] for number in range(5)]
    assert_pages(client, INVITATIONS, expected)


def test_invitations_of_an_organization_page_in_all_orders(client: Client) -> None:
    organization = create_organization(client)
    expected = [
        send_invitation(client, f"user-{number}@example.com", organization_id=organization["id"])["id"]
        for number in range(3)
    ]
    send_invitation(client, "user-1@example.com")
    assert_pages(client, INVITATIONS, expected, organization_id=organization["id"])


def test_invitations_of_an_address_page_in_all_orders(client: Client) -> None:
    expected = [invite(client)["id"] for _ in range(3)]
    invite(client, "bob@example.com")
    assert_pages(client, INVITATIONS, expected, email="ADA@example.com")


def test_address_and_organization_narrow_each_other(client: Client) -> None:
    first, _, third = invite(client), invite(client), invite(client, "bob@example.com")
    query = {"email": first["email"], "organization_id": first["organization_id"]}
    assert ids(client, INVITATIONS, **query) == [first["id"]]
    assert ids(client, INVITATIONS, **{**query, "organization_id": third["organization_id"]}) == []


@pytest.mark.parametrize("state", ["pending", "accepted", "revoked", "expired"])
def test_invitation_is_listed_and_found_in_any_state(client: Client, state: str) -> None:
    invitation = invitation_in(client, state)
    assert client.get(INVITATIONS).json()["data"] == [invitation]
    assert client.get(f"{INVITATIONS}/by_token/{invitation['token']}").json() == invitation


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("POST", "/accept"), ("POST", "/resend"), ("POST", "/revoke")],
)
def test_unknown_invitation_is_not_found(client: Client, method: str, path: str) -> None:
    response = client.request(method, f"{INVITATIONS}/invitation_none{path}")
    assert (response.status_code, response.json()) == (404, not_found("Invitation", "invitation_none"))


def test_unknown_token_is_not_found(client: Client) -> None:
    response = client.get(f"{INVITATIONS}/by_token/nothing")
    assert (response.status_code, response.json()) == (404, not_found("Invitation", "nothing"))
