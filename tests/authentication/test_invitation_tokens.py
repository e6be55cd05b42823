from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.builders import MAGIC_AUTH, PASSWORD, claims, create_magic_auth, create_user, sign_in
from tests.conftest import Client
from tests.organization_builders import add_member, create_organization, create_role, send_invitation
from tests.sso_builders import authorize

CALLBACK = "http://localhost:3000/callback"


def invitation_state(client: Client, id: str) -> str:
    state: str = client.get(f"/user_management/invitations/{id}").json()["state"]
    return state


def test_invitation_joins_the_organization_at_a_password_sign_in(client: Client) -> None:
    create_role(client, "editor", "posts:write")
    organization = create_organization(client)
    create_user(client, password=PASSWORD)
    invitation = send_invitation(client, "ada@example.com", organization_id=organization["id"], role_slug="editor")
    answer = sign_in(client, invitation_token=invitation["token"])
    assert answer["organization_id"] == organization["id"]
    assert claims(answer["access_token"])["role"] == "editor"
    assert invitation_state(client, invitation["id"]) == "accepted"


def test_invitation_proves_the_address_it_was_mailed_to(client: Client) -> None:
    create_user(client, password=PASSWORD, email_verified=False)
    organization = create_organization(client)
    invitation = send_invitation(client, "ada@example.com", organization_id=organization["id"])
    assert sign_in(client, invitation_token=invitation["token"])["user"]["email_verified"] is True


def test_organization_of_the_invitation_wins_over_other_memberships(client: Client) -> None:
    others = [create_organization(client, "One"), create_organization(client, "Two")]
    user = create_user(client, password=PASSWORD)
    for other in others:
        add_member(client, user, other)
    invited = create_organization(client, "Invited")
    invitation = send_invitation(client, user["email"], organization_id=invited["id"])
    assert sign_in(client, invitation_token=invitation["token"])["organization_id"] == invited["id"]


def test_failed_sign_in_does_not_spend_the_invitation(client: Client) -> None:
    create_user(client, password=PASSWORD)
    organization = create_organization(client)
    invitation = send_invitation(client, "ada@example.com", organization_id=organization["id"])
    client.authenticate("password", email="ada@example.com", password="wrong", invitation_token=invitation["token"])
    assert invitation_state(client, invitation["id"]) == "pending"


def test_invitation_waits_until_the_last_step_of_the_sign_in(client: Client) -> None:
    client.change_settings(mfa="required")
    create_user(client, password=PASSWORD)
    organization = create_organization(client)
    invitation = send_invitation(client, "ada@example.com", organization_id=organization["id"])
    members = {"email": "ada@example.com", "password": PASSWORD, "invitation_token": invitation["token"]}
    assert client.authenticate("password", **members).json()["code"] == "mfa_enrollment"
    assert invitation_state(client, invitation["id"]) == "pending"


@pytest.mark.parametrize("end", ["revoked", "accepted", "expired", "unknown"])
def test_invitation_that_is_not_pending_is_refused(client: Client, end: str) -> None:
    create_user(client, password=PASSWORD)
    organization = create_organization(client)
    invitation = send_invitation(client, "ada@example.com", organization_id=organization["id"])
    token = invitation["token"]
    if end == "revoked":
        client.post(f"/user_management/invitations/{invitation['id']}/revoke").raise_for_status()
    elif end == "accepted":
        client.post(f"/user_management/invitations/{invitation['id']}/accept").raise_for_status()
    elif end == "expired":
        client.advance(7 * 86400)
    else:
        token = "nowhere"
    response = client.authenticate("password", email="ada@example.com", password=PASSWORD, invitation_token=token)
    assert (response.status_code, response.json()["error"]) == (400, "invitation_invalid")


