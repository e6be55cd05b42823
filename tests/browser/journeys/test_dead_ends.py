"""Pages of a sign-in that can't go on say why."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage, Visit
from tests.browser.steps import begin, enter, see, see_signed_in
from tests.builders import PASSWORD, create_user
from tests.conftest import Client

ADA = "ada@example.com"
A_DAY = 86400


def see_dead_end(page: Page, reason: str) -> None:
    see(page, "error")
    expect(page.get_by_text(reason)).to_be_visible()


def test_a_finished_sign_in_cannot_be_finished_twice(visit: Visit, client: Client) -> None:
    create_user(client, password=PASSWORD)
    page = visit()
    begin(page)
    enter(page, email=ADA)
    see(page, "password")
    finished = page.url
    enter(page, password=PASSWORD)
    see_signed_in(page, ADA)
    page.goto(finished)
    see_dead_end(page, "is finished")


def test_another_browser_cannot_take_a_sign_in_over(visit: Visit, new_page: NewPage) -> None:
    page = visit()
    begin(page)
    see(page, "sign-in")
    see_dead_end(new_page(page.url), "in another browser")


def test_a_sign_in_that_takes_too_long_expires(visit: Visit, client: Client) -> None:
    page = visit()
    begin(page)
    see(page, "sign-in")
    client.advance(A_DAY)
    page.reload()
    see_dead_end(page, "taken too long")
