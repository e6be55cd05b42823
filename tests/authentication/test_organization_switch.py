from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import PASSWORD, claims, create_user, sign_in
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


@pytest.mark.fault("B1")
def test_refresh_without_organization_leads_back_to_that_of_the_sign_in(client: Client) -> None:
    answer, acme, beta = signed_in_to_one_of_two(client)
    switched = refresh(client, answer, organization_id=beta["id"]).json()
    back = refresh(client, switched).json()
    token = claims(back["access_token"])
    assert (back["organization_id"], token["org_id"], token["role"]) == (acme["id"], acme["id"], "member")
    assert refresh(client, back, organization_id=beta["id"]).json()["organization_id"] == beta["id"]


@pytest.mark.fault("B1")
def test_refresh_without_organization_leads_back_to_none_after_a_sign_in_to_none(client: Client) -> None:
    create_user(client, password=PASSWORD)
    answer = sign_in(client)
    add_member(client, answer["user"], create_organization(client, "Acme"))
    beta = create_organization(client, "Beta")
    add_member(client, answer["user"], beta)
    switched = refresh(client, answer, organization_id=beta["id"]).json()
    assert claims(switched["access_token"])["org_id"] == beta["id"]
    back = refresh(client, switched).json()
    assert "organization_id" not in back
    assert not {"org_id", "role", "roles", "permissions"} & claims(back["access_token"]).keys()


@pytest.mark.fault("B1")
def test_refresh_without_organization_keeps_the_latest_where_the_setting_says_so(client: Client) -> None:
    client.change_settings(refresh_organization="latest")
    answer, _, beta = signed_in_to_one_of_two(client)
    switched = refresh(client, answer, organization_id=beta["id"]).json()
    assert refresh(client, switched).json()["organization_id"] == beta["id"]


@pytest.mark.fault("B1")
def test_refresh_without_organization_is_refused_once_the_user_has_left_that_of_the_sign_in(client: Client) -> None:
    answer, acme, beta = signed_in_to_one_of_two(client)
    switched = refresh(client, answer, organization_id=beta["id"]).json()
    query = {"user_id": answer["user"]["id"], "organization_id": acme["id"]}
    (membership,) = client.get("/user_management/organization_memberships", params=query).json()["data"]
    client.delete(f"/user_management/organization_memberships/{membership['id']}").raise_for_status()
    refused = refresh(client, switched)
    assert (refused.status_code, refused.json()["error"]) == (400, "organization_membership_not_found")
    assert refresh(client, switched, organization_id=beta["id"]).json()["organization_id"] == beta["id"]


@pytest.mark.fault("B1")
def test_copy_of_a_session_leads_back_to_the_organization_of_the_sign_in(
    client: Client, new_client: Callable[..., Client]
) -> None:
    answer, acme, beta = signed_in_to_one_of_two(client)
    switched = refresh(client, answer, organization_id=beta["id"]).json()
    state = client.get("/_emulate/state").json()
    assert refresh(new_client(**state), switched).json()["organization_id"] == acme["id"]
    del state["sessions"][0]["sign_in_organization_id"]
    assert refresh(new_client(**state), switched).json()["organization_id"] == beta["id"]


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
