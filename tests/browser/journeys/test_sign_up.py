"""Making an account."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.steps import begin, choose, enter, mail, see, see_error, see_signed_in, sign_out
from tests.builders import PASSWORD, create_user, wrong
from tests.conftest import Client

GRACE = "grace@example.com"


def test_who_signs_up_verifies_the_address_with_the_mailed_code(visit: Visit, client: Client) -> None:
    page = visit()
    begin(page)
    choose(page, "sign-up-link")
    enter(page, email=GRACE, first_name="Grace", last_name="Hopper", password=PASSWORD)
    see(page, "email-verification")
    enter(page, code=mail(client, GRACE, "email_verification")["code"])
    see_signed_in(page, GRACE, "Password")
    (user,) = client.get("/user_management/users").json()["data"]
    assert (user["first_name"], user["last_name"], user["email_verified"]) == ("Grace", "Hopper", True)
    sign_out(page)


def test_a_mistyped_verification_code_can_be_followed_by_a_new_one(visit: Visit, client: Client) -> None:
    page = visit(screen_hint="sign-up")
    begin(page)
    enter(page, email=GRACE, password=PASSWORD)
    first = mail(client, GRACE, "email_verification")
    enter(page, code=wrong(first["code"]))
    see_error(page, "code", "not right")
    choose(page, "resend")
    expect(page.get_by_test_id("notice")).to_contain_text(GRACE)
    enter(page, code=mail(client, GRACE, "email_verification", after=first)["code"])
    see_signed_in(page, GRACE)
    sign_out(page)


def test_who_signs_up_without_a_password_is_mailed_a_code(visit: Visit, client: Client) -> None:
    page = visit(screen_hint="sign-up")
    begin(page)
    page.get_by_test_id("email-input").fill(GRACE)
    choose(page, "use-code")
    enter(page, code=mail(client, GRACE, "magic_auth")["code"])
    see_signed_in(page, GRACE, "MagicAuth")
    sign_out(page)


def test_an_unknown_address_leads_to_sign_up_with_it_filled_in(visit: Visit, client: Client) -> None:
    page = visit()
    begin(page)
    enter(page, email=GRACE)
    see(page, "sign-up")
    expect(page.get_by_test_id("email-input")).to_have_value(GRACE)
    enter(page, password=PASSWORD)
    enter(page, code=mail(client, GRACE, "email_verification")["code"])
    see_signed_in(page, GRACE)
    sign_out(page)


def test_a_taken_address_and_a_weak_password_are_said_beside_their_fields(visit: Visit, client: Client) -> None:
    create_user(client, GRACE, password=PASSWORD)
    page = visit(screen_hint="sign-up")
    begin(page)
    enter(page, email=GRACE, first_name="Grace", password=PASSWORD)
    see_error(page, "email", "exists already")
    expect(page.get_by_test_id("first_name-input")).to_have_value("Grace")
    enter(page, email="hopper@example.com", password="password12")
    see_error(page, "password")
    enter(page, password=PASSWORD)
    see(page, "email-verification")


def test_a_closed_sign_up_says_that_the_address_is_unknown(visit: Visit, client: Client) -> None:
    client.change_settings(sign_up="closed")
    page = visit()
    begin(page)
    enter(page, email=GRACE)
    see_error(page, "email", GRACE)
    expect(page.get_by_test_id("sign-up-link")).to_have_count(0)
