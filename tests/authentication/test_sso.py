"""SSO through AuthKit: `GET /user_management/authorize` with a connection, or with an organization alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import PASSWORD, create_user, event_data, list_sessions
from tests.conftest import Client
from tests.organization_builders import add_member, create_organization, create_role, send_invitation
from tests.sso_builders import authorize, create_acme, create_connection, save_profile, sign_in_by_code


def memberships(client: Client, organization: dict[str, Any]) -> list[dict[str, Any]]:
    query = {"organization_id": organization["id"], "statuses": "active,inactive,pending"}
    listed = client.get("/user_management/organization_memberships", params=query).raise_for_status()
    found: list[dict[str, Any]] = listed.json()["data"]
    return found


def test_newcomer_of_a_verified_domain_is_made_a_verified_member(client: Client) -> None:
    acme = create_acme(client)
    connection = create_connection(client, acme)
    save_profile(client, connection, "ada@acme.test", first_name="Ada", custom_attributes={"team": "core"})
    answer = sign_in_by_code(client, connection_id=connection["id"]).raise_for_status().json()
    assert (answer["authentication_method"], answer["organization_id"]) == ("SSO", acme["id"])
    user = answer["user"]
    assert (user["email"], user["email_verified"], user["first_name"]) == ("ada@acme.test", True, "Ada")
    (membership,) = memberships(client, acme)
    assert (membership["user_id"], membership["status"]) == (user["id"], "active")
    assert (membership["role"]["slug"], membership["custom_attributes"]) == ("member", {"team": "core"})
    assert list_sessions(client, user["id"])[0]["auth_method"] == "sso"


def test_sign_in_is_on_record_in_order(client: Client) -> None:
    acme = create_acme(client)
    connection = create_connection(client, acme, state="validating")
    user = sign_in_by_code(client, organization_id=acme["id"]).raise_for_status().json()["user"]
    assert client.event_names()[-7:] == [
        "authentication.sso_started",
        "user.created",
        "organization_membership.created",
        "connection.activated",
        "authentication.sso_succeeded",
        "user.updated",
        "session.created",
    ]
    (succeeded,) = event_data(client, "authentication.sso_succeeded")
    assert (succeeded["user_id"], succeeded["email"]) == (user["id"], user["email"])
    assert succeeded["sso"] == {"organization_id": acme["id"], "connection_id": connection["id"], "session_id": None}


def test_user_with_the_address_is_signed_in_and_keeps_what_is_known(client: Client) -> None:
    connection = create_connection(client, create_acme(client))
    user = create_user(client, "ada@acme.test", first_name="Augusta", email_verified=False)
    save_profile(client, connection, "ada@acme.test", first_name="Ada", last_name="Lovelace")
    signed_in = sign_in_by_code(client, connection_id=connection["id"]).raise_for_status().json()["user"]
    assert signed_in["id"] == user["id"]
    assert (signed_in["first_name"], signed_in["last_name"]) == ("Augusta", "Lovelace")
    assert signed_in["email_verified"]


def test_linked_user_is_signed_in_whatever_the_address_has_become(client: Client) -> None:
    connection = create_connection(client, create_acme(client))
    save_profile(client, connection, "ada@acme.test", idp_id="00u1")
    user = sign_in_by_code(client, connection_id=connection["id"]).json()["user"]
    save_profile(client, connection, "countess@acme.test", idp_id="00u1")
    again = sign_in_by_code(client, connection_id=connection["id"]).raise_for_status().json()["user"]
    assert (again["id"], again["email"]) == (user["id"], "ada@acme.test")


def test_profile_whose_user_was_deleted_gets_another(client: Client) -> None:
    connection = create_connection(client, create_acme(client))
    user = sign_in_by_code(client, connection_id=connection["id"]).json()["user"]
    client.delete(f"/user_management/users/{user['id']}").raise_for_status()
    again = sign_in_by_code(client, connection_id=connection["id"]).raise_for_status().json()["user"]
    assert (again["email"], again["id"] != user["id"]) == (user["email"], True)


def test_role_of_the_identity_provider_is_given_with_each_sign_in(client: Client) -> None:
    acme = create_acme(client)
    connection = create_connection(client, acme)
    for slug in ("editor", "viewer"):
        create_role(client, slug)
        save_profile(client, connection, "ada@acme.test", role_slug=slug)
        sign_in_by_code(client, connection_id=connection["id"]).raise_for_status()
        assert memberships(client, acme)[0]["role"]["slug"] == slug


def test_role_that_does_not_exist_is_the_default_one(client: Client) -> None:
    acme = create_acme(client)
    connection = create_connection(client, acme)
    save_profile(client, connection, "ada@acme.test", role_slug="boss")
    sign_in_by_code(client, connection_id=connection["id"]).raise_for_status()
    assert memberships(client, acme)[0]["role"]["slug"] == "member"


def test_guest_without_an_invitation_is_refused_and_nobody_is_made(client: Client) -> None:
    connection = create_connection(client, create_acme(client))
    sent = authorize(client, connection_id=connection["id"], login_hint="eve@other.test", state="s")
    assert (sent["error"], sent["state"]) == ("access_denied", "s")
    assert "eve@other.test" in sent["error_description"]
    assert client.get("/user_management/users").json()["data"] == []
    (failed,) = event_data(client, "authentication.sso_failed")
    assert (failed["error"]["code"], failed["user_id"]) == ("access_denied", None)


def test_invited_guest_joins_and_still_proves_the_address(client: Client) -> None:
    acme = create_acme(client)
    create_role(client, "contractor")
    send_invitation(client, "eve@other.test", organization_id=acme["id"], role_slug="contractor")
    connection = create_connection(client, acme)
    response = sign_in_by_code(client, connection_id=connection["id"], login_hint="eve@other.test")
    assert (response.status_code, response.json()["code"]) == (403, "email_verification_required")
    (membership,) = memberships(client, acme)
    assert (membership["status"], membership["role"]["slug"]) == ("active", "contractor")
    (invitation,) = client.get("/user_management/invitations").json()["data"]
    assert invitation["state"] == "accepted"


def test_guest_who_is_a_member_signs_in(client: Client) -> None:
    acme = create_acme(client)
    guest = create_user(client, "eve@other.test")
    add_member(client, guest, acme)
    connection = create_connection(client, acme)
    answer = sign_in_by_code(client, connection_id=connection["id"], login_hint="eve@other.test").json()
    assert (answer["user"]["id"], answer["organization_id"]) == (guest["id"], acme["id"])


def test_pending_member_becomes_an_active_one(client: Client) -> None:
    acme = create_acme(client)
    create_user(client, "ada@acme.test")
    invitation = send_invitation(client, "ada@acme.test", organization_id=acme["id"])
    client.advance(8 * 86400)
    connection = create_connection(client, acme)
    sign_in_by_code(client, connection_id=connection["id"], login_hint="ada@acme.test").raise_for_status()
    assert [membership["status"] for membership in memberships(client, acme)] == ["active"]
    assert client.get(f"/user_management/invitations/{invitation['id']}").json()["state"] == "expired"


def test_inactive_member_is_refused(client: Client) -> None:
    acme = create_acme(client)
    membership = add_member(client, create_user(client, "ada@acme.test"), acme)
    client.put(f"/user_management/organization_memberships/{membership['id']}/deactivate").raise_for_status()
    connection = create_connection(client, acme)
    sent = authorize(client, connection_id=connection["id"], login_hint="ada@acme.test")
    assert (sent["error"], "inactive" in sent["error_description"]) == ("access_denied", True)


def test_closed_sign_up_keeps_nobody_of_a_verified_domain_out(client: Client) -> None:
    client.change_settings(sign_up="closed")
    connection = create_connection(client, create_acme(client))
    assert sign_in_by_code(client, connection_id=connection["id"]).status_code == 200


def test_closed_sign_up_keeps_others_out(client: Client) -> None:
    client.change_settings(sign_up="closed")
    connection = create_connection(client)
    assert authorize(client, connection_id=connection["id"])["error"] == "access_denied"


def test_second_factor_is_not_asked_for(client: Client) -> None:
    client.change_settings(mfa="required")
    connection = create_connection(client, create_acme(client))
    assert sign_in_by_code(client, connection_id=connection["id"]).status_code == 200


def test_connection_of_a_provider_signs_in_by_that_provider(client: Client) -> None:
    connection = create_connection(client, connection_type="GoogleOAuth")
    user = create_user(client)
    answer = sign_in_by_code(client, connection_id=connection["id"]).json()
    assert (answer["authentication_method"], answer["user"]["id"]) == ("GoogleOAuth", user["id"])


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"connection_id": "conn_missing"}, "connection_invalid"),
        ({"organization_id": "org_missing"}, "organization_invalid"),
    ],
    ids=str,
)
def test_app_is_told_of_what_does_not_exist(client: Client, query: dict[str, str], error: str) -> None:
    assert authorize(client, **query)["error"] == error


def test_organization_beside_authkit_needs_no_connection(client: Client) -> None:
    acme = create_organization(client)
    add_member(client, create_user(client, password=PASSWORD), acme)
    answer = sign_in_by_code(client, provider="authkit", organization_id=acme["id"]).json()
    assert (answer["authentication_method"], answer["organization_id"]) == ("Password", acme["id"])


def test_sso_of_another_organization_does_not_satisfy_one_that_requires_its_own(client: Client) -> None:
    connection = create_connection(client, create_acme(client))
    answer = sign_in_by_code(client, connection_id=connection["id"]).raise_for_status().json()
    beta = create_organization(client, "Beta")
    own = create_connection(client, beta)
    add_member(client, answer["user"], beta)
    client.put(f"/_emulate/organizations/{beta['id']}/policy", json={"sso_required": True}).raise_for_status()
    refused = client.authenticate("refresh_token", refresh_token=answer["refresh_token"], organization_id=beta["id"])
    assert (refused.status_code, refused.json()["error"]) == (400, "sso_required")
    assert refused.json()["connection_ids"] == [own["id"]]
