from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.builders import PASSWORD, create_user
from tests.conftest import Client
from tests.hosted.browser import Browser
from tests.hosted.journeys import signed_in
from tests.organization_builders import add_member, create_organization

PATH = "/_emulate/ui/impersonate"
CALLBACK = "http://localhost:3000/callback"


def impersonate(client: Client, **fields: str) -> httpx.Response:
    """Posts the form, with values that are fine where the test names no others."""
    form = {
        "email": "ada@example.com",
        "impersonator_email": "support@example.com",
        "reason": "ticket 1",
        "redirect_uri": CALLBACK,
        **fields,
    }
    return client.post(PATH, data=form, headers={"Accept": "text/html"})


def errors(page: str) -> list[str]:
    """The fields with an error beside them."""
    return re.findall(r'data-testid="(\w+)-error"', page)


def test_the_app_gets_a_code_of_an_impersonated_session(client: Client) -> None:
    create_user(client)
    response = impersonate(client, redirect_uri=f"{CALLBACK}?tenant=a")
    target = urlsplit(response.headers["location"])
    query = parse_qs(target.query)
    answer = client.authenticate("authorization_code", code=query["code"][0]).json()
    assert response.status_code == 303
    assert (target.netloc, target.path, query["tenant"]) == ("localhost:3000", "/callback", ["a"])
    assert answer["impersonator"] == {"email": "support@example.com", "reason": "ticket 1"}
    assert answer["authentication_method"] == "Impersonation"


def console(client: Client, **fields: str) -> Browser:
    """A browser that has sent the form, and is where that leads; the app's sign-in endpoint is set."""
    client.change_settings(sign_in_endpoint="http://localhost:3000/sign-in?from=console")
    browser = Browser(client)
    form = {"email": "ada@example.com", "impersonator_email": "support@example.com", "reason": "ticket 1", **fields}
    browser.post(f"{PATH}?client_id={client.client_id}", form)
    return browser


@pytest.mark.fault("B18")
def test_app_with_a_sign_in_endpoint_begins_the_impersonated_session_itself(client: Client) -> None:
    create_user(client)
    browser = console(client)
    assert browser.app == {"from": "console"}
    browser.authorize(state="s", provider="GitHubOAuth")
    assert browser.app["state"] == "s"
    answer = browser.exchange()
    assert answer["user"]["email"] == "ada@example.com"
    assert answer["impersonator"] == {"email": "support@example.com", "reason": "ticket 1"}
    assert answer["authentication_method"] == "Impersonation"


@pytest.mark.fault("B18")
def test_impersonation_needs_no_pages(client: Client) -> None:
    create_user(client, "first@example.com")
    create_user(client)
    client.change_settings(authkit_pages="never")
    browser = console(client)
    browser.authorize()
    answer = browser.exchange()
    assert (answer["user"]["email"], answer["authentication_method"]) == ("ada@example.com", "Impersonation")


@pytest.mark.fault("B18")
def test_impersonation_is_bound_to_the_pkce_challenge_of_the_app(client: Client) -> None:
    create_user(client)
    browser = console(client)
    browser.authorize(code_challenge="x" * 43, code_challenge_method="S256")
    assert browser.app is not None
    assert client.authenticate("authorization_code", code=browser.app["code"]).status_code == 400


@pytest.mark.fault("B18")
def test_impersonation_begins_once(client: Client) -> None:
    create_user(client)
    browser = console(client)
    browser.authorize()
    assert browser.exchange()["impersonator"]
    assert browser.authorize().name == "sign-in"


@pytest.mark.fault("B18")
def test_impersonation_ends_with_its_user(client: Client) -> None:
    user = create_user(client)
    browser = console(client)
    client.delete(f"/user_management/users/{user['id']}").raise_for_status()
    assert browser.authorize().name == "sign-in"


