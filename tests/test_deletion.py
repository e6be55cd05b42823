"""Deleting a user or an organization takes everything along that hangs on it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.authenticator import totp
from tests.builders import (
    EMAIL_VERIFICATION,
    MAGIC_AUTH,
    PASSWORD,
    challenge_factor,
    create_code,
    create_magic_auth,
    create_password_reset,
    create_user,
    enroll_totp,
    event_data,
    list_sessions,
    sign_in,
    state,
)
from tests.conftest import Client
from tests.organization_builders import add_member, create_member, create_organization, send_invitation


def delete(client: Client, user: dict[str, Any]) -> None:
    client.delete(f"/user_management/users/{user['id']}").raise_for_status()


def test_live_sessions_end_before_the_user_goes(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    sign_in(client)
    shown = sign_in(client)["user"]
    sessions = list_sessions(client, user["id"], order="asc")
    delete(client, user)
    assert client.event_names()[-3:] == ["session.revoked", "session.revoked", "user.deleted"]
    assert [session["id"] for session in event_data(client, "session.revoked")] == [item["id"] for item in sessions]
    assert event_data(client, "user.deleted") == [{**shown, "metadata": {}}]


def test_session_that_ended_before_is_not_told_again(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    sign_in(client)
    (session,) = list_sessions(client, user["id"])
    client.post("/user_management/sessions/revoke", json={"session_id": session["id"]}).raise_for_status()
    delete(client, user)
    assert client.event_names().count("session.revoked") == 1


def test_deleted_user_is_not_found(client: Client) -> None:
    user = create_user(client)
    delete(client, user)
    for path in ("", "/sessions", "/auth_factors"):
        response = client.get(f"/user_management/users/{user['id']}{path}")
        assert response.status_code == 404
        assert response.json()["entity_id"] == user["id"]


def test_nothing_of_the_user_is_kept_but_events_and_mails(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    sign_in(client)
    enroll_totp(client, user["id"])
    create_magic_auth(client)
    create_password_reset(client)
    create_code(client, user)
    client.authenticate("password", email="ada@example.com", password=PASSWORD)
    client.post(f"/user_management/users/{user['id']}/email_change/send", json={"new_email": "new@example.com"})
    delete(client, user)
    kept = client.get("/_emulate/state").json()
    assert {name for name, value in kept.items() if value and isinstance(value, list)} == {
        "events",
        "messages",
        "deleted",
        "roles",
    }


def test_factor_and_challenge_are_gone(client: Client) -> None:
    user = create_user(client)
    enrolment = enroll_totp(client, user["id"])
    factor, challenge = enrolment["authentication_factor"], enrolment["authentication_challenge"]
    code = totp(client, factor["totp"]["secret"])
    delete(client, user)
    assert client.get(f"/auth/factors/{factor['id']}").status_code == 404
    assert client.post(f"/auth/factors/{factor['id']}/challenge").status_code == 404
    assert client.post(f"/auth/challenges/{challenge['id']}/verify", json={"code": code}).status_code == 404


def test_codes_and_tokens_are_worth_nothing(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    magic_auth, reset, code = create_magic_auth(client), create_password_reset(client), create_code(client, user)
    token = sign_in(client)["refresh_token"]
    delete(client, user)
    answers = [
        client.authenticate(MAGIC_AUTH, email="ada@example.com", code=magic_auth["code"]),
        client.authenticate("authorization_code", code=code),
        client.authenticate("refresh_token", refresh_token=token),
        client.post(
            "/user_management/password_reset/confirm",
            json={"token": reset["password_reset_token"], "new_password": "new-secure-password"},
        ),
    ]
    assert [answer.status_code for answer in answers] == [400, 400, 400, 404]
    assert client.get(f"/user_management/magic_auth/{magic_auth['id']}").status_code == 404
    assert client.get(f"/user_management/password_reset/{reset['id']}").status_code == 404


def test_pending_sign_in_is_gone(client: Client) -> None:
    user = create_user(client, password=PASSWORD, email_verified=False)
    body = client.authenticate("password", email="ada@example.com", password=PASSWORD).json()
    code = client.latest_message("ada@example.com")["code"]
    delete(client, user)
    token = body["pending_authentication_token"]
    response = client.authenticate(EMAIL_VERIFICATION, code=code, pending_authentication_token=token)
    assert response.json()["code"] == "invalid_pending_authentication_token"


def test_address_is_free_again(client: Client) -> None:
    user = create_user(client)
    delete(client, user)
    assert create_user(client)["id"] != user["id"]


def test_other_users_keep_what_they_have(client: Client) -> None:
    ada = create_user(client, password=PASSWORD)
    bob = create_user(client, "bob@example.com", password=PASSWORD)
    token = sign_in(client, "bob@example.com")["refresh_token"]
    factor = enroll_totp(client, bob["id"])["authentication_factor"]
    delete(client, ada)
    assert client.authenticate("refresh_token", refresh_token=token).status_code == 200
    assert challenge_factor(client, factor["id"])["authentication_factor_id"] == factor["id"]
    assert [user["id"] for user in state(client, "users")] == [bob["id"]]


@pytest.mark.parametrize("times", [1, 2])
def test_unknown_user_is_not_found_however_often(client: Client, times: int) -> None:
    user = create_user(client)
    delete(client, user)
    for _ in range(times):
        assert client.delete(f"/user_management/users/{user['id']}").status_code == 404
    assert client.event_names().count("user.deleted") == 1


def test_memberships_end_before_the_user_goes(client: Client) -> None:
    organization = create_organization(client)
    user = create_member(client, organization)
    sign_in(client)
    add_member(client, user, create_organization(client, "Other"))
    delete(client, user)
    assert client.event_names()[-4:] == [
        "session.revoked",
        "organization_membership.deleted",
        "organization_membership.deleted",
        "user.deleted",
    ]
    assert client.get(f"/organizations/{organization['id']}").json() == organization


# Organizations


def delete_organization(client: Client, organization: dict[str, Any]) -> None:
    response = client.delete(f"/organizations/{organization['id']}")
    assert (response.status_code, response.content) == (202, b"")
    assert "content-type" not in response.headers


def test_what_belongs_to_an_organization_goes_first(client: Client) -> None:
    organization = create_organization(client, domains=["acme.com", "acme.example"])
    client.post(f"/organizations/{organization['id']}/groups", json={"name": "Staff"}).raise_for_status()
    roles = f"/authorization/organizations/{organization['id']}/roles"
    client.post(roles, json={"name": "Billing"}).raise_for_status()
    user = create_user(client, password=PASSWORD)
    add_member(client, user, organization, role_slug="org-billing")
    sign_in(client)
    before = len(client.event_names())
    delete_organization(client, organization)
    assert client.event_names()[before:] == [
        "organization_domain.deleted",
        "organization_domain.deleted",
        "group.deleted",
        "session.revoked",
        "organization_membership.deleted",
        "organization_role.deleted",
        "organization.deleted",
    ]
    (membership,) = event_data(client, "organization_membership.deleted")
    assert membership["role"] == {"slug": "org-billing"}
    del organization["allow_profiles_outside_organization"]
    assert event_data(client, "organization.deleted") == [organization]


def test_nothing_of_the_organization_is_kept_but_its_users(client: Client) -> None:
    organization = create_organization(client, domains=["acme.com"])
    user = create_member(client, organization)
    invitation = send_invitation(client, "bob@example.com", organization_id=organization["id"])
    body = {"name": "Key"}
    client.post(f"/organizations/{organization['id']}/api_keys", json=body).raise_for_status()
    delete_organization(client, organization)
    assert client.get(f"/user_management/invitations/{invitation['id']}").status_code == 404
    assert client.get(f"/user_management/users/{user['id']}").status_code == 200
    kept = client.get("/_emulate/state").json()
    assert {name for name, value in kept.items() if value and isinstance(value, list)} == {
        "users",
        "events",
        "messages",
        "deleted",
        "roles",
    }


def test_deleted_organization_is_not_found(client: Client) -> None:
    organization = create_organization(client)
    delete_organization(client, organization)
    for method in ("GET", "DELETE", "PUT"):
        response = client.request(method, f"/organizations/{organization['id']}")
        assert response.status_code == 404
        assert response.json()["entity_id"] == organization["id"]
    assert client.event_names().count("organization.deleted") == 1


def test_members_sign_in_without_the_deleted_organization(client: Client) -> None:
    organization = create_organization(client)
    create_member(client, organization)
    token = sign_in(client)["refresh_token"]
    delete_organization(client, organization)
    assert client.authenticate("refresh_token", refresh_token=token).json()["error"] == "invalid_grant"
    assert "organization_id" not in sign_in(client)


def test_domain_and_external_id_are_free_again(client: Client) -> None:
    members = {"external_id": "acme", "domain_data": [{"domain": "acme.com", "state": "verified"}]}
    organization = create_organization(client, **members)
    delete_organization(client, organization)
    assert create_organization(client, **members)["id"] != organization["id"]


def test_other_organizations_keep_what_they_have(client: Client) -> None:
    acme, other = create_organization(client), create_organization(client, "Other", domains=["other.com"])
    user = create_user(client)
    add_member(client, user, acme)
    membership = add_member(client, user, other)
    delete_organization(client, acme)
    assert client.get(f"/organizations/{other['id']}").json() == other
    query = {"user_id": user["id"]}
    assert client.get("/user_management/organization_memberships", params=query).json()["data"] == [membership]
