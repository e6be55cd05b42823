"""The one name of compose.yaml: the app in its container and the browser outside both find the server by it."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.apps.processes import APPS, pointed_at, program, running
from tests.browser.conftest import NewPage
from tests.browser.steps import begin, give_credentials, see, see_signed_in
from tests.builders import PASSWORD, create_user
from tests.conformance.server import running_server
from tests.conftest import Client

FOLDER = APPS / "express"
NAME = "mockserver.localhost"


@pytest.fixture
def served() -> Iterator[Client]:
    """A server whose public URL has the name. The test itself is a program on the host."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with (
        running_server("--port", str(port), "--public-url", f"http://{NAME}:{port}") as server,
        Client(f"http://localhost:{port}", server.api_key, server.client_id) as client,
    ):
        yield client


@pytest.mark.fault("D1")
def test_app_and_browser_find_the_server_by_one_name(served: Client, new_page: NewPage) -> None:
    ada = create_user(served, password=PASSWORD)
    variables = pointed_at(served) | {"WORKOS_API_HOSTNAME": NAME}
    preloaded = {"NODE_OPTIONS": f"--import={FOLDER / 'container.mjs'}"}
    with running([program("node"), "app.mjs"], FOLDER, variables | preloaded) as printed:
        page = new_page(printed.readline().strip())
        begin(page)
        see(page, "sign-in")
        assert page.url.startswith(f"http://{NAME}:{served.base_url.port}/authkit/")
        give_credentials(page, ada["email"])
        see_signed_in(page, ada["email"])
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("http://localhost:*/**")
