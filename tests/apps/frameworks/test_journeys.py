"""Signing in and out, invitations and impersonation, in apps that take no code without their own `state`."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.apps.frameworks.conftest import App
from tests.browser.conftest import NewPage
from tests.browser.steps import choose, enter, give_credentials, mail, see, see_signed_in
from tests.builders import PASSWORD, create_user, list_sessions
from tests.conftest import Client
from tests.organization_builders import create_organization, send_invitation

GRACE = "grace@example.com"


def begin(page: Page) -> None:
    """From the app's start page."""
    page.get_by_role("link", name="Sign in").click()


def open_mail(page: Page, client: Client) -> None:
    page.goto(mail(client, GRACE, "invitation")["link"])


def see_member_of(page: Page, organization_id: str) -> None:
    see_signed_in(page, GRACE)
    expect(page.get_by_test_id("organization")).to_have_text(organization_id)


@pytest.fixture
def acme(client: Client) -> str:
    """The id of the organization that Grace is invited to."""
    organization_id: str = create_organization(client)["id"]
    send_invitation(client, GRACE, organization_id=organization_id)
    return organization_id


@pytest.fixture(params=["with an endpoint", "without one"])
def invited(request: pytest.FixtureRequest, app: App, new_page: NewPage, acme: str) -> Page:
    """A page that was led from the mailed invitation to where it is offered.

    Without a sign-in endpoint the link leads to the app's start page, once somebody has begun a sign-in from there.
    """
    if request.param == "with an endpoint":
        app.name_endpoint()
        page = new_page("about:blank")
        open_mail(page, app.client)
    else:
        page = new_page(app.url)
        begin(page)
        see(page, "sign-in")
        open_mail(page, app.client)
        expect(page).to_have_url(f"{app.url}/")
        begin(page)
    see(page, "invite")
    return page


def test_signing_in_leads_to_the_pages_and_back(app: App, new_page: NewPage, ada: dict[str, Any]) -> None:
    page = new_page(app.url)
    begin(page)
    give_credentials(page, ada["email"])
    see_signed_in(page, ada["email"])


@pytest.mark.fault("B20")
@pytest.mark.parametrize("setting", ["sign_out_redirects", "app_homepage_url"])
def test_signing_out_without_arguments_leads_to_the_default(
    page: Page, app: App, ada: dict[str, Any], setting: str
) -> None:
    home = f"{app.url}/"
    app.client.change_settings(**{setting: [home] if setting == "sign_out_redirects" else home})
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(home)
    assert list_sessions(app.client, ada["id"]) == []
    page.get_by_role("link", name="Account").click()
    see(page, "sign-in")


@pytest.mark.fault("B17")
def test_an_invited_newcomer_signs_up_and_is_a_member(invited: Page, acme: str) -> None:
    choose(invited, "submit")
    see(invited, "sign-up")
    enter(invited, email=GRACE, password=PASSWORD)
    see_member_of(invited, acme)


@pytest.mark.fault("B17")
def test_an_invited_person_who_is_known_signs_in_and_is_a_member(invited: Page, client: Client, acme: str) -> None:
    create_user(client, GRACE, password=PASSWORD)
    choose(invited, "submit")
    give_credentials(invited, GRACE)
    see_member_of(invited, acme)


@pytest.mark.fault("B17")
def test_an_invited_person_who_is_signed_in_only_accepts(
    app: App, new_page: NewPage, client: Client, acme: str
) -> None:
    create_user(client, GRACE, password=PASSWORD)
    app.name_endpoint()
    page = new_page(app.url)
    begin(page)
    give_credentials(page, GRACE)
    see_signed_in(page, GRACE)
    open_mail(page, client)
    choose(page, "submit")
    see_member_of(page, acme)


@pytest.mark.fault("B17")
def test_going_on_without_the_invitation_is_a_usual_sign_in(invited: Page, ada: dict[str, Any]) -> None:
    choose(invited, "decline")
    give_credentials(invited, ada["email"])
    see_signed_in(invited, ada["email"])
    expect(invited.get_by_test_id("organization")).to_have_text("no organization")


@pytest.mark.fault("B18")
def test_the_console_impersonates_through_the_sign_in_endpoint(
    app: App, new_page: NewPage, client: Client, ada: dict[str, Any]
) -> None:
    app.name_endpoint()
    page = new_page(f"{client.base_url}/_emulate/ui/impersonate?client_id={client.client_id}")
    enter(page, email=ada["email"], impersonator_email="support@example.com", reason="ticket 1")
    see_signed_in(page, ada["email"])
    expect(page.get_by_test_id("impersonator")).to_have_text("support@example.com: ticket 1")


@pytest.mark.fault("B19")
def test_an_address_of_a_finished_sign_in_leads_through_the_endpoint_back_to_the_app(
    app: App, new_page: NewPage, ada: dict[str, Any]
) -> None:
    app.name_endpoint()
    page = new_page(app.url)
    begin(page)
    see(page, "sign-in")
    kept = page.url
    give_credentials(page, ada["email"])
    see_signed_in(page, ada["email"])
    page.goto(kept)
    see_signed_in(page, ada["email"])
