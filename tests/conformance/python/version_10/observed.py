"""What users have observed of production."""

from __future__ import annotations

from typing import Any

import jwt
from workos import BadRequestError, UnprocessableEntityError, WorkOSClient
from workos.organizations.models import OrganizationDomainData
from world import World, raises

from version_10 import ADA, client_of, create_user, sign_in
from version_10.memberships import join
from version_10.organizations import create_organization
from version_10.sso import CALLBACK, visit


def refresh(client: WorkOSClient, answer: Any, organization_id: str | None = None) -> Any:
    return client.user_management.authenticate_with_refresh_token(
        refresh_token=answer.refresh_token, organization_id=organization_id
    )


def claims(answer: Any) -> dict[str, Any]:
    content: dict[str, Any] = jwt.decode(answer.access_token, options={"verify_signature": False})
    return content


def check_refresh_leads_back_to_the_organization_of_the_sign_in(world: World) -> None:
    client = client_of(world)
    user, acme = create_user(client), create_organization(client)
    join(client, user, acme)
    answer = sign_in(client)
    globex = create_organization(client, "Globex")
    join(client, user, globex)
    switched = refresh(client, answer, globex.id)
    back = refresh(client, switched)
    assert (switched.organization_id, claims(switched)["org_id"]) == (globex.id, globex.id)
    assert (back.organization_id, claims(back)["org_id"]) == (acme.id, acme.id)


def check_metadata_is_not_in_a_sign_in(world: World) -> None:
    client = client_of(world)
    user = create_user(client, metadata={"plan": "pro"})
    assert client.user_management.get_user(user.id).metadata == {"plan": "pro"}
    assert sign_in(client).user.metadata is None


def check_code_of_standalone_sso_signs_its_user_in_once(world: World) -> None:
    client = client_of(world)
    verified = OrganizationDomainData.from_dict({"domain": "acme.com", "state": "verified"})
    organization = create_organization(client, domain_data=[verified])
    body = {"connection_type": "OktaSAML", "name": "Acme SSO", "organization_id": organization.id}
    connection = world.control("POST", "sso_connections", body)["id"]
    url = client.sso.get_authorization_url(connection=connection, redirect_uri=CALLBACK, login_hint="ada@acme.com")
    code = visit(url)["code"]
    answer = client.user_management.authenticate_with_code(code=code)
    assert (answer.user.email, answer.user.email_verified) == ("ada@acme.com", True)
    assert (answer.authentication_method.value, answer.organization_id) == ("SSO", organization.id)
    with raises(BadRequestError) as refused:
        client.sso.get_profile_and_token(code=code)
    assert refused.error.response_json["error"] == "invalid_grant"


def check_domains_without_a_state_count_as_verified(world: World) -> None:
    client = client_of(world)
    (domain,) = create_organization(client, domains=["acme.com"]).domains
    assert (domain.domain, domain.state.value) == ("acme.com", "legacy_verified")
    assert (domain.verification_strategy, domain.verification_token) == (None, None)


def check_code_of_authkit_takes_no_invitation(world: World) -> None:
    client = client_of(world)
    create_user(client)
    organization = create_organization(client)
    token = client.user_management.send_invitation(email=ADA, organization_id=organization.id).token
    url = client.user_management.get_authorization_url(provider="authkit", redirect_uri=CALLBACK, login_hint=ADA)
    code = visit(url)["code"]
    with raises(UnprocessableEntityError) as refused:
        client.user_management.authenticate_with_code(code=code, invitation_token=token)
    message = "`invite_token` cannot be specified for an AuthKit authorization code."
    assert refused.error.response_json == {"message": message}
    assert client.user_management.authenticate_with_code(code=code).user.email == ADA


def check_invitation_that_has_ended_is_not_sent_again(world: World) -> None:
    client = client_of(world)
    users = client.user_management
    revoked, accepted, expired = (
        users.send_invitation(email=f"{name}@example.com", expires_in_days=1) for name in ("a", "b", "c")
    )
    users.revoke_invitation(revoked.id)
    users.accept_invitation(accepted.id)
    world.advance(86_400)
    told = {
        revoked.id: "Invite has been revoked.",
        accepted.id: "Invite has already been accepted.",
        expired.id: "Invite has expired.",
    }
    for id, message in told.items():
        with raises(BadRequestError) as refused:
            users.resend_invitation(id)
        assert refused.error.response_json["message"] == message
