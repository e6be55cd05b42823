"""What a JWT template does to access tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import PASSWORD, claims, create_user, sign_in
from tests.conftest import Client

ADA = {"email": "ada@example.com", "password": PASSWORD, "email_verified": True, "first_name": "Ada"}
PLAIN = {"iss", "sub", "sid", "jti", "client_id", "iat", "exp", "auth_time"}


def put_template(client: Client, content: str) -> None:
    client.put("/user_management/jwt_template", json={"content": content}).raise_for_status()


def token_of(client: Client, **members: Any) -> dict[str, Any]:
    return claims(sign_in(client, **members)["access_token"])


def test_token_without_a_template_has_the_plain_claims(client: Client) -> None:
    create_user(client, password=PASSWORD)
    assert set(token_of(client)) == PLAIN


def test_template_adds_claims(new_client: Callable[..., Client]) -> None:
    client = new_client(users=[{**ADA, "metadata": {"language": "es"}, "last_name": "Lovelace"}])
    put_template(
        client,
        '{"aud": "app", "urn:app:name": "{{ user.first_name }} {{ user.last_name }}",'
        ' "urn:app:verified": {{ user.email_verified }}, "urn:app:metadata": {{ user.metadata }},'
        ' "urn:app:nickname": {{ user.metadata.nickname }},'
        ' "urn:app:tier": "{{ organization.metadata.tier || \'free\' }}"}',
    )
    token = sign_in(client)["access_token"]
    own = {name: value for name, value in claims(token).items() if name not in PLAIN}
    assert own == {
        "aud": "app",
        "urn:app:name": "Ada Lovelace",
        "urn:app:verified": True,
        "urn:app:metadata": {"language": "es"},
        "urn:app:tier": "free",
    }


def test_template_names_organization_and_membership(new_client: Callable[..., Client]) -> None:
    domains = [{"domain": "acme.test", "state": "verified"}]
    acme = {"name": "Acme", "metadata": {"tier": "gold"}, "domains": domains, "memberships": [{"email": ADA["email"]}]}
    client = new_client(users=[ADA], organizations=[acme])
    put_template(
        client,
        '{"org": {{ organization.name }}, "tier": {{ organization.metadata.tier }},'
        ' "om": {{ organization_membership.id }},'
        ' "domain": {{ organization.domains.0.domain }}, "user_role": {{ organization_membership.role }},'
        ' "all_roles": {{ organization_membership.roles }}, "role": "authenticated"}',
    )
    token = token_of(client)
    assert token["om"].startswith("om_")
    expected = {
        "org": "Acme",
        "tier": "gold",
        "domain": "acme.test",
        "user_role": "member",
        "all_roles": ["member"],
        "role": "authenticated",
    }
    assert {name: token[name] for name in expected} == expected


@pytest.mark.fault("B15")
def test_template_names_the_kind_of_each_object(new_client: Callable[..., Client]) -> None:
    user = {"email": "ada@example.com", "email_verified": True, "password": PASSWORD}
    client = new_client(users=[user], organizations=[{"name": "Acme", "memberships": [{"email": "ada@example.com"}]}])
    names = ("user", "organization", "organization_membership")
    put_template(client, "{" + ", ".join(f'"{name}": {{{{ {name}.object }}}}' for name in names) + "}")
    token = token_of(client)
    assert [token.get(name) for name in names] == list(names)


def test_new_template_counts_from_the_next_refresh(client: Client) -> None:
    create_user(client, password=PASSWORD)
    signed_in = sign_in(client)
    put_template(client, '{"urn:app:email": "{{ user.email }}"}')
    refreshed = client.authenticate("refresh_token", refresh_token=signed_in["refresh_token"]).raise_for_status().json()
    assert "urn:app:email" not in claims(signed_in["access_token"])
    assert claims(refreshed["access_token"])["urn:app:email"] == "ada@example.com"


def test_whole_user_in_a_token_has_no_last_sign_in(client: Client) -> None:
    create_user(client, password=PASSWORD)
    put_template(client, '{"user": {{ user }}}')
    user = token_of(client)["user"]
    assert "last_sign_in_at" not in user
    assert user["identities"]["GoogleOAuth"] is None


def test_claims_of_3072_bytes_fit_and_one_more_is_too_big(client: Client) -> None:
    create_user(client, password=PASSWORD)
    rest = len('{"a":""}')
    put_template(client, f'{{"a": "{"x" * (3072 - rest)}"}}')
    sign_in(client)
    put_template(client, f'{{"a": "{"x" * (3073 - rest)}"}}')
    response = client.authenticate("password", email="ada@example.com", password=PASSWORD)
    assert response.status_code == 400
    assert response.json() == {
        "error": "token_too_big",
        "error_description": "The claims of the JWT template are larger than 3072 bytes.",
    }


def test_size_is_counted_in_bytes_not_characters(client: Client) -> None:
    create_user(client, password=PASSWORD)
    put_template(client, f'{{"a": "{"é" * 2000}"}}')
    response = client.authenticate("password", email="ada@example.com", password=PASSWORD)
    assert response.json()["error"] == "token_too_big"
