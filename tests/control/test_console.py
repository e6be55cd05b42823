"""How the console keeps itself up to date; `tests/browser` has what people see."""

from __future__ import annotations

import httpx

from mockserver.testing import MockServer
from tests.conftest import Client
from tests.control.builders import Waiting, send_code

HTML = "text/html"


def environment_of(client: Client) -> str:
    """The name."""
    environments = client.get("/_emulate/environments").json()["data"]
    return next(one["name"] for one in environments if one["api_key"] == client.api_key)


def test_the_page_comes_once_another_mail_is_the_newest(client: Client) -> None:
    waiting = Waiting(client, "/", HTML, seen="none")
    message = send_code(client)
    status, page = waiting.page()
    assert (status, message["code"] in page) == (200, True)


def test_the_page_comes_at_once_when_its_newest_mail_is_old(client: Client) -> None:
    seen = send_code(client)
    message = send_code(client)
    page = client.get("/", params={"seen": seen["id"]}, headers={"Accept": HTML}).text
    assert message["code"] in page


def test_the_page_comes_once_the_inbox_is_emptied(client: Client) -> None:
    message = send_code(client)
    for path, method in (("/_emulate/inbox", "DELETE"), ("/_emulate/reset", "POST")):
        waiting = Waiting(client, "/", HTML, seen=message["id"])
        client.request(method, path).raise_for_status()
        assert "No mail has been sent yet" in waiting.page()[1]
        message = send_code(client)


def test_a_page_that_waits_ends_with_its_environment(client: Client) -> None:
    waiting = Waiting(client, "/", HTML, seen="none")
    client.delete(f"/_emulate/environments/{environment_of(client)}").raise_for_status()
    assert waiting.page()[0] == 503


def test_a_page_without_icon_is_no_error(server: MockServer) -> None:
    assert httpx.get(f"{server.url}/favicon.ico").status_code == 204
