"""What a page of another site can do to a server on this machine: nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.apps.static_site import served
from tests.browser.chromium import FOREIGN_HOST
from tests.builders import create_magic_auth, create_user
from tests.conftest import Client

READ = "([url, options]) => fetch(url, options).then(answer => answer.text()).catch(error => error.name)"
EMBED = """url => new Promise(resolve => {
    const frame = document.createElement('iframe');
    frame.onload = resolve;
    frame.src = url;
    document.body.append(frame);
})"""
LISTEN = """url => new Promise(resolve => {
    const stream = new EventSource(url);
    stream.onopen = () => resolve('open');
    stream.onerror = () => resolve('refused');
})"""
LOAD = """([kind, url]) => new Promise(resolve => {
    const element = document.createElement(kind);
    element.onload = () => resolve('loaded');
    element.onerror = () => resolve('refused');
    element.src = url;
    document.body.append(element);
})"""
SEND = """([action, enctype]) => {
    const form = document.createElement('form');
    Object.assign(form, { action, enctype, method: 'post' });
    document.body.append(form);
    form.submit();
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A site by its local name."""
    (tmp_path / "index.html").write_text('<!doctype html><link rel="icon" href="data:,"><body>')
    with served(tmp_path, {}) as url:
        yield f"{url}/index.html"


@pytest.fixture
def elsewhere(page: Page, site: str) -> Page:
    """The page of somebody else's site."""
    page.goto(site.replace("localhost", FOREIGN_HOST))
    return page


def control(client: Client, path: str) -> str:
    """A call as pages of this machine make it, without a key."""
    return f"{client.base_url}/_emulate/{path}?client_id={client.client_id}"


def read(page: Page, url: str, **options: Any) -> str:
    text: str = page.evaluate(READ, [url, options])
    return text


@pytest.mark.fault("A2a")
def test_page_of_another_site_reads_nothing(client: Client, elsewhere: Page, site: str) -> None:
    create_magic_auth(client)
    urls = [control(client, path) for path in ("inbox", "state", "settings")]
    assert [read(elsewhere, url) for url in urls] == ["TypeError"] * 3
    assert [read(elsewhere, url, mode="no-cors") for url in urls] == [""] * 3
    assert elsewhere.evaluate(LISTEN, control(client, "inbox/stream")) == "refused"
    elsewhere.goto(site)  # the same page by the name of this machine
    assert "ada@example.com" in read(elsewhere, urls[0])
    assert elsewhere.evaluate(LISTEN, control(client, "inbox/stream")) == "open"


@pytest.mark.fault("A2a")
def test_page_of_another_site_changes_nothing(client: Client, elsewhere: Page) -> None:
    user = create_user(client)
    reset, body = control(client, "reset"), '{"to": "empty"}'
    assert read(elsewhere, reset, method="POST", body=body) == "TypeError"
    assert read(elsewhere, reset, method="POST", body=body, mode="no-cors") == ""
    assert read(elsewhere, control(client, "inbox"), method="DELETE") == "TypeError"
    with elsewhere.expect_navigation() as sent:
        elsewhere.evaluate(SEND, [reset, "text/plain"])
    assert sent.value is not None
    assert sent.value.status == 403
    assert client.get(f"/user_management/users/{user['id']}").status_code == 200


@pytest.mark.fault("A2b")
def test_page_of_another_site_embeds_nothing(client: Client, elsewhere: Page) -> None:
    create_magic_auth(client)
    mail = client.latest_message("ada@example.com")
    base = str(client.base_url)
    urls = [
        f"{base}/",
        control(client, "ui/inbox"),
        control(client, f"inbox/{mail['id']}/html"),
        f"{base}/authkit/{client.client_id}/device",
        f"{base}/authkit/{client.client_id}/nowhere/sign-in",
    ]
    for url in urls:
        elsewhere.evaluate(EMBED, url)
    assert len(elsewhere.frames) == 1 + len(urls)
    for frame in elsewhere.frames[1:]:
        frame.wait_for_url("chrome-error://chromewebdata/", wait_until="commit")
    assert [elsewhere.evaluate(LOAD, [kind, urls[0]]) for kind in ("img", "script")] == ["refused", "refused"]


@pytest.mark.fault("A2b")
def test_link_of_another_site_may_be_followed(client: Client, elsewhere: Page) -> None:
    elsewhere.evaluate(
        "url => { document.body.innerHTML = `<a href='${url}'>Inbox</a>`; }", control(client, "ui/inbox")
    )
    elsewhere.click("text=Inbox")
    elsewhere.wait_for_url("**/_emulate/ui/inbox?**")
    assert elsewhere.title().startswith("Inbox")


@pytest.mark.fault("A2c")
def test_name_that_is_rebound_to_this_machine_opens_nothing(client: Client, page: Page) -> None:
    rebound = str(client.base_url.copy_with(host=FOREIGN_HOST))
    answer = page.goto(rebound)
    assert answer is not None
    assert answer.status == 403
    assert FOREIGN_HOST in page.inner_text("main")
    assert "--allowed-host" in page.inner_text("main")
    page.goto(f"{rebound}/health")  # which tells everybody that it is well, so a page of the name's origin is there
    key = {"Authorization": f"Bearer {client.api_key}", "Content-Type": "application/json"}
    code = {"method": "POST", "headers": key, "body": '{"email": "ada@example.com"}'}
    assert "host_not_allowed" in read(page, f"{rebound}/_emulate/state")
    assert "host_not_allowed" in read(page, f"{rebound}/user_management/magic_auth", **code)
    assert client.get("/_emulate/inbox").json()["data"] == []