@pytest.mark.fault("B18")
def test_impersonation_goes_to_the_organization_chosen_whoever_is_signed_in(client: Client) -> None:
    ada, grace = create_user(client), create_user(client, "grace@example.com", password=PASSWORD)
    organizations = [create_organization(client, name) for name in ("Acme", "Beta")]
    for organization in organizations:
        add_member(client, ada, organization)
    browser = signed_in(client, grace["email"])
    client.change_settings(sign_in_endpoint="http://localhost:3000/sign-in")
    form = {"email": "ada@example.com", "organization_id": organizations[1]["id"]}
    browser.post(f"{PATH}?client_id={client.client_id}", {**form, "impersonator_email": "support@example.com"})
    browser.authorize()
    answer = browser.exchange()
    assert (answer["user"]["id"], answer["organization_id"]) == (ada["id"], organizations[1]["id"])


def test_form_asks_for_no_redirect_uri_where_the_app_begins_the_sign_in(client: Client) -> None:
    client.change_settings(sign_in_endpoint="http://localhost:3000/sign-in")
    page = client.get(PATH).text
    assert "http://localhost:3000/sign-in" in page
    assert 'name="redirect_uri"' not in page


def test_without_a_redirect_uri_the_code_is_shown(client: Client) -> None:
    create_user(client)
    page = impersonate(client, redirect_uri="", reason="").raise_for_status().text
    (code,) = re.findall(r'data-testid="message-code">(\w+)<', page)
    answer = client.authenticate("authorization_code", code=code).json()
    assert answer["impersonator"] == {"email": "support@example.com", "reason": None}


def test_the_default_redirect_uri_is_filled_in_and_the_others_are_offered(client: Client) -> None:
    for uri in ("https://a.example.com", "https://*.example.com", "https://b.example.com"):
        client.post("/user_management/redirect_uris", json={"uri": uri}).raise_for_status()
    client.change_settings(redirect_uris=["myapp://callback"])
    page = client.get(PATH).text
    assert 'name="redirect_uri" value="https://a.example.com"' in page
    options = re.findall(r'<option value="([^"]+)"', page)
    assert options == ["https://a.example.com", "https://b.example.com", "myapp://callback"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", ""),
        ("email", "nobody@example.com"),
        ("impersonator_email", "me"),
        ("redirect_uri", "https://evil.example.com/"),
        ("redirect_uri", "javascript:alert(1)"),
    ],
)
def test_an_error_stands_beside_its_field_and_what_was_typed_stays(client: Client, field: str, value: str) -> None:
    create_user(client)
    response = impersonate(client, **{field: value})
    assert response.status_code == 422
    assert errors(response.text) == [field]
    assert f'name="{field}" value="{value}"' in response.text
    assert 'name="reason" value="ticket 1"' in response.text


def test_every_error_is_shown_at_once(client: Client) -> None:
    page = impersonate(client, email="", impersonator_email="", redirect_uri="https://evil.example.com").text
    assert errors(page) == ["email", "impersonator_email", "redirect_uri"]


def test_a_page_of_another_site_impersonates_nobody(client: Client) -> None:
    create_user(client)
    response = client.post(PATH, data={"email": "ada@example.com"}, headers={"Origin": "https://evil.example.com"})
    assert (response.status_code, response.json()["code"]) == (403, "origin_not_allowed")


def test_member_of_several_organizations_is_impersonated_in_the_one_chosen(client: Client) -> None:
    user = create_user(client)
    acme, beta = create_organization(client, "Acme"), create_organization(client, "Beta")
    for organization in (acme, beta):
        add_member(client, user, organization)
    form = {"email": user["email"], "impersonator_email": "admin@example.com"}
    page = f"/_emulate/ui/impersonate?client_id={client.client_id}"
    refused = client.keyless.post(page, data=form, headers={"accept": "text/html"})
    assert refused.status_code == 422
    assert f"Acme ({acme['id']})" in refused.text
    chosen = {**form, "organization_id": beta["id"], "redirect_uri": "http://localhost:3000/callback"}
    url = client.keyless.post(page, data=chosen).headers["location"]
    code = url.partition("code=")[2]
    assert client.authenticate("authorization_code", code=code).json()["organization_id"] == beta["id"]
