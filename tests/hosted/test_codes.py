"""Codes from the mail: of Magic Auth, and to verify the address."""

from __future__ import annotations

import pytest

from tests.builders import PASSWORD, create_magic_auth, create_user, event_data, messages, wrong
from tests.conftest import Client
from tests.hosted.browser import Browser
from tests.hosted.journeys import ADA, at_sign_in, enter_password, mailed_code


def at_magic_code(client: Client) -> Browser:
    """The user is verified, and has no password."""
    create_user(client)
    browser = at_sign_in(client)
    assert browser.submit(email=ADA).name == "magic-code"
    return browser


def at_email_verification(client: Client) -> Browser:
    create_user(client, password=PASSWORD, email_verified=False)
    browser = at_sign_in(client)
    assert enter_password(browser).name == "email-verification"
    return browser


AT = {"magic_auth": at_magic_code, "email_verification": at_email_verification}
both = pytest.mark.parametrize("kind", AT)


@both
@pytest.mark.parametrize("spelled", ["{}", " {} ", "{0[0]}{0[1]}{0[2]}-{0[3]}{0[4]}{0[5]}"])
def test_code_leads_back_to_the_app(client: Client, kind: str, spelled: str) -> None:
    browser = AT[kind](client)
    browser.submit(code=spelled.format(mailed_code(client)))
    assert browser.exchange()["user"]["email_verified"] is True
    assert client.event_names().count(f"authentication.{kind}_succeeded") == 1
    assert len(messages(client)) == 1


def test_magic_auth_is_the_method(client: Client) -> None:
    browser = at_magic_code(client)
    browser.submit(code=mailed_code(client))
    assert browser.exchange()["authentication_method"] == "MagicAuth"


def test_password_stays_the_method_after_verifying(client: Client) -> None:
    browser = at_email_verification(client)
    browser.submit(code=mailed_code(client))
    assert browser.exchange()["authentication_method"] == "Password"


@both
def test_wrong_code_is_refused_beside_its_field_and_the_right_one_still_counts(client: Client, kind: str) -> None:
    browser = AT[kind](client)
    code = mailed_code(client)
    page = browser.submit(code=wrong(code))
    assert (page.status, "not right" in page.texts["code-error"]) == (400, True)
    assert [data["error"]["code"] for data in event_data(client, f"authentication.{kind}_failed")] == [
        "invalid_one_time_code"
    ]
    browser.submit(code=code)
    assert browser.app is not None


@both
@pytest.mark.parametrize("code", ["", " ", "-", "abc", "１２３４５６", "12345678901234567890"])
def test_what_is_no_code_is_refused_beside_its_field(client: Client, kind: str, code: str) -> None:
    page = AT[kind](client).submit(code=code)
    assert page.status in (400, 422)
    assert page.texts["code-error"]


def test_expired_magic_code_is_refused_and_a_new_one_counts(client: Client) -> None:
    browser = at_magic_code(client)
    code = mailed_code(client)
    client.advance(601)
    assert "expired" in browser.submit(code=code).texts["code-error"]
    browser.submit("resend")
    assert ADA in browser.page.texts["notice"]
    assert len(messages(client, kind="magic_auth")) == 2
    browser.submit(code=mailed_code(client))
    assert browser.app is not None


def test_verification_that_took_too_long_begins_again(client: Client) -> None:
    browser = at_email_verification(client)
    code = mailed_code(client)
    client.advance(601)
    page = browser.submit(code=code)
    assert (page.name, page.status) == ("sign-in", 200)
    assert "too long" in page.texts["notice"]
    assert enter_password(browser).name == "email-verification"
    browser.submit(code=mailed_code(client))
    assert browser.app is not None


def test_used_magic_code_is_refused(client: Client) -> None:
    browser = at_magic_code(client)
    code = mailed_code(client)
    other = at_sign_in(client)
    other.submit(email=ADA)
    browser.submit(code=code)
    assert "used before" in other.submit(code=code).texts["code-error"]


@both
def test_code_is_dead_after_too_many_tries(client: Client, kind: str) -> None:
    browser = AT[kind](client)
    code = mailed_code(client)
    for _ in range(10):
        browser.submit(code=wrong(code))
    page = browser.submit(code=code)
    assert (page.status, "Too many" in page.texts["code-error"]) == (400, True)
    browser.submit("resend")
    browser.submit(code=mailed_code(client))
    assert browser.app is not None


@both
def test_new_code_is_announced_once(client: Client, kind: str) -> None:
    browser = AT[kind](client)
    assert "notice" not in browser.page.elements
    page = browser.submit("resend")
    assert ADA in page.texts["notice"]
    assert client.event_names().count(f"{kind}.created") == 2
    assert "notice" not in browser.submit(code="000000").elements


def test_code_can_take_the_place_of_the_password(client: Client) -> None:
    create_user(client, password=PASSWORD)
    browser = at_sign_in(client)
    browser.submit(email=ADA)
    assert browser.submit("use-code").name == "magic-code"
    browser.submit(code=mailed_code(client))
    assert browser.exchange()["authentication_method"] == "MagicAuth"


def test_address_in_question_can_be_changed(client: Client) -> None:
    browser = at_magic_code(client)
    browser.follow("change-email")
    page = browser.submit(email="new@example.com")
    assert (page.name, page.values["email"]) == ("sign-up", "new@example.com")


def test_code_is_for_the_address_that_was_typed(client: Client) -> None:
    create_user(client, "grace@example.com")
    code = create_magic_auth(client, "grace@example.com")["code"]
    assert "not right" in at_magic_code(client).submit(code=code).texts["code-error"]


def test_fixed_code_signs_in(client: Client) -> None:
    client.change_settings(fixed_codes={"*@example.com": "123456"})
    browser = at_magic_code(client)
    browser.submit(code="123456")
    assert browser.app is not None


def test_footer_leads_to_the_inbox_of_the_address(client: Client) -> None:
    page = at_magic_code(client).page
    assert page.links["inbox-link"] == f"/_emulate/ui/inbox?client_id={client.client_id}&to=ada%40example.com"
