"""Approving and denying without a browser."""

from __future__ import annotations

import pytest

from tests.builders import claims, create_user, state
from tests.conftest import Client
from tests.device_authorizations.builders import approve, authorize_device, deny, error, poll
from tests.organization_builders import add_member, create_organization


def test_approval_answers_what_has_become_of_the_device(client: Client) -> None:
    create_user(client)
    device = authorize_device(client)
    answer = approve(client, device, email="ada@example.com").json()
    assert (answer["object"], answer["status"]) == ("device_authorization", "approved")
    assert answer["user_code"] == device["user_code"]
    assert device["device_code"] not in str(answer)


@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", ""), lambda code: code.replace("-", " ")])
def test_user_code_is_found_however_it_is_typed(client: Client, change: object) -> None:
    device = authorize_device(client)
    typed = change(device["user_code"])  # type: ignore[operator]
    assert client.post(f"/_emulate/device_authorizations/{typed}/deny").json()["status"] == "denied"


def test_unknown_user_code_is_refused(client: Client) -> None:
    response = deny(client, {"user_code": "BCDF-GHJK"})
    assert (response.status_code, response.json()["code"]) == (404, "user_code_not_found")


def test_expired_user_code_is_refused(client: Client) -> None:
    device = authorize_device(client)
    client.advance(300)
    response = deny(client, device)
    assert (response.status_code, response.json()["code"]) == (400, "user_code_expired")


def test_decision_is_final(client: Client) -> None:
    create_user(client)
    device = authorize_device(client)
    deny(client, device)
    response = approve(client, device, email="ada@example.com")
    assert (response.status_code, response.json()["code"]) == (400, "user_code_previously_used")


def test_user_of_the_approval_must_be_named(client: Client) -> None:
    device = authorize_device(client)
    assert approve(client, device).status_code == 422
    assert approve(client, device, email="nobody@example.com").status_code == 404
    assert error(poll(client, device)) == "authorization_pending"


def test_device_is_signed_in_to_the_organization_of_the_approval(client: Client) -> None:
    user = create_user(client)
    create_and_join = [create_organization(client, name) for name in ("Acme", "Globex")]
    for organization in create_and_join:
        add_member(client, user, organization)
    device = authorize_device(client)
    approve(client, device, user_id=user["id"], organization_id=create_and_join[1]["id"])
    assert claims(poll(client, device).json()["access_token"])["org_id"] == create_and_join[1]["id"]


def test_member_of_several_organizations_has_to_choose_one_to_approve(client: Client) -> None:
    user = create_user(client)
    for name in ("Acme", "Globex"):
        add_member(client, user, create_organization(client, name))
    device = authorize_device(client)
    response = approve(client, device, user_id=user["id"])
    assert (response.status_code, response.json()["code"]) == (403, "organization_selection_required")
    assert error(poll(client, device)) == "authorization_pending"


def test_organization_of_others_is_refused(client: Client) -> None:
    user, organization = create_user(client), create_organization(client)
    device = authorize_device(client)
    response = approve(client, device, user_id=user["id"], organization_id=organization["id"])
    assert error(response) == "organization_membership_not_found"


def test_immediate_approval_signs_the_first_user_in(client: Client) -> None:
    client.change_settings(device_approval="immediate")
    user = create_user(client)
    create_user(client, "grace@example.com")
    assert poll(client, authorize_device(client)).json()["user"]["id"] == user["id"]


def test_immediate_approval_makes_a_user_where_there_is_none(client: Client) -> None:
    client.change_settings(device_approval="immediate")
    assert poll(client, authorize_device(client)).json()["user"]["email"] == "user@example.com"


def test_immediate_approval_chooses_the_first_of_several_organizations(client: Client) -> None:
    client.change_settings(device_approval="immediate")
    user = create_user(client)
    organizations = [create_organization(client, name) for name in ("Acme", "Globex")]
    for organization in organizations:
        add_member(client, user, organization)
    assert poll(client, authorize_device(client)).json()["organization_id"] == organizations[0]["id"]


def test_immediate_approval_of_nobody_is_refused(client: Client) -> None:
    client.change_settings(device_approval="immediate", sign_up="closed")
    body = {"client_id": client.client_id}
    response = client.keyless.post("/user_management/authorize/device", json=body)
    assert (response.status_code, response.json()["error"]) == (403, "access_denied")
    assert state(client, "deviceAuthorizations") == []
