"""Signing in with an account at a social provider, which a page of ours plays."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.settings import OAUTH_PROVIDERS
from tests.builders import PASSWORD, create_user, event_data, list_sessions, state
from tests.conftest import Client
from tests.hosted.browser import Browser
from tests.hosted.journeys import ADA, at_sign_in, enter_password, mailed_code
from tests.organization_builders import add_member, create_member, create_organization, send_invitation

TRUSTED = ("GoogleOAuth", "AppleOAuth")
every_provider = pytest.mark.parametrize("provider", OAUTH_PROVIDERS)


def at_provider(client: Client, provider: str = "GoogleOAuth", **changes: Any) -> Browser:
    browser = at_sign_in(client, **changes)
    assert browser.submit(f"provider-{provider}").name == "identity-provider"
    return browser


def type_account(browser: Browser, email: str = ADA, **names: str) -> None:
    assert browser.submit(email=email, **names).name == "consent"
    browser.submit("allow")


@every_provider
def test_newcomer_signs_up(client: Client, provider: str) -> None:
    browser = at_provider(client, provider)
    type_account(browser, first_name="Ada", last_name="Lovelace")
    if provider not in TRUSTED:
        assert browser.page.name == "email-verification"
        browser.submit(code=mailed_code(client))
    answer = browser.exchange()
    user = answer["user"]
    assert (user["first_name"], user["email_verified"], answer["authentication_method"]) == ("Ada", True, provider)
    (identity,) = client.get(f"/user_management/users/{user['id']}/identities").json()
    assert identity["provider"].lower() == provider.lower()
    assert list_sessions(client, user["id"])[0]["auth_method"] == "oauth"
    assert client.event_names().count("authentication.oauth_succeeded") == 1


@every_provider
def test_app_can_lead_to_the_provider_itself(client: Client, provider: str) -> None:
    create_user(client)
    browser = at_sign_in(client, provider=provider, state="s")
    assert browser.page.name == "identity-provider"
    assert browser.submit(f"profile-{ADA}").name == "consent"
    browser.submit("allow")
    assert browser.app == {**(browser.app or {}), "state": "s"}
    assert browser.exchange()["authentication_method"] == provider


@every_provider
@pytest.mark.parametrize("where", ["identity-provider", "consent"])
def test_refusing_leads_back_to_the_app_with_an_error(client: Client, provider: str, where: str) -> None:
    browser = at_sign_in(client, provider=provider, state="s")
    if where == "consent":
        browser.submit(email=ADA)
    assert browser.page.name == where
    browser.submit("deny")
    assert browser.app is not None
    assert (browser.app["error"], browser.app["state"]) == ("access_denied", "s")
    assert provider in browser.app["error_description"]
    assert client.event_names() == ["authentication.oauth_failed"]


def test_user_with_the_address_is_linked_once(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    for _ in range(2):
        browser = at_provider(client, "GitHubOAuth")
        type_account(browser)
        assert browser.exchange()["user"]["id"] == user["id"]
    assert len(client.get(f"/user_management/users/{user['id']}/identities").json()) == 1


def test_account_with_another_address_signs_in_the_user_it_is_linked_with(client: Client) -> None:
    user = create_user(client)
    account = {"user": ADA, "email": "lovelace@example.com", "provider": "GoogleOAuth", "idp_id": "4711"}
    client.post("/_emulate/seed", json={"identities": [account]}).raise_for_status()
    browser = at_provider(client)
    browser.submit("profile-lovelace@example.com")
    browser.submit("allow")
    assert browser.exchange()["user"]["id"] == user["id"]


@every_provider
def test_address_that_nobody_has_verified_must_be(client: Client, provider: str) -> None:
    """Also with a trusted provider: who signed up with it first may be another person."""
    create_user(client, password=PASSWORD, email_verified=False)
    browser = at_provider(client, provider)
    type_account(browser)
    assert browser.page.name == "email-verification"
    browser.submit(code=mailed_code(client))
    assert browser.exchange()["user"]["email_verified"] is True


def test_names_of_the_account_are_shown_before_consent(client: Client) -> None:
    create_user(client, first_name="Ada", last_name="Lovelace")
    browser = at_provider(client, provider_scopes="calendar,email")
    page = browser.submit(f"profile-{ADA}")
    text = page.texts["page-consent"]
    assert "Ada Lovelace ada@example.com" in text
    assert "openid email profile calendar" in text


@pytest.mark.parametrize(("setting", "is_given"), [("on", True), ("off", False)])
def test_setting_gives_the_tokens_of_the_provider(client: Client, setting: str, is_given: bool) -> None:
    client.change_settings(oauth_tokens=setting)
    browser = at_provider(client, provider_scopes="calendar")
    type_account(browser)
    tokens = browser.exchange().get("oauth_tokens")
    assert (tokens is not None) == is_given
    if tokens is not None:
        assert (tokens["provider"], tokens["scopes"]) == ("GoogleOAuth", ["calendar"])


@pytest.mark.parametrize("email", ["", "ada", " "])
def test_what_is_no_address_is_refused(client: Client, email: str) -> None:
    page = at_provider(client).submit(email=email, first_name="Ada")
    assert (page.name, page.status, page.values["first_name"]) == ("identity-provider", 422, "Ada")
    assert page.texts["email-error"]


@pytest.mark.parametrize("provider", ["GitHubOAuth", "MySpaceOAuth", "authkit", ""])
def test_provider_that_is_not_offered_is_refused(client: Client, provider: str) -> None:
    client.change_settings(methods=["password", "GoogleOAuth"])
    browser = at_sign_in(client)
    assert [id for id in browser.page.elements if id.startswith("provider-")] == ["provider-GoogleOAuth"]
    page = browser.post(f"{browser.base}/provider", {"csrf": browser.csrf, "provider": provider})
    assert (page.name, page.status >= 400) == ("sign-in", True)
    create_user(client, password=PASSWORD)
    enter_password(browser)
    assert browser.app is not None


def test_closed_sign_up_refuses_an_account_that_is_new(client: Client) -> None:
    client.change_settings(sign_up="closed")
    browser = at_provider(client, state="s")
    type_account(browser)
    assert browser.page.name == "refused"
    browser.submit("back-to-the-app")
    assert browser.app is not None
    assert (browser.app["error"], browser.app["state"]) == ("access_denied", "s")
    assert client.event_names() == ["authentication.oauth_failed"]
    assert state(client, "identities") == []


def test_another_account_is_chosen_at_the_provider_that_the_app_named(client: Client) -> None:
    client.change_settings(sign_up="closed")
    create_user(client)
    browser = at_sign_in(client, provider="GoogleOAuth")
    type_account(browser, "new@example.com")
    assert browser.submit("use-another-account").name == "identity-provider"
    browser.submit(f"profile-{ADA}")
    browser.submit("allow")
    assert browser.exchange()["authentication_method"] == "GoogleOAuth"


def test_another_account_after_a_provider_of_ones_own_choice_begins_at_the_sign_in(client: Client) -> None:
    client.change_settings(sign_up="closed")
    browser = at_provider(client)
    type_account(browser)
    page = browser.submit("use-another-account")
    assert page.name == "sign-in"


def test_account_that_is_not_offered_can_not_be_chosen(client: Client) -> None:
    browser = at_provider(client)
    page = browser.post(browser.page.url, {"csrf": browser.csrf, "profile": "user_unknown"})
    assert (browser.app, page.name, page.status) == (None, "identity-provider", 404)
    assert page.texts["form-error"]


def test_sign_in_is_of_the_browser_too(client: Client) -> None:
    browser = at_provider(client)
    type_account(browser)
    browser.app = None
    browser.authorize()
    assert browser.exchange()["authentication_method"] == "GoogleOAuth"
    (success,) = event_data(client, "authentication.oauth_succeeded")
    assert success["ip_address"] == "127.0.0.1"


def test_organization_that_the_app_named_is_signed_in_to(client: Client) -> None:
    organization, other = (create_organization(client, name) for name in ("Acme", "Globex"))
    user = create_member(client, organization)
    add_member(client, user, other)
    browser = at_sign_in(client, provider="GoogleOAuth", organization_id=other["id"])
    type_account(browser)
    assert browser.exchange()["organization_id"] == other["id"]


def test_invitation_is_accepted_by_a_newcomer_whose_address_it_proves(client: Client) -> None:
    client.change_settings(sign_up="closed")
    organization = create_organization(client)
    invitation = send_invitation(client, ADA, organization_id=organization["id"])
    browser = at_provider(client, "GitHubOAuth", invitation_token=invitation["token"])
    type_account(browser)
    answer = browser.exchange()
    assert (answer["organization_id"], answer["user"]["email_verified"]) == (organization["id"], True)
