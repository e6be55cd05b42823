"""authkit-nextjs in a Next.js application, built and started as for production."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.apps.processes import APPS, package_program, pointed_at, running
from tests.browser.conftest import NewPage
from tests.browser.steps import give_credentials, see, see_signed_in
from tests.builders import PASSWORD, create_user, list_sessions
from tests.conformance.server import clean_environment
from tests.conftest import Client
from tests.organization_builders import add_member, create_organization

FOLDER = APPS / "nextjs"
QUIETLY = {"NEXT_TELEMETRY_DISABLED": "1"}


@pytest.fixture(scope="session")
def next_program() -> str:
    """`next`, after it has built the application, which knows neither the server nor its own URL yet."""
    program = package_program(FOLDER, "next")
    ran = subprocess.run(
        [program, "build"], cwd=FOLDER, env=clean_environment() | QUIETLY, capture_output=True, text=True, timeout=300
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return program


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture
def url(next_program: str, client: Client) -> Iterator[str]:
    port = free_port()
    url = f"http://localhost:{port}"
    variables = {**pointed_at(client), **QUIETLY, "NEXT_PUBLIC_WORKOS_REDIRECT_URI": f"{url}/callback"}
    command = [next_program, "start", "--hostname", "localhost", "--port", str(port)]
    with running(command, FOLDER, variables) as printed:
        assert any("Ready in" in line for line in printed), "next start ended"
        yield url


@pytest.fixture
def ada(client: Client) -> dict[str, Any]:
    return create_user(client, password=PASSWORD)


@pytest.fixture
def page(url: str, new_page: NewPage, ada: dict[str, Any]) -> Page:
    """Signed in as Ada by the page that only lets in who is."""
    page = new_page(f"{url}/account")
    give_credentials(page, ada["email"])
    see_signed_in(page, ada["email"])
    return page


def session(page: Page) -> str:
    return page.get_by_test_id("session").text_content() or ""


def test_the_sign_in_endpoint_leads_to_the_pages_and_back(url: str, new_page: NewPage, ada: dict[str, Any]) -> None:
    page = new_page(url)
    expect(page.get_by_role("heading", name="Signed out")).to_be_visible()
    page.get_by_role("link", name="Sign in").click()
    give_credentials(page, ada["email"])
    see_signed_in(page, ada["email"])


def test_a_protected_page_knows_who_signed_in_on_server_and_client(page: Page, ada: dict[str, Any]) -> None:
    expect(page.get_by_test_id("client")).to_have_text(f"{ada['email']} {session(page)}")
    assert page.url.endswith("/account")


def test_a_refresh_gets_a_new_token_of_the_same_session(page: Page) -> None:
    before, token = session(page), page.get_by_test_id("token")
    old = token.text_content() or ""
    page.get_by_role("button", name="Refresh").click()
    expect(token).not_to_have_text(old)
    assert session(page) == before


def test_switching_to_an_organization_brings_its_role(page: Page, client: Client, ada: dict[str, Any]) -> None:
    organization = create_organization(client)
    add_member(client, ada, organization)
    page.get_by_label("Organization").fill(organization["id"])
    page.get_by_role("button", name="Switch").click()
    expect(page.get_by_test_id("organization")).to_have_text(organization["id"])
    expect(page.get_by_test_id("role")).to_have_text("member")


def test_signing_out_ends_the_session(page: Page, client: Client, ada: dict[str, Any]) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Signed out")).to_be_visible()
    assert list_sessions(client, ada["id"]) == []
    page.get_by_role("link", name="Account").click()
    see(page, "sign-in")
