"""What users have observed of production, as far as version 5 calls it."""

from __future__ import annotations

from typing import Any

import jwt
from workos.exceptions import BadRequestException
from world import World, fetch, raises

from version_5 import ADA, client_of, create_user, sign_in

CALLBACK = "http://localhost:3000/callback"


def org_id(answer: Any) -> str | None:
    found: str | None = jwt.decode(answer.access_token, options={"verify_signature": False}).get("org_id")
    return found


def check_refresh_leads_back_to_the_organization_of_the_sign_in(world: World) -> None:
    client = client_of(world)
    users = client.user_management
    user = create_user(client)
    answer = sign_in(client)
    acme = client.organizations.create_organization(name="Acme")
    users.create_organization_membership(user_id=user.id, organization_id=acme.id)
    refresh = users.authenticate_with_refresh_token
    switched = refresh(refresh_token=answer.refresh_token, organization_id=acme.id)
    back = refresh(refresh_token=switched.refresh_token)
    assert (org_id(answer), org_id(switched), org_id(back)) == (None, acme.id, None)
    assert back.organization_id is None


def check_metadata_is_not_in_a_sign_in(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    client.user_management.update_user(user_id=user.id, metadata={"plan": "pro"})
    assert client.user_management.get_user(user.id).metadata == {"plan": "pro"}
    assert sign_in(client).user.metadata == {}


def check_code_of_standalone_sso_signs_its_user_in_once(world: World) -> None:
    client = client_of(world)
    domain: Any = {"domain": "acme.com", "state": "verified"}
    acme = client.organizations.create_organization(name="Acme", domain_data=[domain])
    body = {"connection_type": "OktaSAML", "name": "Acme SSO", "organization_id": acme.id}
    connection = world.control("POST", "sso_connections", body)["id"]
    url = client.sso.get_authorization_url(connection_id=connection, redirect_uri=CALLBACK, login_hint="ada@acme.com")
    code = fetch("GET", url).parameters["code"]
    answer = client.user_management.authenticate_with_code(code=code)
    assert (answer.user.email, answer.authentication_method, answer.organization_id) == ("ada@acme.com", "SSO", acme.id)
    with raises(BadRequestException) as refusal:
        client.sso.get_profile_and_token(code=code)
    assert refusal.error.error == "invalid_grant"


def check_invited_user_is_no_user_of_the_organization_yet(world: World) -> None:
    client = client_of(world)
    create_user(client)
    acme = client.organizations.create_organization(name="Acme")
    client.user_management.send_invitation(email=ADA, organization_id=acme.id)
    assert client.user_management.list_users(organization_id=acme.id).data == []
