"""A code of `/sso/authorize` at AuthKit's token endpoint signs the profile's user in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import claims, create_user, event_data, list_sessions
from tests.conftest import Client
from tests.organization_builders import add_member, create_organization, send_invitation
from tests.sso_builders import authorize_sso, create_acme, create_connection, exchange, sign_in_by_code

pytestmark = pytest.mark.fault("B5")

EVE = "eve@acme.test"


def code_of(client: Client, connection: dict[str, Any], login_hint: str = EVE, **query: str) -> str:
    return authorize_sso(client, connection=connection["id"], login_hint=login_hint, **query)["code"]


def redeem(client: Client, code: str, **members: Any) -> Any:
    return client.authenticate("authorization_code", code=code, **members)


def shape(answer: dict[str, Any]) -> dict[str, Any]:
    """What of a success does not differ from one environment to another."""
    names = ("email", "email_verified", "first_name", "last_name")
    token = claims(answer["access_token"])
    return {
        "members": set(answer),
        "method": answer["authentication_method"],
        "user": {name: answer["user"][name] for name in names},
        "claims": {name: token.get(name) for name in ("role", "roles", "permissions")},
    }


def test_user_is_signed_in_as_by_authkit_itself(new_client: Callable[..., Client]) -> None:
    here, there = new_client(), new_client()
    mine, theirs = (create_connection(client, create_acme(client)) for client in (here, there))
    answer = redeem(here, code_of(here, mine)).raise_for_status().json()
    expected = sign_in_by_code(there, connection_id=theirs["id"], login_hint=EVE).raise_for_status().json()
    assert shape(answer) == shape(expected)
    assert sorted(here.event_names()) == sorted(there.event_names())
    assert (answer["authentication_method"], answer["user"]["email_verified"]) == ("SSO", True)


def test_session_is_one_of_the_connections_organization(client: Client) -> None:
    organization = create_acme(client)
    answer = redeem(client, code_of(client, create_connection(client, organization))).json()
    (session,) = list_sessions(client, answer["user"]["id"])
    assert answer["organization_id"] == session["organization_id"] == organization["id"]
    assert (session["auth_method"], claims(answer["access_token"])["org_id"]) == ("sso", organization["id"])


def test_code_that_authkit_took_is_spent_for_the_profile_too(client: Client) -> None:
    code = code_of(client, create_connection(client, create_acme(client)))
    assert redeem(client, code).status_code == 200
    for refused in (exchange(client, code), redeem(client, code)):
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


def test_code_that_gave_the_profile_signs_nobody_in(client: Client) -> None:
    code = code_of(client, create_connection(client, create_acme(client)))
    assert exchange(client, code).json()["profile"]["email"] == EVE
    refused = redeem(client, code)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert "user.created" not in client.event_names()


def test_expired_code_is_refused(client: Client) -> None:
    code = code_of(client, create_connection(client, create_acme(client)))
    client.advance(600)
    assert redeem(client, code).json()["error"] == "invalid_grant"


def test_guest_without_an_invitation_is_refused_on_record(client: Client) -> None:
    organization = create_organization(client)
    code = code_of(client, create_connection(client, organization), "guest@example.com")
    refused = redeem(client, code)
    assert (refused.status_code, refused.json()["error"]) == (403, "access_denied")
    (failure,) = event_data(client, "authentication.sso_failed")
    assert failure["error"]["code"] == "access_denied"
    assert client.get("/user_management/users").json()["data"] == []


def test_invitation_is_accepted_by_the_way(client: Client) -> None:
    organization = create_organization(client)
    send_invitation(client, "guest@example.com", organization_id=organization["id"])
    client.change_settings(email_verification="off")
    answer = redeem(client, code_of(client, create_connection(client, organization), "guest@example.com")).json()
    assert answer["organization_id"] == organization["id"]
    assert "invitation.accepted" in client.event_names()


def test_unverified_address_of_a_foreign_domain_is_asked_for_its_code(client: Client) -> None:
    organization = create_organization(client)
    user = create_user(client, "guest@example.com", email_verified=False)
    add_member(client, user, organization)
    step = redeem(client, code_of(client, create_connection(client, organization), user["email"]))
    assert (step.status_code, step.json()["code"]) == (403, "email_verification_required")


def test_policy_of_the_address_is_obeyed(client: Client) -> None:
    create_connection(client, create_acme(client))
    globex = create_organization(client, "Globex")
    add_member(client, create_user(client, EVE), globex)
    refused = redeem(client, code_of(client, create_connection(client, globex)))
    assert (refused.status_code, refused.json()["error"]) == (400, "sso_required")


def test_verifier_is_checked(client: Client) -> None:
    connection = create_connection(client, create_acme(client))
    challenge = {"code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256"}
    code = code_of(client, connection, **challenge)
    assert redeem(client, code).json()["error"] == "invalid_request"
    assert redeem(client, code, code_verifier="x" * 43).json()["error"] == "invalid_grant"
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert redeem(client, code, code_verifier=verifier).status_code == 200


def test_account_at_a_social_provider_signs_in_by_that_provider(client: Client) -> None:
    connection = create_connection(client, connection_type="GoogleOAuth", name="Google")
    answer = redeem(client, code_of(client, connection, "ada@gmail.com")).raise_for_status().json()
    assert answer["authentication_method"] == "GoogleOAuth"
    assert "organization_id" not in answer
    assert "authentication.oauth_succeeded" in client.event_names()
