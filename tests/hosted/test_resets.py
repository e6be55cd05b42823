"""A forgotten password, from the sign-in to the mail and back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import PASSWORD, create_password_reset, create_user, messages, sign_in
from tests.conftest import Client
from tests.hosted.browser import Browser, Page
from tests.hosted.journeys import ADA, at_sign_in, enter_password, signed_in

STRONG = "correct horse battery staple"


def ask_for_link(client: Client, email: str = ADA, **changes: Any) -> Browser:
    create_user(client, password=PASSWORD)
    browser = at_sign_in(client, **changes)
    browser.submit(email=ADA)
    browser.follow("forgot-password")
    browser.submit(email=email)
    return browser


def open_link(browser: Browser, to: str = ADA) -> Page:
    return browser.open(browser.client.latest_message(to)["link"])


def test_link_leads_back_to_the_sign_in_it_began_at(client: Client) -> None:
    browser = ask_for_link(client, state="s")
    assert open_link(browser).name == "reset-password"
    page = browser.submit(new_password=STRONG)
    assert (page.name, "changed" in page.texts["notice"]) == ("password", True)
    browser.submit(password=STRONG)
    assert browser.app == {**(browser.app or {}), "state": "s"}
    browser.exchange()
    assert client.event_names() == [
        "user.created",
        "password_reset.created",
        "password_reset.succeeded",
        "user.updated",
        "authentication.password_succeeded",
        "session.created",
    ]


def test_unknown_address_is_told_the_same(client: Client) -> None:
    known = ask_for_link(client).page
    unknown = at_sign_in(client)
    unknown.open(f"{unknown.base}/forgot-password")
    page = unknown.submit(email="nobody@example.com")
    assert (page.name, page.status) == (known.name, known.status)
    told = known.texts["page-forgot-password"].replace(ADA, "nobody@example.com")
    assert page.texts["page-forgot-password"] == told
    assert messages(client, to="nobody@example.com") == []


def test_address_that_was_typed_is_in_the_field(client: Client) -> None:
    create_user(client, password=PASSWORD)
    browser = at_sign_in(client)
    browser.submit(email=ADA)
    assert browser.follow("forgot-password").values["email"] == ADA


@pytest.mark.parametrize("email", ["", "ada"])
def test_what_is_no_address_is_refused(client: Client, email: str) -> None:
    page = ask_for_link(client, email).page
    assert (page.name, page.status) == ("forgot-password", 422)
    assert page.texts["email-error"]


def test_old_password_is_refused_afterwards(client: Client) -> None:
    browser = ask_for_link(client)
    open_link(browser)
    browser.submit(new_password=STRONG)
    assert browser.submit(password=PASSWORD).name == "password"
    assert sign_in(client, password=STRONG)


def test_weak_password_is_refused_and_the_link_stays_good(client: Client) -> None:
    browser = ask_for_link(client)
    open_link(browser)
    page = browser.submit(new_password="short")
    assert (page.name, page.status) == ("reset-password", 400)
    assert page.texts["new_password-error"]
    assert browser.submit(new_password=STRONG).name == "password"


def test_link_counts_once(client: Client) -> None:
    browser = ask_for_link(client)
    open_link(browser)
    form = browser.page
    browser.submit(new_password=STRONG)
    assert open_link(browser).status == 410
    assert "new_password" not in browser.page.values
    browser.page = form
    page = browser.submit(new_password="another horse battery staple")
    assert (page.name, page.status) == ("reset-password", 410)
    assert sign_in(client, password=STRONG)


def test_expired_link_shows_no_form(client: Client) -> None:
    browser = ask_for_link(client)
    open_link(browser)
    form = browser.page
    client.advance(901)
    assert (open_link(browser).status, "new_password" in browser.page.values) == (410, False)
    browser.page = form
    assert browser.submit(new_password=STRONG).status == 410
    assert sign_in(client, password=PASSWORD)


@pytest.mark.parametrize("token", ["", "unknown", "é" * 500, "'\"<b>"])
def test_unknown_link_shows_no_form(client: Client, token: str) -> None:
    browser = Browser(client)
    page = browser.open(f"/authkit/{client.client_id}/reset-password", params={"token": token})
    assert (page.name, page.status, "new_password" in page.values) == ("reset-password", 410, False)


def test_link_in_another_browser_changes_the_password_and_ends_there(client: Client) -> None:
    browser = ask_for_link(client)
    other = Browser(client)
    open_link(other)
    page = other.submit(new_password=STRONG)
    assert (page.name, "password-changed" in page.elements) == ("message", True)
    browser.follow("sign-in-link")
    enter_password(browser, password=STRONG)
    assert browser.app is not None


def test_link_of_the_api_changes_the_password_without_a_sign_in(client: Client) -> None:
    create_user(client, password=PASSWORD)
    browser = Browser(client)
    browser.open(create_password_reset(client)["password_reset_url"])
    assert "password-changed" in browser.submit(new_password=STRONG).elements
    assert sign_in(client, password=STRONG)


def test_page_of_the_app_gets_the_link_where_there_is_one(client: Client) -> None:
    client.change_settings(password_reset_url="https://app.example.com/reset")
    ask_for_link(client)
    assert client.latest_message(ADA)["link"].startswith("https://app.example.com/reset?token=")


def test_reset_signs_out_of_the_pages_too(client: Client) -> None:
    create_user(client, password=PASSWORD)
    browser = signed_in(client)
    reset = create_password_reset(client)
    client.post(
        "/user_management/password_reset/confirm",
        json={"token": reset["password_reset_token"], "new_password": STRONG},
    ).raise_for_status()
    browser.app = None
    assert browser.authorize().name == "sign-in"


def test_reset_verifies_the_address_it_was_mailed_to(client: Client) -> None:
    create_user(client, password=PASSWORD, email_verified=False)
    browser = at_sign_in(client)
    browser.open(f"{browser.base}/forgot-password")
    browser.submit(email=ADA)
    open_link(browser)
    browser.submit(new_password=STRONG)
    browser.submit(password=STRONG)
    assert browser.app is not None


def test_password_switched_off_refuses_the_mail(client: Client) -> None:
    create_user(client, password=PASSWORD)
    browser = at_sign_in(client)
    browser.open(f"{browser.base}/forgot-password")
    client.change_settings(methods=["magic_auth"])
    page = browser.submit(email=ADA)
    assert (page.status, messages(client)) == (403, [])
    assert "disabled" in page.texts["form-error"]


def test_reset_signs_out_of_the_pages_even_before_the_app_has_taken_its_code(client: Client) -> None:
    create_user(client, password=PASSWORD)
    browser = at_sign_in(client)
    enter_password(browser)
    reset = create_password_reset(client)
    body = {"token": reset["password_reset_token"], "new_password": STRONG}
    client.post("/user_management/password_reset/confirm", json=body).raise_for_status()
    browser.app = None
    assert browser.authorize().name == "sign-in"


def test_spent_link_leads_to_a_new_one_where_the_sign_in_waits(client: Client) -> None:
    browser = ask_for_link(client)
    client.advance(901)
    assert open_link(browser).status == 410
    assert browser.follow("forgot-password").name == "forgot-password"
