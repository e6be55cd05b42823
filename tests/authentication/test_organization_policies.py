from __future__ import annotations

from typing import Any

import pytest

from tests.builders import PASSWORD, create_code, create_user, enroll_totp, sign_in
from tests.conftest import Client
from tests.organization_builders import add_member, create_member, create_organization
from tests.sso_builders import create_acme, create_connection, sign_in_by_code

METHODS = ("apple_oauth", "github_oauth", "google_oauth", "magic_auth", "microsoft_oauth", "password")


def set_policy(client: Client, organization: dict[str, Any], **members: Any) -> None:
    client.put(f"/_emulate/organizations/{organization['id']}/policy", json=members).raise_for_status()


def test_member_of_an_organization_that_demands_sso_is_refused_the_password(client: Client) -> None:
    organization = create_organization(client)
    user = create_member(client, organization)
    set_policy(client, organization, sso_required=True)
    response = client.authenticate("password", email=user["email"], password=PASSWORD)
    assert response.status_code == 400
    answer = response.json()
    assert answer.pop("pending_authentication_token")
    assert answer == {
        "error": "sso_required",
        "error_description": "User must authenticate using one of the matching connections.",
        "email": user["email"],
        "connection_ids": [],
    }


def test_method_that_the_organization_leaves_out_is_refused(client: Client) -> None:
    organization = create_organization(client)
    user = create_member(client, organization)
    set_policy(client, organization, allowed_methods=["google_oauth"])
    response = client.authenticate("password", email=user["email"], password=PASSWORD)
    assert response.status_code == 400
    answer = response.json()
    assert answer["error"] == "organization_authentication_methods_required"
    assert answer["auth_methods"] == {method: method == "google_oauth" for method in METHODS}
    assert answer["sso_connection_ids"] == []
    assert answer["pending_authentication_token"]


@pytest.mark.parametrize("method", ["Password", "GoogleOAuth"])
def test_method_that_the_organization_allows_signs_in(client: Client, method: str) -> None:
    organization = create_organization(client)
    user = create_member(client, organization)
    set_policy(client, organization, allowed_methods=["google_oauth", "password"])
    code = create_code(client, user, authentication_method=method)
    assert client.authenticate("authorization_code", code=code).json()["organization_id"] == organization["id"]


def test_organization_that_demands_mfa_makes_its_members_enroll(client: Client) -> None:
    organization = create_organization(client)
    user = create_member(client, organization)
    set_policy(client, organization, mfa_required=True)
    response = client.authenticate("password", email=user["email"], password=PASSWORD)
    assert (response.status_code, response.json()["code"]) == (403, "mfa_enrollment")


def test_policy_binds_only_those_who_sign_in_to_its_organization(client: Client) -> None:
    strict, free = create_organization(client, "Strict"), create_organization(client, "Free")
    create_member(client, free)
    set_policy(client, strict, sso_required=True, mfa_required=True)
    assert sign_in(client)["organization_id"] == free["id"]


def test_domain_policy_binds_users_of_its_verified_domain_members_or_not(client: Client) -> None:
    domains = [{"domain": "acme.test", "state": "verified"}]
    organization = create_organization(client, domain_data=domains)
    set_policy(client, organization, sso_required=True, binds_domain=True)
    create_user(client, "ada@acme.test", password=PASSWORD)
    response = client.authenticate("password", email="ada@acme.test", password=PASSWORD)
    assert response.json()["error"] == "sso_required"


def test_domain_policy_comes_before_email_verification(client: Client) -> None:
    domains = [{"domain": "acme.test", "state": "verified"}]
    organization = create_organization(client, domain_data=domains)
    set_policy(client, organization, sso_required=True, binds_domain=True)
    create_user(client, "ada@acme.test", password=PASSWORD, email_verified=False)
    response = client.authenticate("password", email="ada@acme.test", password=PASSWORD)
    assert response.json()["error"] == "sso_required"


@pytest.mark.parametrize(
    ("state", "email"), [("pending", "ada@acme.test"), ("verified", "ada@other.test")], ids=["unproved", "foreign"]
)
def test_domain_policy_binds_nobody_else(client: Client, state: str, email: str) -> None:
    organization = create_organization(client, domain_data=[{"domain": "acme.test", "state": state}])
    set_policy(client, organization, sso_required=True, binds_domain=True)
    create_user(client, email, password=PASSWORD)
    assert "organization_id" not in sign_in(client, email)


