"""Which organization a sign-in leads into, and who is not let in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import PASSWORD, claims, create_user
from tests.conftest import Client
from tests.hosted.browser import Browser
from tests.hosted.journeys import at_sign_in, enter_password, mailed_code, signed_in
from tests.organization_builders import add_member, create_member, create_organization
from tests.sso_builders import create_connection


def at_selection(client: Client, **changes: Any) -> tuple[Browser, list[dict[str, Any]]]:
    """A member of two organizations who is asked which."""
    organizations = [create_organization(client, name) for name in ("Acme", "Globex")]
    user = create_member(client, organizations[0])
    add_member(client, user, organizations[1])
    browser = at_sign_in(client, **changes)
    assert enter_password(browser).name == "organization-selection"
    return browser, organizations


@pytest.mark.parametrize("index", [0, 1])
def test_member_of_several_chooses(client: Client, index: int) -> None:
    browser, organizations = at_selection(client)
    assert [browser.page.texts[f"organization-{item['id']}"] for item in organizations] == ["A Acme", "G Globex"]
    browser.submit(f"organization-{organizations[index]['id']}")
    assert browser.exchange()["organization_id"] == organizations[index]["id"]
    assert client.event_names().count("authentication.password_succeeded") == 1


@pytest.mark.parametrize("is_known", [True, False])
def test_organization_that_was_not_offered_is_refused(client: Client, is_known: bool) -> None:
    browser, _ = at_selection(client)
    other = create_organization(client, "Initech")["id"] if is_known else "org_unknown"
    sent = {"csrf": browser.csrf, "organization_id": other}
    page = browser.post(browser.page.url, sent)
    assert (page.name, page.status >= 400) == ("organization-selection", True)
    assert page.texts["form-error"]
    assert browser.app is None


def test_app_can_name_the_organization(client: Client) -> None:
    organizations = [create_organization(client, name) for name in ("Acme", "Globex")]
    user = create_member(client, organizations[0])
    add_member(client, user, organizations[1])
    browser = at_sign_in(client, organization_id=organizations[1]["id"])
    assert "Globex" in browser.page.texts["page-sign-in"]
    enter_password(browser)
    assert browser.exchange()["organization_id"] == organizations[1]["id"]


def at_refusal(client: Client) -> Browser:
    create_user(client, password=PASSWORD)
    organization = create_organization(client)
    create_member(client, organization, "grace@example.com")
    browser = at_sign_in(client, organization_id=organization["id"], state="s")
    assert enter_password(browser).name == "refused"
    return browser


def test_who_is_no_member_can_use_another_account(client: Client) -> None:
    browser = at_refusal(client)
    page = browser.submit("use-another-account")
    assert (page.name, page.values["email"]) == ("sign-in", "")
    enter_password(browser, "grace@example.com")
    assert browser.exchange()["user"]["email"] == "grace@example.com"


def test_who_is_no_member_can_go_back_to_the_app(client: Client) -> None:
    browser = at_refusal(client)
    browser.submit("back-to-the-app")
    assert browser.app is not None
    assert (browser.app["error"], browser.app["state"]) == ("access_denied", "s")
    assert "session.created" not in client.event_names()


def test_refused_sign_in_leaves_nobody_signed_in_to_the_pages(client: Client) -> None:
    browser = at_refusal(client)
    assert browser.authorize().name == "sign-in"


def test_second_app_asks_for_the_organization_again_and_keeps_the_time_of_the_sign_in(client: Client) -> None:
    client.put("/_emulate/clock", json={"now": "2026-01-15T12:00:00.000Z", "frozen": True})
    browser, organizations = at_selection(client)
    browser.submit(f"organization-{organizations[0]['id']}")
    first = browser.exchange()
    client.advance(60)
    browser.app = None
    assert browser.authorize().name == "organization-selection"
    browser.submit(f"organization-{organizations[1]['id']}")
    assert claims(browser.exchange()["access_token"])["auth_time"] == claims(first["access_token"])["auth_time"]


def test_inactive_member_is_not_offered_the_organization(client: Client) -> None:
    browser, organizations = at_selection(client)
    (membership,) = client.get(
        "/user_management/organization_memberships", params={"organization_id": organizations[1]["id"]}
    ).json()["data"]
    client.put(f"/user_management/organization_memberships/{membership['id']}/deactivate").raise_for_status()
    page = browser.open(browser.page.url)
    assert f"organization-{organizations[1]['id']}" not in page.elements


def set_policy(client: Client, organization: dict[str, Any], **policy: Any) -> None:
    client.put(f"/_emulate/organizations/{organization['id']}/policy", json=policy).raise_for_status()


def test_policy_that_allows_codes_only_leads_from_the_password_to_a_code(client: Client) -> None:
    organization = create_organization(client)
    create_member(client, organization)
    set_policy(client, organization, allowed_methods=["magic_auth"])
    browser = at_sign_in(client)
    page = enter_password(browser)
    assert (page.name, "use-password" in page.elements) == ("required-method", False)
    browser.submit("use-code")
    browser.submit(code=mailed_code(client))
    assert browser.exchange()["authentication_method"] == "MagicAuth"


def test_policy_that_allows_a_provider_leads_there(client: Client) -> None:
    organization = create_organization(client)
    create_member(client, organization)
    set_policy(client, organization, allowed_methods=["google_oauth"])
    browser = at_sign_in(client)
    page = enter_password(browser)
    assert [id for id in page.elements if id.startswith("provider-")] == ["provider-GoogleOAuth"]
    browser.submit("provider-GoogleOAuth")
    browser.submit("profile-ada@example.com")
    browser.submit("allow")
    assert browser.exchange()["authentication_method"] == "GoogleOAuth"


def test_policy_that_demands_sso_leads_to_the_connection(client: Client) -> None:
    organization = create_organization(client)
    create_member(client, organization)
    connection = create_connection(client, organization)
    set_policy(client, organization, sso_required=True)
    browser = at_sign_in(client)
    page = enter_password(browser)
    assert (page.name, "Acme" in page.texts["page-required-method"]) == ("required-method", True)
    assert browser.submit(f"connection-{connection['id']}").name == "identity-provider"
    browser.submit(email="ada@example.com")
    answer = browser.exchange()
    assert (answer["authentication_method"], answer["organization_id"]) == ("SSO", organization["id"])


def test_organization_that_demands_a_second_factor_asks_for_it(client: Client) -> None:
    organization = create_organization(client)
    create_member(client, organization)
    set_policy(client, organization, mfa_required=True)
    assert enter_password(at_sign_in(client)).name == "mfa-enrollment"


def test_policy_of_the_second_app_binds_who_is_signed_in_already(client: Client) -> None:
    organization = create_organization(client)
    create_user(client, password=PASSWORD)
    browser = signed_in(client)
    (user,) = client.get("/user_management/users").json()["data"]
    add_member(client, user, organization)
    set_policy(client, organization, allowed_methods=["magic_auth"])
    browser.app = None
    assert browser.authorize(organization_id=organization["id"]).name == "required-method"
