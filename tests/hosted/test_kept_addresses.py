"""An address of the pages that leads to no sign-in of this browser leads to where the app begins one."""

from __future__ import annotations

import re

import pytest

from tests.builders import PASSWORD, create_user
from tests.conftest import Client
from tests.hosted.browser import ACCEPT, Browser
from tests.hosted.journeys import ADA, at_sign_in, enter_password

ENDPOINT = "https://app.example/sign-in?from=authkit"

pytestmark = pytest.mark.fault("B19")


@pytest.fixture
def app(client: Client) -> Client:
    """The environment of an app that has named its sign-in endpoint."""
    client.change_settings(sign_in_endpoint=ENDPOINT)
    create_user(client, password=PASSWORD)
    return client


def led_to(browser: Browser, url: str) -> str:
    return browser.open(url).response.headers.get("location", "")


def test_finished_sign_in_leads_to_the_endpoint(app: Client) -> None:
    browser = at_sign_in(app)
    url = browser.page.url
    enter_password(browser)
    assert led_to(browser, url) == ENDPOINT


def test_form_of_a_finished_sign_in_leads_to_the_endpoint(app: Client) -> None:
    browser = at_sign_in(app)
    url, csrf = browser.page.url, browser.csrf
    enter_password(browser)
    page = browser.post(url, {"csrf": csrf, "email": ADA})
    assert (page.status, page.response.headers["location"]) == (303, ENDPOINT)


def test_expired_sign_in_leads_to_the_endpoint(app: Client) -> None:
    browser = at_sign_in(app)
    app.advance(3600)
    assert led_to(browser, browser.page.url) == ENDPOINT


@pytest.mark.parametrize("has_cookie", [True, False])
def test_sign_in_of_another_browser_leads_to_the_endpoint(app: Client, has_cookie: bool) -> None:
    url = at_sign_in(app).page.url
    other = at_sign_in(app) if has_cookie else Browser(app)
    assert led_to(other, url) == ENDPOINT


@pytest.mark.parametrize("page", ["", "/01ARZ3NDEKTSV4RRFFQ69G5FAV/sign-in", "/01ARZ3NDEKTSV4RRFFQ69G5FAV/cancel"])
def test_unknown_page_leads_to_the_endpoint(app: Client, page: str) -> None:
    assert led_to(Browser(app), f"/authkit/{app.client_id}{page}") == ENDPOINT


def test_browser_that_keeps_no_cookies_is_told_so_instead_of_being_led_in_a_circle(app: Client) -> None:
    url, visits = at_sign_in(app).page.url, 0
    while True:
        response = app.keyless.get(url, headers={"accept": ACCEPT})
        app.keyless.cookies.clear()
        if not response.is_redirect:
            break
        url, visits = response.headers["location"], visits + 1
    assert (response.status_code, visits) == (403, 1)
    assert "keeps no cookies" in re.sub(r"\s+", " ", response.text)


def test_endpoint_that_is_one_of_these_pages_is_not_followed(app: Client) -> None:
    page = f"{str(app.base_url).rstrip('/')}/authkit/{app.client_id}/kept"
    app.change_settings(sign_in_endpoint=page)
    response = app.keyless.get(page, headers={"accept": ACCEPT})
    assert response.status_code == 404


def test_without_an_endpoint_the_page_says_what_is_wrong(client: Client) -> None:
    url = at_sign_in(client).page.url
    page = Browser(client).open(url)
    assert (page.status, page.name) == (403, "error")
    assert Browser(client).open(f"/authkit/{client.client_id}/x").status == 404
