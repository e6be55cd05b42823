from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.builders import PASSWORD, create_user
from tests.conftest import Client
from tests.organization_builders import add_member, create_member, create_organization


def authorize(client: Client, **query: Any) -> dict[str, str]:
    """The parameters that come back to the app."""
    fixed = {"client_id": client.client_id, "redirect_uri": "http://localhost:3000/callback", "response_type": "code"}
    location = client.get("/user_management/authorize", params={**fixed, **query}).headers["location"]
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def test_organization_asked_for_is_chosen(client: Client) -> None:
    acme, beta = create_organization(client, "Acme"), create_organization(client, "Beta")
    user = create_member(client, acme)
    add_member(client, user, beta)
    code = authorize(client, provider="authkit", organization_id=beta["id"])["code"]
    assert client.authenticate("authorization_code", code=code).json()["organization_id"] == beta["id"]


def test_code_of_a_member_of_two_asks_to_choose(client: Client) -> None:
    acme, beta = create_organization(client, "Acme"), create_organization(client, "Beta")
    user = create_member(client, acme)
    add_member(client, user, beta)
    code = authorize(client, provider="authkit")["code"]
    response = client.authenticate("authorization_code", code=code)
    assert (response.status_code, response.json()["code"]) == (403, "organization_selection_required")


def test_unknown_organization_comes_back_as_an_error(client: Client) -> None:
    create_user(client, password=PASSWORD)
    assert authorize(client, provider="authkit", organization_id="org_nowhere")["error"] == "organization_invalid"


def test_organization_without_connection_comes_back_as_an_error(client: Client) -> None:
    organization = create_organization(client)
    create_member(client, organization)
    assert authorize(client, organization_id=organization["id"])["error"] == "organization_invalid"


def test_organization_of_others_comes_back_as_access_denied(client: Client) -> None:
    create_user(client, password=PASSWORD)
    organization = create_organization(client)
    answer = authorize(client, provider="authkit", organization_id=organization["id"], state="s")
    assert (answer["error"], answer["state"]) == ("access_denied", "s")


def test_refused_newcomer_is_not_made(client: Client) -> None:
    organization = create_organization(client)
    answer = authorize(client, provider="authkit", organization_id=organization["id"], login_hint="new@example.com")
    assert answer["error"] == "access_denied"
    assert client.get("/user_management/users").json()["data"] == []


def test_first_member_signs_in_to_the_organization_asked_for(client: Client) -> None:
    create_user(client, "first@example.com", password=PASSWORD)
    organization = create_organization(client)
    member = create_member(client, organization)
    code = authorize(client, provider="authkit", organization_id=organization["id"])["code"]
    assert client.authenticate("authorization_code", code=code).json()["user"]["id"] == member["id"]
