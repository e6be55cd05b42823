"""What authkit-nextjs does besides: refresh, claims, switching the organization."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Client
from tests.organization_builders import add_member, create_organization

pytestmark = pytest.mark.parametrize("started", ["nextjs"], indirect=True)


def session(page: Page) -> str:
    return page.get_by_test_id("session").text_content() or ""


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
