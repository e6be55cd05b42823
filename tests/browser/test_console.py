"""The console, as people meet it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from mockserver.testing import MockServer
from tests.browser.conftest import NewPage
from tests.builders import create_user
from tests.conftest import Client
from tests.control.builders import environment_of, send_code

NARROW = {"width": 375, "height": 700}
Open = Callable[..., Page]


@pytest.fixture
def console(new_page: NewPage, client: Client) -> Open:
    """Opens the console of the environment that `client` calls."""
    return lambda **options: new_page(f"{client.base_url}/?client_id={client.client_id}", **options)


def width_beyond_the_window(page: Page) -> int:
    width: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return width


def brightness(page: Page) -> float:
    """Of the background: 0 is black, 1 is white."""
    color: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return sum(map(int, color.removeprefix("rgb(").rstrip(")").split(","))) / 765


def test_a_mail_that_was_just_sent_appears_with_its_code_and_opens(console: Open, client: Client) -> None:
    page = console()
    expect(page.get_by_text("No mail has been sent yet")).to_be_visible()
    message = send_code(client)
    expect(page.get_by_text(message["code"], exact=True)).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("New mail to ada@example.com")
    page.get_by_role("link", name=message["subject"]).click()
    expect(page.get_by_test_id("message-code")).to_have_text(message["code"])
    assert page.url == f"{client.base_url}/_emulate/ui/inbox/{message['id']}?client_id={client.client_id}"


def test_the_newest_mail_stands_first(console: Open, client: Client) -> None:
    page = console()
    for name in ("ada", "alan"):
        send_code(client, f"{name}@example.com")
    expect(page.locator("li .to")).to_have_text(["to alan@example.com", "to ada@example.com"])


def test_a_reset_link_leads_to_its_page(console: Open, client: Client) -> None:
    create_user(client)
    client.change_settings(password_reset_url=f"{client.base_url}/health")
    client.post("/user_management/password_reset", json={"email": "ada@example.com"}).raise_for_status()
    page = console()
    page.get_by_role("link", name="/health?token=").click()
    expect(page.get_by_text('"status":"ok"')).to_be_visible()


def test_an_emptied_inbox_is_shown_as_such(console: Open, client: Client) -> None:
    send_code(client)
    page = console()
    expect(page.locator("li.mail")).to_have_count(1)
    client.delete("/_emulate/inbox").raise_for_status()
    expect(page.get_by_text("No mail has been sent yet")).to_be_visible()


def test_a_code_is_copied_by_keyboard(console: Open, client: Client) -> None:
    message = send_code(client)
    page = console(permissions=["clipboard-read", "clipboard-write"])
    button = page.get_by_role("button", name=f"Copy the code {message['code']}")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == message["code"]


def test_how_to_connect_is_unfolded(console: Open, client: Client) -> None:
    page = console()
    page.get_by_text("Python", exact=True).click()
    expect(page.get_by_text("workos = WorkOSClient(")).to_be_visible()
    expect(page.get_by_text(f'client_id="{client.client_id}"')).to_be_visible()


def test_another_environment_is_a_link_away(new_page: NewPage, server: MockServer, client: Client) -> None:
    name = environment_of(client)
    page = new_page(server.url)
    page.get_by_role("link", name=name, exact=True).click()
    expect(page).to_have_title(f"{name} · mockserver")


def test_a_narrow_window_needs_no_sideways_scrolling(console: Open, client: Client) -> None:
    send_code(client, f"{'very-long-name' * 4}@{'department.' * 4}example.com")
    page = console(viewport=NARROW)
    for summary in page.locator("summary").all():
        summary.click()
    assert width_beyond_the_window(page) <= 0


def test_it_is_dark_where_people_prefer_that(console: Open) -> None:
    assert brightness(console(color_scheme="dark")) < 0.2
    assert brightness(console(color_scheme="light")) > 0.8


def test_without_scripts_it_shows_the_mails_and_no_dead_buttons(console: Open, client: Client) -> None:
    message = send_code(client)
    page = console(java_script_enabled=False)
    expect(page.get_by_text(message["code"], exact=True)).to_be_visible()
    assert page.get_by_role("button").count() == 0


def test_markup_in_an_address_or_name_stays_text(console: Open, client: Client) -> None:
    client.change_settings(product_name="<img src=x onerror=alert(1)>")
    send_code(client)
    page = console()
    expect(page.get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
    assert page.locator("main img").count() == 0
