"""Refusals that people meet in a browser say what was wrong and what to do."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from mockserver.testing import MockServer
from tests.browser.conftest import NewPage
from tests.conftest import Client


def authorize(client: Client, redirect_uri: str) -> str:
    query = {
        "client_id": client.client_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "provider": "authkit",
    }
    return f"{client.base_url}/user_management/authorize?{urlencode(query)}"


@pytest.mark.parametrize("width", [375, 1200])
def test_an_unregistered_redirect_says_how_to_register_it(new_page: NewPage, client: Client, width: int) -> None:
    uri = "https://app.example.com/" + "long-path-" * 20
    page = new_page(authorize(client, uri), viewport={"width": width, "height": 700})
    expect(page.get_by_role("heading")).to_be_visible()
    expect(page.get_by_text("is not registered")).to_be_visible()
    expect(page.get_by_text("--redirect-uri")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(("scheme", "background"), [("light", "rgb(244, 245, 248)"), ("dark", "rgb(14, 16, 22)")])
def test_it_has_the_look_that_people_prefer(new_page: NewPage, client: Client, scheme: str, background: str) -> None:
    page = new_page(authorize(client, "https://app.example.com"), color_scheme=scheme)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == background


def test_what_the_app_sent_is_listed(new_page: NewPage, client: Client) -> None:
    page = new_page(authorize(client, "https://app.example.com") + "&client_secret=sk_test_secret")
    rows = page.get_by_role("table", name="What was sent").get_by_role("row")
    expect(rows.filter(has_text="provider")).to_contain_text("authkit")
    expect(rows.filter(has_text="client_secret")).to_have_text("client_secret…")


def test_a_redirect_with_markup_stays_text(new_page: NewPage, client: Client) -> None:
    page = new_page(authorize(client, "https://app.example.com/<b>bold</b>"))
    expect(page.get_by_text("<b>bold</b>").first).to_be_visible()


def test_the_console_of_an_unknown_environment_says_so(new_page: NewPage, server: MockServer) -> None:
    page = new_page(f"{server.url}/?client_id=client_nobody", color_scheme="dark")
    expect(page.get_by_text("No environment has the client id 'client_nobody'")).to_be_visible()