@pytest.mark.parametrize(
    ("invited", "asking", "is_covered"),
    [
        ("ben@acme.test", "ada@acme.test", True),
        ("ben@acme.test", "ada@other.test", False),
        ("ben@gmail.com", "ada@gmail.com", False),
        ("ADA@gmail.com", "ada@gmail.com", True),
    ],
    ids=["same company", "other company", "consumer domain", "same address"],
)
def test_invitation_to_an_organization_covers_the_company(
    client: Client, invited: str, asking: str, is_covered: bool
) -> None:
    organization = create_organization(client)
    create_user(client, asking, password=PASSWORD)
    token = send_invitation(client, invited, organization_id=organization["id"])["token"]
    response = client.authenticate("password", email=asking, password=PASSWORD, invitation_token=token)
    if is_covered:
        assert response.json()["organization_id"] == organization["id"]
    else:
        assert (response.status_code, response.json()["error"]) == (400, "invitation_cannot_be_used_for_email")


def test_invitation_without_organization_covers_any_address(client: Client) -> None:
    create_user(client, password=PASSWORD)
    token = send_invitation(client, "ben@other.test")["token"]
    assert "organization_id" not in sign_in(client, invitation_token=token)


def test_invitation_opens_a_closed_sign_up_by_magic_auth(client: Client) -> None:
    client.change_settings(sign_up="closed")
    organization = create_organization(client)
    token = send_invitation(client, "new@acme.test", organization_id=organization["id"])["token"]
    code = create_magic_auth(client, "new@acme.test", invitation_token=token)["code"]
    answer = client.authenticate(MAGIC_AUTH, email="new@acme.test", code=code, invitation_token=token).json()
    assert answer["organization_id"] == organization["id"]


def test_invitation_in_authorize_signs_the_invited_address_up_and_in(client: Client) -> None:
    client.change_settings(sign_up="closed")
    organization = create_organization(client)
    token = send_invitation(client, "new@acme.test", organization_id=organization["id"])["token"]
    query = {
        "client_id": client.client_id,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "provider": "authkit",
        "invitation_token": token,
    }
    location = client.get("/user_management/authorize", params=query).headers["location"]
    (code,) = parse_qs(urlsplit(location).query)["code"]
    answer = client.authenticate("authorization_code", code=code).json()
    assert (answer["user"]["email"], answer["organization_id"]) == ("new@acme.test", organization["id"])


def test_acceptance_is_recorded_before_the_session(client: Client) -> None:
    create_user(client, password=PASSWORD)
    organization = create_organization(client)
    token = send_invitation(client, "ada@example.com", organization_id=organization["id"])["token"]
    sign_in(client, invitation_token=token)
    assert client.event_names()[-4:] == [
        "authentication.password_succeeded",
        "invitation.accepted",
        "organization_membership.updated",
        "session.created",
    ]


@pytest.mark.fault("B7")
def test_code_of_authkit_takes_no_invitation_at_the_exchange_and_is_not_spent(client: Client) -> None:
    user, organization = create_user(client), create_organization(client)
    token = send_invitation(client, user["email"], organization_id=organization["id"])["token"]
    code = authorize(client, provider="authkit", login_hint=user["email"], invitation_token=token)["code"]
    refused = client.authenticate("authorization_code", code=code, invitation_token=token)
    message = "`invite_token` cannot be specified for an AuthKit authorization code."
    assert (refused.status_code, refused.json()) == (422, {"message": message})
    answer = client.authenticate("authorization_code", code=code).raise_for_status().json()
    assert answer["organization_id"] == organization["id"]


@pytest.mark.fault("B7")
def test_code_of_a_provider_takes_an_invitation_at_the_exchange(client: Client) -> None:
    user, organization = create_user(client), create_organization(client)
    token = send_invitation(client, user["email"], organization_id=organization["id"])["token"]
    code = authorize(client, provider="GoogleOAuth", login_hint=user["email"])["code"]
    answer = client.authenticate("authorization_code", code=code, invitation_token=token).raise_for_status().json()
    assert answer["organization_id"] == organization["id"]