def test_refusal_by_policy_leaves_the_success_of_the_password_on_record(client: Client) -> None:
    organization = create_organization(client)
    create_member(client, organization)
    set_policy(client, organization, sso_required=True)
    client.authenticate("password", email="ada@example.com", password=PASSWORD)
    assert client.event_names()[-1] == "authentication.password_succeeded"


@pytest.mark.parametrize(
    ("policy", "error"),
    [
        ({"sso_required": True}, "sso_required"),
        ({"allowed_methods": ["magic_auth"]}, "organization_authentication_methods_required"),
        ({"mfa_required": True}, "mfa_enrollment"),
    ],
)
def test_switch_into_a_stricter_organization_is_refused_in_the_oauth_shape(
    client: Client, policy: dict[str, Any], error: str
) -> None:
    free, strict = create_organization(client, "Free"), create_organization(client, "Strict")
    user = create_member(client, free)
    answer = sign_in(client)
    add_member(client, user, strict)
    set_policy(client, strict, **policy)
    refused = client.authenticate("refresh_token", refresh_token=answer["refresh_token"], organization_id=strict["id"])
    assert (refused.status_code, refused.json()["error"]) == (400, error)


def test_switch_into_an_organization_that_demands_mfa_passes_with_a_factor(client: Client) -> None:
    client.change_settings(mfa="off")
    free, strict = create_organization(client, "Free"), create_organization(client, "Strict")
    user = create_member(client, free)
    answer = sign_in(client)
    add_member(client, user, strict)
    set_policy(client, strict, mfa_required=True)
    enroll_totp(client, user["id"])
    switched = client.authenticate("refresh_token", refresh_token=answer["refresh_token"], organization_id=strict["id"])
    assert switched.json()["organization_id"] == strict["id"]


def test_active_connection_leaves_users_of_the_verified_domain_nothing_but_sso(client: Client) -> None:
    connection = create_connection(client, create_acme(client))
    create_user(client, "ada@acme.test", password=PASSWORD)
    answer = client.authenticate("password", email="ada@acme.test", password=PASSWORD).json()
    assert (answer["error"], answer["connection_ids"]) == ("sso_required", [connection["id"]])


@pytest.mark.parametrize("state", ["validating", "inactive"])
def test_connection_that_is_not_active_demands_nothing(client: Client, state: str) -> None:
    create_connection(client, create_acme(client), state=state)
    create_user(client, "ada@acme.test", password=PASSWORD)
    assert sign_in(client, "ada@acme.test")


def test_active_connection_leaves_guests_their_methods(client: Client) -> None:
    acme = create_acme(client)
    create_connection(client, acme)
    create_member(client, acme, "eve@other.test")
    assert sign_in(client, "eve@other.test")["organization_id"] == acme["id"]


def test_policy_of_its_own_relaxes_what_an_active_connection_demands(client: Client) -> None:
    acme = create_acme(client)
    create_connection(client, acme)
    set_policy(client, acme, binds_domain=False)
    create_user(client, "ada@acme.test", password=PASSWORD)
    assert sign_in(client, "ada@acme.test")


def test_method_that_is_left_out_names_the_connections_too(client: Client) -> None:
    acme = create_acme(client)
    connection = create_connection(client, acme)
    create_connection(client, acme, name="Old SSO", state="inactive")
    set_policy(client, acme, allowed_methods=["google_oauth"], binds_domain=True)
    create_user(client, "ada@acme.test", password=PASSWORD)
    answer = client.authenticate("password", email="ada@acme.test", password=PASSWORD).json()
    assert answer["sso_connection_ids"] == [connection["id"]]


def test_sso_satisfies_every_policy(client: Client) -> None:
    acme = create_acme(client)
    connection = create_connection(client, acme)
    set_policy(client, acme, sso_required=True, mfa_required=True, binds_domain=True)
    assert sign_in_by_code(client, connection_id=connection["id"]).status_code == 200
