"""Being signed in already: other apps, a fresh sign-in, and leaving."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.conftest import NewApp, NewPage
from tests.browser.steps import begin, give_credentials, see, see_signed_in, sign_out
from tests.builders import PASSWORD, create_user, list_sessions
from tests.conftest import Client

ADA = "ada@example.com"


def signed_in(new_page: NewPage, url: str, client: Client) -> Page:
    create_user(client, password=PASSWORD)
    page = new_page(url)
    begin(page)
    give_credentials(page)
    see_signed_in(page, ADA)
    return page


def test_a_second_app_signs_in_silently(new_page: NewPage, new_app: NewApp, client: Client) -> None:
    page = signed_in(new_page, new_app().url, client)
    page.goto(new_app().url)
    begin(page)
    see_signed_in(page, ADA, "Password")
    sign_out(page)


def test_prompt_login_asks_again(new_page: NewPage, new_app: NewApp, client: Client) -> None:
    page = signed_in(new_page, new_app().url, client)
    page.goto(new_app(prompt="login").url)
    begin(page)
    give_credentials(page)
    see_signed_in(page, ADA)
    sign_out(page)


def test_max_age_asks_again_once_the_sign_in_is_older(new_page: NewPage, new_app: NewApp, client: Client) -> None:
    page = signed_in(new_page, new_app().url, client)
    page.goto(new_app(max_age="60").url)
    begin(page)
    see_signed_in(page, ADA)
    client.advance(61)
    page.goto(new_app(max_age="60").url)
    begin(page)
    give_credentials(page)
    see_signed_in(page, ADA)
    sign_out(page)


def test_signing_out_ends_the_silence_and_the_session(new_page: NewPage, new_app: NewApp, client: Client) -> None:
    page = signed_in(new_page, new_app().url, client)
    sign_out(page)
    (ada,) = client.get("/user_management/users").json()["data"]
    assert list_sessions(client, ada["id"]) == []
    begin(page)
    see(page, "sign-in")
