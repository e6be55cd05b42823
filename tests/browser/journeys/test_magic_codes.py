"""Signing in with a code from a mail."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.steps import begin, choose, enter, mail, see, see_error, see_signed_in, sign_out
from tests.builders import PASSWORD, create_user, wrong
from tests.conftest import Client

ADA = "ada@example.com"
ELEVEN_MINUTES = 11 * 60


def test_who_has_no_password_is_mailed_a_code(visit: Visit, client: Client) -> None:
    create_user(client)
    page = visit()
    begin(page)
    enter(page, email=ADA)
    see(page, "magic-code")
    enter(page, code=mail(client, ADA, "magic_auth")["code"])
    see_signed_in(page, ADA, "MagicAuth")
    sign_out(page)


def test_who_has_a_password_can_ask_for_a_code(visit: Visit, client: Client) -> None:
    create_user(client, password=PASSWORD)
    page = visit()
    begin(page)
    enter(page, email=ADA)
    choose(page, "use-code")
    enter(page, code=mail(client, ADA, "magic_auth")["code"])
    see_signed_in(page, ADA, "MagicAuth")
    sign_out(page)


def test_a_mistyped_code_is_refused_and_the_right_one_still_signs_in(visit: Visit, client: Client) -> None:
    create_user(client)
    page = visit()
    begin(page)
    enter(page, email=ADA)
    code = mail(client, ADA, "magic_auth")["code"]
    enter(page, code=wrong(code))
    see_error(page, "code", "not right")
    enter(page, code=f"{code[:3]} {code[3:]}")
    see_signed_in(page, ADA)
    sign_out(page)


def test_a_used_code_is_refused_and_the_new_one_signs_in(visit: Visit, client: Client) -> None:
    create_user(client)
    page = visit()
    begin(page)
    enter(page, email=ADA)
    used = mail(client, ADA, "magic_auth")
    enter(page, code=used["code"])
    see_signed_in(page, ADA)
    sign_out(page)
    begin(page)
    enter(page, email=ADA)
    enter(page, code=used["code"])
    see_error(page, "code")
    enter(page, code=mail(client, ADA, "magic_auth", after=used)["code"])
    see_signed_in(page, ADA)
    sign_out(page)


def test_an_expired_code_is_refused_and_a_new_one_is_a_button_away(visit: Visit, client: Client) -> None:
    create_user(client)
    page = visit()
    begin(page)
    enter(page, email=ADA)
    expired = mail(client, ADA, "magic_auth")
    client.advance(ELEVEN_MINUTES)
    enter(page, code=expired["code"])
    see_error(page, "code", "expired")
    choose(page, "resend")
    expect(page.get_by_test_id("notice")).to_contain_text(ADA)
    enter(page, code=mail(client, ADA, "magic_auth", after=expired)["code"])
    see_signed_in(page, ADA)
    sign_out(page)
