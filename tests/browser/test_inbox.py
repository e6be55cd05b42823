"""The inbox, as people meet it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.builders import create_user
from tests.cli.process import serving
from tests.conftest import Client
from tests.control.builders import send_code

SOON = 2_000  # milliseconds; it is less than half a second where the machine has nothing else to do

Open = Callable[..., Page]


@pytest.fixture
def inbox(new_page: NewPage, client: Client) -> Open:
    """Opens a page of the inbox of the environment that `client` calls."""

    def open_inbox(path: str = "", to: str | None = None, **options: Any) -> Page:
        query = {"client_id": client.client_id, **({"to": to} if to else {})}
        return new_page(f"{client.base_url}/_emulate/ui/inbox{path}?{urlencode(query)}", **options)

    return open_inbox


def row(page: Page, message: dict[str, Any]) -> Any:
    return page.get_by_test_id(f"inbox-row-{message['id']}")


def is_live(page: Page) -> None:
    expect(page.get_by_role("status")).to_have_text("Live")


def test_a_mail_shows_up_soon_in_an_open_page(inbox: Open, client: Client) -> None:
    page = inbox()
    is_live(page)
    page.evaluate(
        """() => {
            const seen = new MutationObserver(() => {
                if (document.querySelector('[data-testid^=inbox-row]')) window.shownAt ??= Date.now();
            });
            seen.observe(document.body, { childList: true, subtree: true });
        }"""
    )
    sent_at = page.evaluate("Date.now()")
    message = send_code(client)
    expect(row(page, message).get_by_test_id("message-code")).to_have_text(message["code"])
    expect(page.get_by_role("status")).to_have_text("New mail to ada@example.com")
    assert page.evaluate("window.shownAt") - sent_at < SOON


def test_a_mail_that_arrives_leaves_the_focus_where_it_is(inbox: Open, client: Client) -> None:
    first = send_code(client)
    page = inbox()
    link = row(page, first).get_by_role("link", name=first["subject"])
    link.focus()
    second = send_code(client)
    expect(row(page, second)).to_be_visible()
    expect(link).to_be_focused()


def test_a_filtered_page_shows_only_what_matches(inbox: Open, client: Client) -> None:
    page = inbox(to="ada@example.com")
    is_live(page)
    other, message = send_code(client, "alan@example.com"), send_code(client)
    expect(row(page, message)).to_be_visible()
    expect(row(page, other)).to_have_count(0)
    expect(page.get_by_test_id("filter-to")).to_have_value("ada@example.com")


def test_deleted_mails_leave_an_open_page(inbox: Open, client: Client) -> None:
    gone, kept = send_code(client), send_code(client)
    page = inbox()
    is_live(page)
    client.delete(f"/_emulate/inbox/{gone['id']}").raise_for_status()
    expect(row(page, gone)).to_have_count(0)
    expect(row(page, kept)).to_be_visible()


def test_two_open_pages_show_the_same(inbox: Open, client: Client) -> None:
    pages = [inbox(), inbox(to="ada@example.com")]
    message = send_code(client)
    for page in pages:
        expect(row(page, message)).to_be_visible()


def test_a_mail_is_opened_and_deleted_by_keyboard(inbox: Open, client: Client) -> None:
    message, kept = send_code(client), send_code(client)
    page = inbox(to="ada@example.com")
    row(page, message).get_by_role("link", name=message["subject"]).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("message-code")).to_have_text(message["code"])
    page.get_by_test_id("delete").focus()
    page.keyboard.press("Enter")
    expect(row(page, kept)).to_be_visible()
    expect(row(page, message)).to_have_count(0)
    assert "to=ada%40example.com" in page.url


def test_the_mail_is_shown_as_html_in_which_nothing_runs(inbox: Open, client: Client) -> None:
    message = send_code(client)
    page = inbox(f"/{message['id']}")
    expect(page.frame_locator("iframe").get_by_text(message["code"])).to_be_visible()
    sandbox = page.locator("iframe").get_attribute("sandbox") or ""
    assert "allow-scripts" not in sandbox
    assert "allow-same-origin" not in sandbox


def test_the_link_in_the_mail_opens_a_page_of_its_own(inbox: Open, client: Client) -> None:
    create_user(client)
    client.change_settings(password_reset_url=f"{client.base_url}/health")
    client.post("/user_management/password_reset", json={"email": "ada@example.com"}).raise_for_status()
    message = client.latest_message("ada@example.com")
    page = inbox(f"/{message['id']}")
    expect(page.get_by_test_id("message-link")).to_have_attribute("href", message["link"])
    with page.expect_popup() as popup:
        page.frame_locator("iframe").get_by_role("link", name="Choose a new password").click()
    expect(popup.value.get_by_text('"status":"ok"')).to_be_visible()


def test_a_code_is_copied(inbox: Open, client: Client) -> None:
    message = send_code(client)
    page = inbox(f"/{message['id']}", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_test_id("copy").click()
    expect(page.get_by_test_id("copy")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == message["code"]


def test_without_scripts_the_inbox_is_filtered_and_emptied(inbox: Open, client: Client) -> None:
    message, other = send_code(client), send_code(client, "alan@example.com")
    page = inbox(java_script_enabled=False)
    page.get_by_label("Address").fill("ada@example.com")
    page.get_by_label("Kind").select_option("Magic Auth")
    page.get_by_role("button", name="Filter").click()
    expect(row(page, message)).to_be_visible()
    expect(row(page, other)).to_have_count(0)
    page.get_by_test_id("delete-all").click()
    expect(page.get_by_text("No mail matches.")).to_be_visible()
    page.get_by_role("link", name="Show all").click()
    expect(row(page, other)).to_be_visible()


@pytest.mark.parametrize("width", [320, 375, 1200])
def test_no_width_needs_sideways_scrolling(inbox: Open, client: Client, width: int) -> None:
    address = f"{'very-long-name' * 4}@{'department.' * 4}example.com"
    message = send_code(client, address)
    for path in ("", f"/{message['id']}"):
        page = inbox(path, to=address, viewport={"width": width, "height": 700})
        for summary in page.locator("summary").all():
            summary.click()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_markup_in_a_mail_stays_text(inbox: Open, client: Client) -> None:
    client.change_settings(product_name="<img src=x onerror=alert(1)>")
    message = send_code(client)
    page = inbox(f"/{message['id']}")
    expect(page.get_by_role("heading", name="<img src=x onerror=alert(1)>")).to_be_visible()
    assert page.locator("main img").count() == 0


def test_the_control_token_as_the_password_opens_every_page(new_page: NewPage) -> None:
    with serving("--control-token", "secret") as process, process.client() as client:
        page = new_page(str(client.base_url), http_credentials={"username": "ada", "password": "secret"})
        is_live(page)
        client.post("/user_management/magic_auth", json={"email": "ada@example.com"}).raise_for_status()
        page.get_by_role("link", name="code for Mockserver").click()
        code = page.get_by_test_id("message-code").text_content() or ""
        expect(page.frame_locator("iframe").get_by_text(code)).to_be_visible()
        page.get_by_test_id("delete").click()
        expect(page.get_by_text("No mail has been sent yet")).to_be_visible()
        page.close()


def test_a_person_signs_in_as_a_user_of_the_app(new_page: NewPage, client: Client) -> None:
    create_user(client)
    page = new_page(f"{client.base_url}/?client_id={client.client_id}")
    page.get_by_role("link", name="Impersonate").click()
    page.get_by_label("User", exact=True).fill("ada@example.com")
    page.get_by_label("You", exact=True).fill("support@example.com")
    page.get_by_label("Reason").fill("ticket 1")
    page.get_by_label("Redirect URI").fill(f"{client.base_url}/health")
    page.get_by_role("button", name="Impersonate").click()
    expect(page.get_by_text('"status":"ok"')).to_be_visible()
    code = page.url.partition("/health?code=")[2]
    answer = client.authenticate("authorization_code", code=code).raise_for_status().json()
    assert answer["impersonator"] == {"email": "support@example.com", "reason": "ticket 1"}
