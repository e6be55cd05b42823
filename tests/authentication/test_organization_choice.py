from __future__ import annotations

from typing import Any

import pytest

from tests.builders import PASSWORD, claims, create_user, enroll_totp, sign_in, totp_code
from tests.conftest import Client
from tests.organization_builders import add_member, create_member, create_organization, create_role

SELECTION = "urn:workos:oauth:grant-type:organization-selection"


def member_of_two(client: Client) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    acme, beta = create_organization(client, "Acme"), create_organization(client, "Beta")
    user = create_member(client, acme)
    add_member(client, user, beta)
    return user, acme, beta


def pending_token(client: Client, email: str = "ada@example.com") -> str:
    response = client.authenticate("password", email=email, password=PASSWORD)
    assert response.json()["code"] == "organization_selection_required"
    token: str = response.json()["pending_authentication_token"]
    return token


def test_user_without_organization_signs_in_without_one(client: Client) -> None:
    create_user(client, password=PASSWORD)
    answer = sign_in(client)
    assert "organization_id" not in answer
    assert "org_id" not in claims(answer["access_token"])


def test_sole_membership_is_chosen_by_itself(client: Client) -> None:
    organization = create_organization(client)
    create_member(client, organization)
    answer = sign_in(client)
    assert answer["organization_id"] == organization["id"]
    assert claims(answer["access_token"])["org_id"] == organization["id"]


def test_session_is_scoped_to_the_organization(client: Client) -> None:
    organization = create_organization(client)
    user = create_member(client, organization)
    sign_in(client)
    (session,) = client.get(f"/user_management/users/{user['id']}/sessions").json()["data"]
    assert session["organization_id"] == organization["id"]


@pytest.mark.parametrize("status", ["inactive", "pending"])
def test_memberships_that_are_not_active_are_not_chosen(client: Client, status: str) -> None:
    organization = create_organization(client)
    user = create_user(client, password=PASSWORD)
    if status == "inactive":
        membership = add_member(client, user, organization)
        client.put(f"/user_management/organization_memberships/{membership['id']}/deactivate").raise_for_status()
    else:
        body = {"email": user["email"], "organization_id": organization["id"]}
        client.post("/user_management/invitations", json=body).raise_for_status()
    assert "organization_id" not in sign_in(client)


def test_member_of_two_organizations_is_asked_to_choose(client: Client) -> None:
    user, acme, beta = member_of_two(client)
    response = client.authenticate("password", email=user["email"], password=PASSWORD)
    assert response.status_code == 403
    answer = response.json()
    assert answer.pop("pending_authentication_token")
    assert answer.pop("user")["id"] == user["id"]
    assert answer == {
        "code": "organization_selection_required",
        "message": "The user must choose an organization to finish their authentication.",
        "organizations": [{"id": acme["id"], "name": "Acme"}, {"id": beta["id"], "name": "Beta"}],
    }


def test_choice_finishes_the_sign_in(client: Client) -> None:
    _, _, beta = member_of_two(client)
    token = pending_token(client)
    answer = client.authenticate(SELECTION, pending_authentication_token=token, organization_id=beta["id"]).json()
    assert answer["organization_id"] == beta["id"]
    assert answer["authentication_method"] == "Password"


def test_choice_spends_the_pending_token(client: Client) -> None:
    _, acme, _ = member_of_two(client)
    token = pending_token(client)
    client.authenticate(SELECTION, pending_authentication_token=token, organization_id=acme["id"]).raise_for_status()
    again = client.authenticate(SELECTION, pending_authentication_token=token, organization_id=acme["id"])
    assert again.json()["code"] == "invalid_pending_authentication_token"


def test_unknown_organization_is_refused_and_the_token_survives(client: Client) -> None:
    _, acme, _ = member_of_two(client)
    token = pending_token(client)
    refused = client.authenticate(SELECTION, pending_authentication_token=token, organization_id="org_nowhere")
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_organization_id")
    chosen = client.authenticate(SELECTION, pending_authentication_token=token, organization_id=acme["id"])
    assert chosen.status_code == 200


def test_organization_of_others_is_refused_and_the_token_survives(client: Client) -> None:
    _, acme, _ = member_of_two(client)
    foreign = create_organization(client, "Foreign")
    token = pending_token(client)
    refused = client.authenticate(SELECTION, pending_authentication_token=token, organization_id=foreign["id"])
    assert (refused.status_code, refused.json()["error"]) == (400, "organization_membership_not_found")
    chosen = client.authenticate(SELECTION, pending_authentication_token=token, organization_id=acme["id"])
    assert chosen.status_code == 200


def test_choice_comes_after_the_second_factor(client: Client) -> None:
    user, acme, _ = member_of_two(client)
    enrolled = enroll_totp(client, user["id"])
    challenge = client.authenticate("password", email=user["email"], password=PASSWORD).json()
    assert challenge["code"] == "mfa_challenge"
    selection = client.authenticate(
        "urn:workos:oauth:grant-type:mfa-totp",
        pending_authentication_token=challenge["pending_authentication_token"],
        authentication_challenge_id=enrolled["authentication_challenge"]["id"],
        code=totp_code(client, enrolled["authentication_factor"]["totp"]["secret"]),
    ).json()
    assert selection["code"] == "organization_selection_required"
    token = selection["pending_authentication_token"]
    answer = client.authenticate(SELECTION, pending_authentication_token=token, organization_id=acme["id"]).json()
    assert answer["organization_id"] == acme["id"]


def test_choosing_early_does_not_bypass_the_second_factor(client: Client) -> None:
    user, acme, _ = member_of_two(client)
    enroll_totp(client, user["id"])
    challenge = client.authenticate("password", email=user["email"], password=PASSWORD).json()
    token = challenge["pending_authentication_token"]
    early = client.authenticate(SELECTION, pending_authentication_token=token, organization_id=acme["id"])
    assert early.json()["code"] == "mfa_challenge"


def test_token_carries_role_and_permissions(client: Client) -> None:
    create_role(client, "editor", "posts:write", "posts:read")
    organization = create_organization(client)
    user = create_user(client, password=PASSWORD)
    add_member(client, user, organization, role_slug="editor")
    token = claims(sign_in(client)["access_token"])
    assert (token["role"], token["roles"]) == ("editor", ["editor"])
    assert token["permissions"] == ["posts:read", "posts:write"]


def test_roles_stand_in_the_token_by_priority_with_the_union_of_permissions(client: Client) -> None:
    client.change_settings(multiple_roles="on")
    create_role(client, "editor", "posts:write")
    create_role(client, "viewer", "posts:read")
    organization = create_organization(client)
    user = create_user(client, password=PASSWORD)
    add_member(client, user, organization, role_slugs=["viewer", "editor"])
    token = claims(sign_in(client)["access_token"])
    assert (token["role"], token["roles"]) == ("editor", ["editor", "viewer"])
    assert token["permissions"] == ["posts:read", "posts:write"]
