"""What the pages for people are made of; `tests/browser` has what people see."""

from __future__ import annotations

import re

import httpx
import pytest

from mockserver.testing import MockServer
from tests.conftest import Client

PAGES = ("/", "/_emulate/ui/inbox", "/_emulate/ui/impersonate")
HTML = {"Accept": "text/html"}


def test_a_page_without_icon_is_no_error(server: MockServer) -> None:
    assert httpx.get(f"{server.url}/favicon.ico").status_code == 204


def test_programs_get_the_addresses_as_json(client: Client) -> None:
    answer = client.get("/").json()
    assert answer["client_id"] == client.client_id
    assert client.get(answer["inbox"]).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_pages_run_and_load_nothing_but_their_own_files(client: Client, path: str) -> None:
    page = client.get(path, headers=HTML)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'; style-src 'self'; script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"<style|<script>| style=| on\w+=", page.text)


@pytest.mark.parametrize("path", PAGES)
def test_the_files_of_a_page_are_kept_for_good_under_a_name_that_changes_with_them(client: Client, path: str) -> None:
    page = client.get(path, headers=HTML).text
    files = set(re.findall(r'"(/_emulate/ui/static/[^"]+)"', page))
    assert len(files) == 3
    for file in files:
        response = client.keyless.get(file).raise_for_status()
        assert "immutable" in response.headers["cache-control"]
        assert re.search(r"\?v=[0-9a-f]{12}$", file)


@pytest.mark.parametrize("name", ["pages.py", "..", "%2e%2e%2fpages.py", "console.html"])
def test_no_other_file_is_served(client: Client, name: str) -> None:
    assert client.get(f"/_emulate/ui/static/{name}").status_code == 404
