"""authkit-react, and with it authkit-js, in a page: in devMode, and as in production with its token in a cookie."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.apps.processes import APPS, package_program
from tests.apps.static_site import served
from tests.browser.conftest import NewPage
from tests.browser.steps import begin, give_credentials, see, see_signed_in
from tests.builders import PASSWORD, create_user, list_sessions
from tests.conftest import Client
from tests.organization_builders import add_member, create_organization

FOLDER = APPS / "react"

pytestmark = pytest.mark.xdist_group("react")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as vite builds it."""
    folder = tmp_path_factory.mktemp("react")
    command = [package_program(FOLDER, "vite"), "build", "--outDir", str(folder), "--emptyOutDir"]
    ran = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return folder


@pytest.fixture(params=[True, False], ids=["devMode", "cookies"])
def url(request: pytest.FixtureRequest, built: Path, client: Client) -> Iterator[str]:
    where = {"apiHostname": client.base_url.host, "port": client.base_url.port, "https": False}
    with served(built, {"clientId": client.client_id, "devMode": request.param, **where}) as url:
        yield url


@pytest.fixture
def page(url: str, new_page: NewPage, client: Client) -> Page:
    """Signed in as Ada."""
    create_user(client, password=PASSWORD)
    page = new_page(url)
    begin(page)
    give_credentials(page, "ada@example.com")
    see_signed_in(page, "ada@example.com")
    return page


def claims_after(page: Page, button: str) -> dict[str, Any]:
    shown = page.get_by_test_id("claims")
    before = shown.text_content()
    page.get_by_role("button", name=button).click()
    expect(shown).not_to_have_text(before or "")
    claims: dict[str, Any] = json.loads(shown.text_content() or "")
    return claims


def test_the_token_of_a_sign_in_is_the_apps(page: Page, client: Client) -> None:
    claims = claims_after(page, "Show token")
    assert claims["client_id"] == client.client_id


def test_a_reloaded_page_is_still_signed_in(page: Page) -> None:
    sid = claims_after(page, "Show token")["sid"]
    page.reload()
    see_signed_in(page, "ada@example.com")
    assert claims_after(page, "Show token")["sid"] == sid


def test_a_forced_refresh_gets_a_new_token_of_the_same_session(page: Page) -> None:
    old, new = claims_after(page, "Show token"), claims_after(page, "Refresh")
    assert new["sid"] == old["sid"]
    assert new["jti"] != old["jti"]


def test_switching_to_an_organization_brings_its_role(page: Page, client: Client) -> None:
    organization = create_organization(client)
    (ada,) = client.get("/user_management/users").json()["data"]
    add_member(client, ada, organization)
    page.get_by_label("Organization").fill(organization["id"])
    page.get_by_role("button", name="Switch").click()
    expect(page.get_by_test_id("organization")).to_have_text(organization["id"])
    expect(page.get_by_test_id("role")).to_have_text("member")


def test_switching_to_an_organization_of_others_leads_to_its_sign_in(page: Page, client: Client) -> None:
    page.get_by_label("Organization").fill(create_organization(client)["id"])
    page.get_by_role("button", name="Switch").click()
    see(page, "refused")


def test_signing_out_ends_the_session_and_stays_so(page: Page, client: Client) -> None:
    (ada,) = client.get("/user_management/users").json()["data"]
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Signed out")).to_be_visible()
    assert list_sessions(client, ada["id"]) == []
    page.reload()
    expect(page.get_by_role("heading", name="Signed out")).to_be_visible()


@pytest.mark.parametrize("url", [False], indirect=True, ids=["cookies"])
def test_outside_dev_mode_no_script_can_read_the_refresh_token(page: Page) -> None:
    cookies = {cookie["name"]: cookie["httpOnly"] for cookie in page.context.cookies(f"{page.url}user_management")}
    assert cookies["workos-has-session"] is False
    assert [is_http_only for name, is_http_only in cookies.items() if "refresh" in name] == [True]
    assert page.evaluate("Object.keys(localStorage)") == []
