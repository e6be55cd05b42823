"""Choosing which organization to sign in to."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.steps import begin, choose, give_credentials, see, see_failed, see_signed_in, sign_out
from tests.conftest import Client
from tests.organization_builders import add_member, create_member, create_organization

ADA = "ada@example.com"


def test_who_belongs_to_several_chooses_one(visit: Visit, client: Client) -> None:
    acme, globex = create_organization(client), create_organization(client, "Globex")
    add_member(client, create_member(client, acme), globex)
    page = visit()
    begin(page)
    give_credentials(page)
    see(page, "organization-selection")
    choose(page, f"organization-{globex['id']}")
    see_signed_in(page, ADA)
    expect(page.get_by_test_id("organization")).to_have_text(globex["id"])
    sign_out(page)


def test_who_belongs_to_one_is_not_asked(visit: Visit, client: Client) -> None:
    acme = create_organization(client)
    create_member(client, acme)
    page = visit()
    begin(page)
    give_credentials(page)
    expect(page.get_by_test_id("organization")).to_have_text(acme["id"])
    sign_out(page)


def test_the_organization_that_the_app_names_is_not_asked_for(visit: Visit, client: Client) -> None:
    acme, globex = create_organization(client), create_organization(client, "Globex")
    add_member(client, create_member(client, acme), globex)
    page = visit(organization_id=acme["id"])
    begin(page)
    give_credentials(page)
    expect(page.get_by_test_id("organization")).to_have_text(acme["id"])
    sign_out(page)


def test_the_organization_of_others_stays_closed_and_the_app_is_told(visit: Visit, client: Client) -> None:
    acme, globex = create_organization(client), create_organization(client, "Globex")
    create_member(client, acme)
    page = visit(organization_id=globex["id"])
    begin(page)
    give_credentials(page)
    see(page, "refused")
    choose(page, "back-to-the-app")
    see_failed(page, "access_denied")


def test_another_account_can_be_used_instead(visit: Visit, client: Client) -> None:
    acme, globex = create_organization(client), create_organization(client, "Globex")
    create_member(client, acme, "alan@example.com")
    create_member(client, globex)
    page = visit(organization_id=globex["id"])
    begin(page)
    give_credentials(page, "alan@example.com")
    choose(page, "use-another-account")
    give_credentials(page)
    see_signed_in(page, ADA)
    sign_out(page)
