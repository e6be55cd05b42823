"""Applications of frameworks, built once and started once; each test has the environment as new."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page

from tests.apps.conftest import checked
from tests.apps.processes import APPS, package_program, pointed_at, running
from tests.browser.conftest import NewPage
from tests.browser.steps import give_credentials, see_signed_in
from tests.builders import PASSWORD, create_user
from tests.conformance import openapi
from tests.conformance.recorder import Recorder
from tests.conformance.server import clean_environment
from tests.conftest import Client

NEXTJS, TANSTACK = APPS / "nextjs", APPS / "tanstack"


@dataclass(frozen=True)
class App:
    """Its start page is at `url`, its page for who is signed in at /account."""

    client: Client
    url: str
    sign_in_endpoint: str

    def name_endpoint(self) -> None:
        self.client.change_settings(sign_in_endpoint=self.sign_in_endpoint)


def program(folder: Path, name: str) -> list[str]:
    """A tool of the app, run by the Node that the app brings: its packages want a newer one than the machine has."""
    return [package_program(folder, "node"), package_program(folder, name)]


def build(folder: Path, name: str) -> None:
    """The app as for production; it knows neither the server nor its own URL yet."""
    quietly = clean_environment() | {"NEXT_TELEMETRY_DISABLED": "1"}
    command = [*program(folder, name), "build"]
    ran = subprocess.run(command, cwd=folder, env=quietly, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def nextjs(client: Client) -> Iterator[App]:
    """authkit-nextjs."""
    build(NEXTJS, "next")
    port = free_port()
    url = f"http://localhost:{port}"
    variables = {"NEXT_TELEMETRY_DISABLED": "1", "NEXT_PUBLIC_WORKOS_REDIRECT_URI": f"{url}/callback"}
    command = [*program(NEXTJS, "next"), "start", "--hostname", "localhost", "--port", str(port)]
    with running(command, NEXTJS, pointed_at(client) | variables) as printed:
        assert any("Ready in" in line for line in printed), "next start ended"
        yield App(client, url, f"{url}/sign-in")


@contextmanager
def tanstack(client: Client) -> Iterator[App]:
    """authkit-tanstack-react-start."""
    build(TANSTACK, "vite")
    port = free_port()
    url = f"http://localhost:{port}"
    options = ["--prod", "--host", "localhost", "--port", str(port), "--static", "../client", "dist/server/server.js"]
    command = [*program(TANSTACK, "srvx"), *options]
    with running(
        command, TANSTACK, pointed_at(client) | {"WORKOS_REDIRECT_URI": f"{url}/api/auth/callback"}
    ) as printed:
        assert any(str(port) in line for line in printed), "srvx ended"
        yield App(client, url, f"{url}/api/auth/sign-in")


STARTS: dict[str, Callable[[Client], AbstractContextManager[App]]] = {"nextjs": nextjs, "tanstack": tanstack}


@pytest.fixture(scope="session", params=list(STARTS))
def started(request: pytest.FixtureRequest, recorder: Recorder) -> Iterator[App]:
    made = httpx.post(f"{recorder.url}/_emulate/environments", json={}, verify=False).raise_for_status().json()
    with Client(recorder.url, made["api_key"], made["client_id"]) as client, STARTS[request.param](client) as app:
        yield app


@pytest.fixture
def app(started: App, recorder: Recorder, document: openapi.Document) -> Iterator[App]:
    """The API's answers to it are held, at the end, against the facts."""
    started.client.post("/_emulate/reset").raise_for_status()
    with checked(recorder, document):
        yield started


@pytest.fixture
def client(app: App) -> Client:
    return app.client


@pytest.fixture
def ada(client: Client) -> dict[str, Any]:
    return create_user(client, password=PASSWORD)


@pytest.fixture
def page(app: App, new_page: NewPage, ada: dict[str, Any]) -> Page:
    """Signed in as Ada by the page that only lets in who is."""
    page = new_page(f"{app.url}/account")
    give_credentials(page, ada["email"])
    see_signed_in(page, ada["email"])
    return page
