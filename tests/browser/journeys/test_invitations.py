"""Accepting an invitation: from its mail, and through an app that passes its token on."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewApp, NewPage, Visit
from tests.browser.steps import begin, choose, enter, give_credentials, mail, see, see_signed_in, sign_out
from tests.builders import PASSWORD, create_user
from tests.conftest import Client
from tests.organization_builders import create_organization, send_invitation

GRACE = "grace@example.com"


@pytest.fixture
def acme(client: Client) -> str:
    """The id of the organization that Grace is invited to, the only place where she may sign up."""
    client.change_settings(sign_up="closed")
    organization_id: str = create_organization(client)["id"]
    send_invitation(client, GRACE, organization_id=organization_id)
    return organization_id


def test_an_invited_newcomer_signs_up_without_another_mail_and_belongs_to_the_organization(
    visit: Visit, client: Client, acme: str
) -> None:
    page = visit(invitation_token=mail(client, GRACE, "invitation")["token"])
    begin(page)
    see(page, "sign-up")
    enter(page, email=GRACE, password=PASSWORD)
    see_signed_in(page, GRACE)
    expect(page.get_by_test_id("organization")).to_have_text(acme)
    sign_out(page)


def test_an_invited_user_signs_in_and_belongs_to_the_organization(visit: Visit, client: Client, acme: str) -> None:
    create_user(client, GRACE, password=PASSWORD)
    page = visit(invitation_token=mail(client, GRACE, "invitation")["token"])
    begin(page)
    give_credentials(page, GRACE)
    see_signed_in(page, GRACE)
    expect(page.get_by_test_id("organization")).to_have_text(acme)
    sign_out(page)


def test_the_mailed_link_leads_through_the_apps_sign_in_endpoint(
    new_page: NewPage, new_app: NewApp, client: Client, acme: str
) -> None:
    create_user(client, GRACE, password=PASSWORD)
    client.change_settings(sign_in_endpoint=f"{new_app().url}/sign-in")
    page = new_page(mail(client, GRACE, "invitation")["link"])
    give_credentials(page, GRACE)
    see_signed_in(page, GRACE)
    expect(page.get_by_test_id("organization")).to_have_text(acme)
    sign_out(page)


def test_without_an_endpoint_the_app_of_this_machine_offers_the_invitation_at_its_next_sign_in(
    visit: Visit, client: Client, acme: str
) -> None:
    page = visit()
    begin(page)
    see(page, "sign-in")
    page.goto(mail(client, GRACE, "invitation")["link"])
    begin(page)
    see(page, "invite")
    choose(page, "submit")
    enter(page, email=GRACE, password=PASSWORD)
    see_signed_in(page, GRACE)
    expect(page.get_by_test_id("organization")).to_have_text(acme)
    sign_out(page)


def test_the_mailed_link_needs_no_app(new_page: NewPage, client: Client, acme: str) -> None:
    page = new_page(mail(client, GRACE, "invitation")["link"])
    choose(page, "submit")
    enter(page, email=GRACE, password=PASSWORD)
    see(page, "message")
    memberships = client.get("/user_management/organization_memberships", params={"organization_id": acme}).json()
    assert [membership["status"] for membership in memberships["data"]] == ["active"]


def test_a_used_link_says_so(new_page: NewPage, client: Client, acme: str) -> None:
    create_user(client, GRACE, password=PASSWORD)
    link = mail(client, GRACE, "invitation")["link"]
    page = new_page(link)
    choose(page, "submit")
    give_credentials(page, GRACE)
    see(page, "message")
    page.goto(link)
    see(page, "error")
