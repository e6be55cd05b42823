"""Connections, and SSO both standalone and through AuthKit."""

from __future__ import annotations

from typing import Any

from workos import AuthenticationError, BadRequestError, NotFoundError, WorkOSClient
from workos.organizations.models import OrganizationDomainData
from world import PASSWORD, World, fetch, raises

from version_10 import client_of, create_user

CALLBACK = "http://localhost:3000/callback"


def create_connection(world: World, client: WorkOSClient, **members: Any) -> Any:
    """Of an organization that has verified acme.com, with somebody whom its provider knows."""
    domain = OrganizationDomainData.from_dict({"domain": "acme.com", "state": "verified"})
    organization = client.organizations.create_organization(name="Acme", domain_data=[domain])
    body = {
        "connection_type": "OktaSAML",
        "name": "Acme SSO",
        "organization_id": organization.id,
        "profiles": [{"email": "ada@acme.com", "idp_id": "00u1", "first_name": "Ada", "last_name": "Lovelace"}],
    }
    return world.control("POST", "sso_connections", body | members)


def visit(url: str) -> dict[str, str]:
    """What the visit to an authorization URL sends to the app."""
    answer = fetch("GET", url)
    assert answer.status == 302
    return answer.parameters


def check_connection_is_listed_read_and_deleted(world: World) -> None:
    client = client_of(world)
    made = create_connection(world, client)
    (found,) = client.sso.list_connections(domain="acme.com", search="acme").data
    assert (found.id, found.organization_id, found.state.value) == (made["id"], made["organization_id"], "active")
    assert [domain.domain for domain in found.domains] == ["acme.com"]
    assert client.sso.get_connection(found.id).to_dict() == found.to_dict()
    client.sso.delete_connection(found.id)
    with raises(NotFoundError):
        client.sso.get_connection(found.id)


def check_connections_are_filtered_by_their_type(world: World) -> None:
    client = client_of(world)
    create_connection(world, client)
    world.control("POST", "sso_connections", {"connection_type": "GitHubOAuth", "name": "GitHub"})
    listed = client.sso.list_connections(connection_type="GithubOAuth").data
    assert [found.connection_type.value for found in listed] == ["GitHubOAuth"]


def check_code_becomes_a_profile(world: World) -> None:
    client = client_of(world)
    connection = create_connection(world, client)
    sent = visit(client.sso.get_authorization_url(connection=connection["id"], redirect_uri=CALLBACK, state="a b"))
    assert sent["state"] == "a b"
    answer = client.sso.get_profile_and_token(code=sent["code"])
    profile = answer.profile
    assert (answer.token_type, answer.expires_in) == ("Bearer", 600)
    assert (profile.idp_id, profile.name, profile.email) == ("00u1", "Ada Lovelace", "ada@acme.com")
    assert client.sso.get_profile(access_token=answer.access_token).to_dict() == profile.to_dict()
    with raises(AuthenticationError):
        client.sso.get_profile(access_token="unknown")
    with raises(BadRequestError) as refused:
        client.sso.get_profile_and_token(code=sent["code"])
    assert refused.error.error == "invalid_grant"


def check_code_is_bound_to_its_verifier(world: World) -> None:
    client = client_of(world)
    connection = create_connection(world, client)
    started = client.sso.get_authorization_url_with_pkce(connection=connection["id"], redirect_uri=CALLBACK)
    code = visit(started["url"])["code"]
    with raises(BadRequestError):
        client.sso.get_profile_and_token_pkce(code=code, code_verifier="wrong" * 10)
    answer = client.sso.get_profile_and_token_pkce(code=code, code_verifier=started["code_verifier"])
    assert answer.profile.connection_id == connection["id"]


def check_parameters_for_a_provider_are_never_in_the_way(world: World) -> None:
    client = client_of(world)
    url = client.sso.get_authorization_url(
        provider="GoogleOAuth",
        redirect_uri=CALLBACK,
        provider_scopes=["email"],
        provider_query_params={"hd": "acme.com"},
        login_hint="ada@gmail.com",
        nonce="n",
        prompt="login",
    )
    profile = client.sso.get_profile_and_token(code=visit(url)["code"]).profile
    assert (profile.email, profile.connection_type.value) == ("ada@gmail.com", "GoogleOAuth")


def check_unknown_connection_is_told_to_the_app(world: World) -> None:
    sent = visit(client_of(world).sso.get_authorization_url(connection="conn_unknown", redirect_uri=CALLBACK))
    assert sent["error"] == "connection_invalid"


def check_profile_is_logged_out(world: World) -> None:
    client = client_of(world)
    connection = create_connection(world, client, connection_type="GenericOIDC")
    code = visit(client.sso.get_authorization_url(connection=connection["id"], redirect_uri=CALLBACK))["code"]
    profile = client.sso.get_profile_and_token(code=code).profile
    logout = client.sso.authorize_logout(profile_id=profile.id)
    assert client.sso.get_logout_url(token=logout.logout_token) == logout.logout_url
    assert fetch("GET", logout.logout_url).status == 302
    with raises(NotFoundError):
        client.sso.authorize_logout(profile_id="prof_unknown")


def check_authkit_makes_a_member_of_who_signs_in_by_sso(world: World) -> None:
    client = client_of(world)
    connection = create_connection(world, client)
    url = client.user_management.get_authorization_url(
        connection_id=connection["id"], redirect_uri=CALLBACK, client_id=world.client_id
    )
    answer = client.user_management.authenticate_with_code(code=visit(url)["code"])
    assert (answer.authentication_method.value, answer.organization_id) == ("SSO", connection["organization_id"])


def check_password_of_the_domain_is_refused(world: World) -> None:
    client = client_of(world)
    create_connection(world, client)
    user = create_user(client, email="grace@acme.com")
    with raises(BadRequestError) as refused:
        client.user_management.authenticate_with_password(email=user.email, password=PASSWORD)
    assert refused.error.error == "sso_required"
