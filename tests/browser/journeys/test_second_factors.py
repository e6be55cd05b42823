"""Enrolling an authenticator app, and being asked for its code."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.authenticator import totp
from tests.browser.conftest import Visit
from tests.browser.steps import begin, enter, give_credentials, see, see_error, see_signed_in, sign_out
from tests.builders import PASSWORD, create_user, enroll_totp, state, wrong
from tests.conftest import Client

ADA = "ada@example.com"
A_STEP = 30


def test_a_required_second_factor_is_enrolled_and_then_asked_for(visit: Visit, client: Client) -> None:
    client.change_settings(mfa="required")
    create_user(client, password=PASSWORD)
    page = visit()
    begin(page)
    give_credentials(page)
    see(page, "mfa-enrollment")
    expect(page.get_by_test_id("totp-qr")).to_be_visible()
    secret = page.get_by_test_id("totp-secret").get_attribute("data-secret") or ""
    enter(page, code=wrong(totp(client, secret)))
    see_error(page, "code", "not right")
    assert page.get_by_test_id("totp-secret").get_attribute("data-secret") == secret
    enter(page, code=totp(client, secret))
    see_signed_in(page, ADA, "Password")
    sign_out(page)
    client.advance(A_STEP)
    begin(page)
    give_credentials(page)
    see(page, "mfa-verification")
    enter(page, code=totp(client, secret))
    see_signed_in(page, ADA)
    sign_out(page)


def test_an_enrolled_app_is_asked_for_its_code(visit: Visit, client: Client) -> None:
    factor = enroll_totp(client, create_user(client, password=PASSWORD)["id"])["authentication_factor"]
    secret = factor["totp"]["secret"]
    page = visit()
    begin(page)
    give_credentials(page)
    enter(page, code=wrong(totp(client, secret)))
    see_error(page, "code", "not right")
    enter(page, code=totp(client, secret))
    see_signed_in(page, ADA, "Password")
    sign_out(page)


def test_a_secret_that_was_only_shown_is_no_factor(visit: Visit, client: Client) -> None:
    client.change_settings(mfa="required")
    create_user(client, password=PASSWORD)
    page = visit()
    begin(page)
    give_credentials(page)
    see(page, "mfa-enrollment")
    assert state(client, "authentication_factors") == []
