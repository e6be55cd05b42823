"""Setting a new password with a link from a mail."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage, Visit
from tests.browser.steps import begin, choose, enter, give_credentials, mail, see, see_error, see_signed_in, sign_out
from tests.builders import PASSWORD, create_password_reset, create_user
from tests.conftest import Client

ADA = "ada@example.com"
NEW_PASSWORD = "another-secure-password"
SIXTEEN_MINUTES = 16 * 60


@pytest.fixture
def page(visit: Visit, client: Client) -> Page:
    """Of Ada, who has forgotten her password and asked for a link."""
    create_user(client, password=PASSWORD)
    page = visit()
    begin(page)
    enter(page, email=ADA)
    choose(page, "forgot-password")
    enter(page, email=ADA)
    see(page, "forgot-password")
    return page


def test_the_mailed_link_sets_a_password_that_signs_in(page: Page, client: Client) -> None:
    page.goto(mail(client, ADA, "password_reset")["link"])
    enter(page, new_password=NEW_PASSWORD)
    see(page, "password")
    expect(page.get_by_test_id("notice")).to_contain_text("changed")
    enter(page, password=NEW_PASSWORD)
    see_signed_in(page, ADA)
    sign_out(page)


def test_the_mailed_link_works_in_another_browser_too(page: Page, new_page: NewPage, client: Client) -> None:
    elsewhere = new_page(mail(client, ADA, "password_reset")["link"])
    enter(elsewhere, new_password=NEW_PASSWORD)
    see(elsewhere, "message")
    page.get_by_test_id("sign-in-link").click()
    give_credentials(page, ADA, NEW_PASSWORD)
    see_signed_in(page, ADA)
    sign_out(page)


def test_a_weak_password_is_refused_and_the_link_still_works(page: Page, client: Client) -> None:
    page.goto(mail(client, ADA, "password_reset")["link"])
    enter(page, new_password="password12")
    see_error(page, "new_password")
    enter(page, new_password=NEW_PASSWORD)
    assert client.authenticate("password", email=ADA, password=NEW_PASSWORD).status_code == 200


def test_an_expired_link_says_so(new_page: NewPage, client: Client) -> None:
    create_user(client, password=PASSWORD)
    link = create_password_reset(client)["password_reset_url"]
    client.advance(SIXTEEN_MINUTES)
    page = new_page(link)
    see(page, "reset-password")
    expect(page.get_by_test_id("new_password-input")).to_have_count(0)


def test_a_used_link_says_so(page: Page, client: Client) -> None:
    link = mail(client, ADA, "password_reset")["link"]
    page.goto(link)
    enter(page, new_password=NEW_PASSWORD)
    see(page, "password")
    page.goto(link)
    see(page, "reset-password")
    expect(page.get_by_test_id("new_password-input")).to_have_count(0)
