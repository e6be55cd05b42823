"""Ways through the pages that many journeys share."""

from __future__ import annotations

from typing import Any

from tests.builders import PASSWORD
from tests.conftest import Client
from tests.hosted.browser import Browser, Page

ADA = "ada@example.com"


def at_sign_in(client: Client, **changes: Any) -> Browser:
    """A browser that an app has led to the pages; `changes` are those of the app's link."""
    browser = Browser(client)
    browser.authorize(**changes)
    return browser


def enter_password(browser: Browser, email: str = ADA, password: str = PASSWORD) -> Page:
    """From the sign-in page on."""
    browser.submit(email=email)
    return browser.submit(password=password)


def signed_in(client: Client, email: str = ADA, **changes: Any) -> Browser:
    """A browser that is back in the app, which has exchanged its code."""
    browser = at_sign_in(client, **changes)
    enter_password(browser, email)
    browser.exchange()
    return browser


def mailed_code(client: Client, email: str = ADA) -> str:
    code: str = client.latest_message(email)["code"]
    return code
