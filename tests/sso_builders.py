"""Builders for SSO: connections, profiles, and the way from an authorize endpoint back to the app."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.conftest import Client
from tests.organization_builders import create_organization

CALLBACK = "http://localhost:3000/callback"


def create_connection(client: Client, organization: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    """Of the organization, or the environment's own; active, unless `state` says otherwise."""
    owner = {} if organization is None else {"organization_id": organization["id"]}
    body = {"connection_type": "GenericSAML", "name": "Acme SSO", **owner, **members}
    connection: dict[str, Any] = client.post("/_emulate/sso_connections", json=body).raise_for_status().json()
    return connection


def create_acme(client: Client) -> dict[str, Any]:
    """An organization with a verified domain."""
    return create_organization(client, domain_data=[{"domain": "acme.test", "state": "verified"}])


def save_profile(client: Client, connection: dict[str, Any], email: str, **members: Any) -> dict[str, Any]:
    path = f"/_emulate/sso_connections/{connection['id']}/profiles"
    profile: dict[str, Any] = client.post(path, json={"email": email, **members}).raise_for_status().json()
    return profile


def authorize_sso(client: Client, **query: Any) -> dict[str, str]:
    """What `GET /sso/authorize` sends to the app: a code, or an error."""
    return _redirected(client, "/sso/authorize", query)


def authorize(client: Client, **query: Any) -> dict[str, str]:
    """What `GET /user_management/authorize` sends to the app: a code, or an error."""
    return _redirected(client, "/user_management/authorize", query)


def _redirected(client: Client, path: str, query: dict[str, Any]) -> dict[str, str]:
    asked = {"client_id": client.client_id, "redirect_uri": CALLBACK, "response_type": "code", **query}
    response = client.keyless.get(path, params=asked)
    assert response.status_code == 302, response.text
    location = response.headers["location"]
    assert location.startswith(CALLBACK)
    return dict(parse_qsl(urlsplit(location).query))


def exchange(client: Client, code: str, **members: Any) -> Any:
    """The response of `POST /sso/token` for a client with a secret."""
    body = {"client_id": client.client_id, "client_secret": client.api_key, "grant_type": "authorization_code"}
    return client.keyless.post("/sso/token", json={**body, "code": code, **members})


def sign_in_by_code(client: Client, **query: Any) -> Any:
    """The response of AuthKit's token endpoint to the code of `authorize`."""
    return client.authenticate("authorization_code", code=authorize(client, **query)["code"])
