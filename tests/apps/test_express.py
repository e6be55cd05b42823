"""authkit-session in an Express application."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.apps.conftest import checked
from tests.apps.processes import APPS, pointed_at, program, running
from tests.browser.conftest import NewPage
from tests.browser.steps import begin, give_credentials, see, see_signed_in
from tests.builders import PASSWORD, create_user, list_sessions
from tests.conformance import openapi
from tests.conformance.recorder import Recorder
from tests.conftest import Client, new_environment
from tests.organization_builders import add_member, create_organization

FOLDER = APPS / "express"

pytestmark = pytest.mark.xdist_group("express")


@pytest.fixture(scope="module")
def started(recorder: Recorder, control: httpx.Client) -> Iterator[tuple[Client, str]]:
    """The environment of the application, and where it listens."""
    assert (FOLDER / "node_modules").exists(), "'scripts/install-npm tests/apps/express' installs what is missing"
    with (
        new_environment(control, recorder.url, address=recorder.upstream) as client,
        running([program("node"), "app.mjs"], FOLDER, pointed_at(client)) as printed,
    ):
        yield client, printed.readline().strip()


@pytest.fixture
def client(started: tuple[Client, str], recorder: Recorder, document: openapi.Document) -> Iterator[Client]:
    """Of the environment as new."""
    client, _ = started
    client.post("/_emulate/reset").raise_for_status()
    with checked(recorder, document):
        yield client


@pytest.fixture
def url(started: tuple[Client, str], client: Client) -> str:
    return started[1]


@pytest.fixture
def ada(client: Client) -> dict[str, Any]:
    return create_user(client, password=PASSWORD)


@pytest.fixture
def page(url: str, new_page: NewPage, ada: dict[str, Any]) -> Page:
    """Signed in as Ada."""
    page = new_page(url)
    begin(page)
    give_credentials(page, ada["email"])
    see_signed_in(page, ada["email"])
    return page


def claims(page: Page) -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(page.get_by_test_id("claims").text_content() or "")
    return shown


def test_the_protected_page_is_for_who_is_signed_in(url: str, new_page: NewPage) -> None:
    page = new_page(f"{url}/account")
    expect(page.get_by_role("heading", name="Signed out")).to_be_visible()


def test_the_callback_takes_a_sealed_state_and_sets_the_sealed_session(page: Page) -> None:
    (cookie,) = [cookie for cookie in page.context.cookies(page.url) if cookie["name"].startswith("wos-")]
    assert cookie["name"] == "wos-session"
    assert cookie["httpOnly"] is True


def test_a_refresh_gets_a_new_token_of_the_same_session(page: Page) -> None:
    old = claims(page)
    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_test_id("claims")).not_to_contain_text(old["jti"])
    assert claims(page)["sid"] == old["sid"]


def test_switching_to_an_organization_brings_its_role(page: Page, client: Client, ada: dict[str, Any]) -> None:
    organization = create_organization(client)
    add_member(client, ada, organization)
    page.get_by_label("Organization").fill(organization["id"])
    page.get_by_role("button", name="Switch").click()
    expect(page.get_by_test_id("organization")).to_have_text(organization["id"])
    assert claims(page)["role"] == "member"


def test_signing_out_ends_the_session(page: Page, client: Client, ada: dict[str, Any]) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Signed out")).to_be_visible()
    assert list_sessions(client, ada["id"]) == []


def test_a_sign_in_that_was_cancelled_is_told_to_the_app(url: str, new_page: NewPage) -> None:
    page = new_page(url)
    begin(page)
    see(page, "sign-in")
    page.get_by_test_id("cancel").click()
    expect(page.get_by_role("heading", name="Not signed in")).to_be_visible()
    expect(page.get_by_text("access_denied")).to_be_visible()
