"""What the hosted pages cost: one page against a bare route, and a whole sign-in by a browser."""

from __future__ import annotations

import http.client
import shutil
from urllib.parse import urlencode

from bench_tools import PASSWORD, Process, Sizes, Table, bare_server, mock_server, per_call, request_for
from playwright.sync_api import sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
CALLBACK = "http://localhost:4999/callback"  # nobody listens: the journey ends with the request for it
QUERY = urlencode(
    {"client_id": "client_default", "redirect_uri": CALLBACK, "response_type": "code", "provider": "authkit"}
)


def pages(table: Table, sizes: Sizes) -> None:
    with mock_server("--log-level", "warning") as server, bare_server() as bare:
        ada = {"email": "ada@example.com", "email_verified": True, "password": PASSWORD}
        server.send("POST", "/user_management/users", ada)
        page, route = per_call(
            sizes, (server, _sign_in_page(server)), (bare, request_for("GET", "/user_management/users/user_1"))
        )
        table.add("sign-in page / bare Starlette route", page / route, "x", 4)
        table.add("  sign-in page", page, "us")
        table.add("password journey in Chromium, in the server", _journey(server), "ms", 300)


def _sign_in_page(server: Process) -> bytes:
    """The request for a page of a flow that has begun."""
    port = server.client.socket.getpeername()[1]
    connection = http.client.HTTPConnection("localhost", port)
    connection.request("GET", f"/user_management/authorize?{QUERY}", headers={"accept": "text/html"})
    answer = connection.getresponse()
    path, cookie = answer.headers["location"], answer.headers["set-cookie"].partition(";")[0]
    connection.close()
    return f"GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\ncookie: {cookie}\r\n\r\n".encode()


def _journey(server: Process) -> float:
    """Milliseconds of CPU from authorize to the callback, the first templates compiled in it included."""
    port = server.client.socket.getpeername()[1]
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        raise SystemExit("scripts/bench needs Chromium for the figure 'pages': scripts/install-sdks installs it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.route(f"{CALLBACK}*", lambda route: route.fulfill(body="signed in"))
        before = server.cpu()
        page.goto(f"http://localhost:{port}/user_management/authorize?{QUERY}")
        page.get_by_test_id("email-input").fill("ada@example.com")
        page.get_by_test_id("submit").click()
        page.get_by_test_id("password-input").fill(PASSWORD)
        page.get_by_test_id("submit").click()
        page.wait_for_url(f"{CALLBACK}*")
        spent = server.cpu() - before
        browser.close()
    return spent * 1e3
