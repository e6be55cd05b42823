"""The steps that journeys are made of: one for each thing that a person does or sees."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.builders import PASSWORD
from tests.conftest import Client


def begin(page: Page) -> None:
    """From the app's start page to the hosted pages."""
    page.get_by_role("button", name="Sign in", exact=True).click()


def enter(page: Page, **fields: str) -> None:
    """Fills fields and submits them."""
    for name, value in fields.items():
        page.get_by_test_id(f"{name}-input").fill(value)
    page.get_by_test_id("submit").click()


def give_credentials(page: Page, email: str = "ada@example.com", password: str = PASSWORD) -> None:
    """From the first of the hosted pages through that of the password."""
    enter(page, email=email)
    enter(page, password=password)


def choose(page: Page, testid: str) -> None:
    page.get_by_test_id(testid).click()


def see(page: Page, name: str) -> None:
    """A hosted page, by the name of its template."""
    expect(page.get_by_test_id(f"page-{name}")).to_be_visible()


def see_error(page: Page, field: str, text: str | None = None) -> None:
    """`field` is `form` for what belongs to no field."""
    error = page.get_by_test_id(f"{field}-error")
    expect(error).to_be_visible()
    if text:
        expect(error).to_contain_text(text)


def see_signed_in(page: Page, email: str, method: str | None = None) -> None:
    expect(page.get_by_role("heading", name=f"Signed in as {email}")).to_be_visible()
    if method:
        expect(page.get_by_test_id("method")).to_have_text(method)


def see_failed(page: Page, error: str) -> None:
    """The app was told of an error instead of being given a code."""
    expect(page.get_by_role("heading", name="Sign-in failed")).to_be_visible()
    expect(page.get_by_text(error, exact=True)).to_be_visible()


def sign_out(page: Page) -> None:
    page.get_by_role("link", name="Sign out").click()
    expect(page.get_by_role("heading", name="Signed out")).to_be_visible()


def mail(client: Client, to: str, kind: str, after: dict[str, Any] | None = None) -> dict[str, Any]:
    """Waits for a mail, a newer one than `after`."""
    query = {"to": to, "kind": kind, "timeout": "20", **({"after": after["id"]} if after else {})}
    message: dict[str, Any] = client.get("/_emulate/inbox/wait", params=query).raise_for_status().json()
    return message
