"""Signing in with a password."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewApp, NewPage, Visit
from tests.browser.steps import begin, enter, give_credentials, see, see_error, see_failed, see_signed_in, sign_out
from tests.builders import PASSWORD, create_user
from tests.conftest import Client

ADA = "ada@example.com"


def test_a_password_signs_in_and_the_app_signs_out(visit: Visit, client: Client) -> None:
    create_user(client, password=PASSWORD)
    page = visit()
    begin(page)
    give_credentials(page)
    see_signed_in(page, ADA, "Password")
    sign_out(page)


def test_a_wrong_password_is_said_to_be_wrong_and_the_right_one_signs_in(visit: Visit, client: Client) -> None:
    create_user(client, password=PASSWORD)
    page = visit()
    begin(page)
    give_credentials(page, ADA, "another-password")
    see_error(page, "password", "not right")
    expect(page.get_by_test_id("password-input")).to_have_value("")
    enter(page, password=PASSWORD)
    see_signed_in(page, ADA)
    sign_out(page)


def test_another_address_can_be_given_instead(visit: Visit, client: Client) -> None:
    create_user(client, "alan@example.com", password=PASSWORD)
    create_user(client, password=PASSWORD)
    page = visit()
    begin(page)
    enter(page, email="alan@example.com")
    page.get_by_test_id("change-email").click()
    give_credentials(page)
    see_signed_in(page, ADA)
    sign_out(page)


def test_the_keyboard_is_enough(visit: Visit, client: Client) -> None:
    create_user(client, password=PASSWORD)
    page = visit()
    page.get_by_role("button", name="Sign in").focus()
    page.keyboard.press("Enter")
    type_into_what_has_the_focus(page, "email-input", ADA)
    type_into_what_has_the_focus(page, "password-input", PASSWORD)
    see_signed_in(page, ADA)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Signed out")).to_be_visible()


def type_into_what_has_the_focus(page: Page, testid: str, text: str) -> None:
    expect(page.get_by_test_id(testid)).to_be_focused()
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def test_the_pages_need_no_scripts(new_page: NewPage, new_app: NewApp, client: Client) -> None:
    create_user(client, password=PASSWORD)
    page = new_page(new_app().url, java_script_enabled=False)
    begin(page)
    give_credentials(page)
    see_signed_in(page, ADA)
    sign_out(page)


def test_the_address_that_the_app_names_is_filled_in(visit: Visit, client: Client) -> None:
    create_user(client, password=PASSWORD)
    page = visit(login_hint=ADA)
    begin(page)
    expect(page.get_by_test_id("email-input")).to_have_value(ADA)
    page.get_by_test_id("submit").click()
    enter(page, password=PASSWORD)
    see_signed_in(page, ADA)
    sign_out(page)


def test_one_click_signs_in_who_is_known(visit: Visit, client: Client) -> None:
    create_user(client, first_name="Ada", last_name="Lovelace")
    page = visit()
    begin(page)
    page.get_by_test_id(f"known-user-{ADA}").click()
    see_signed_in(page, ADA)
    sign_out(page)


def test_cancelling_tells_the_app(visit: Visit) -> None:
    page = visit()
    begin(page)
    see(page, "sign-in")
    page.get_by_test_id("cancel").click()
    see_failed(page, "access_denied")
