from __future__ import annotations

from typing import Any

import pytest

from tests.builders import claims, sign_in
from tests.conftest import Client
from tests.organization_builders import add_member, create_member, create_organization, create_role


def signed_in_to_one_of_two(client: Client) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The answer of a sign-in into Acme, Acme itself, and Beta, which the user joins afterwards."""
    acme, beta = create_organization(client, "Acme"), create_organization(client, "Beta")
    user = create_member(client, acme)
    answer = sign_in(client)
    create_role(client, "owner", "everything")
    add_member(client, user, beta, role_slug="owner")
    return answer, acme, beta


def refresh(client: Client, answer: dict[str, Any], **members: Any) -> Any:
    return client.authenticate("refresh_token", refresh_token=answer["refresh_token"], **members)


def test_refresh_switches_to_the_organization_named(client: Client) -> None:
    answer, _, beta = signed_in_to_one_of_two(client)
    switched = refresh(client, answer, organization_id=beta["id"]).json()
    assert switched["organization_id"] == beta["id"]
    token = claims(switched["access_token"])
    assert (token["org_id"], token["role"], token["permissions"]) == (beta["id"], "owner", ["everything"])
    assert token["sid"] == claims(answer["access_token"])["sid"]


def test_refresh_without_organization_keeps_the_latest(client: Client) -> None:
    answer, _, beta = signed_in_to_one_of_two(client)
    switched = refresh(client, answer, organization_id=beta["id"]).json()
    assert refresh(client, switched).json()["organization_id"] == beta["id"]


def test_replayed_switch_converges_on_the_same_token(client: Client) -> None:
    answer, _, beta = signed_in_to_one_of_two(client)
    first = refresh(client, answer, organization_id=beta["id"]).json()
    second = refresh(client, answer, organization_id=beta["id"]).json()
    assert second["refresh_token"] == first["refresh_token"]
    assert second["organization_id"] == beta["id"]


@pytest.mark.parametrize(
    ("is_known", "error"), [(False, "organization_not_found"), (True, "organization_membership_not_found")]
)
def test_refresh_into_a_foreign_organization_is_refused_and_the_token_survives(
    client: Client, is_known: bool, error: str
) -> None:
    answer, acme, _ = signed_in_to_one_of_two(client)
    foreign = create_organization(client, "Foreign")["id"] if is_known else "org_nowhere"
    refused = refresh(client, answer, organization_id=foreign)
    assert (refused.status_code, refused.json()["error"]) == (400, error)
    assert refresh(client, answer).json()["organization_id"] == acme["id"]


def test_new_permission_stands_in_the_next_token(client: Client) -> None:
    create_role(client, "editor", "posts:read")
    organization = create_organization(client)
    user = create_member(client, organization)
    answer = sign_in(client)
    query = {"user_id": user["id"]}
    (membership,) = client.get("/user_management/organization_memberships", params=query).json()["data"]
    path = f"/user_management/organization_memberships/{membership['id']}"
    client.put(path, json={"role_slug": "editor"}).raise_for_status()
    token = claims(refresh(client, answer).json()["access_token"])
    assert (token["role"], token["permissions"]) == ("editor", ["posts:read"])


def test_deactivated_member_is_refused_at_the_next_refresh(client: Client) -> None:
    organization = create_organization(client)
    user = create_member(client, organization)
    answer = sign_in(client)
    query = {"user_id": user["id"]}
    (membership,) = client.get("/user_management/organization_memberships", params=query).json()["data"]
    client.put(f"/user_management/organization_memberships/{membership['id']}/deactivate").raise_for_status()
    refused = refresh(client, answer)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


def test_switch_causes_no_event(client: Client) -> None:
    answer, _, beta = signed_in_to_one_of_two(client)
    before = client.event_names()
    refresh(client, answer, organization_id=beta["id"]).raise_for_status()
    assert client.event_names() == before
