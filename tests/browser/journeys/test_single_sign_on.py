"""Signing in at an organization's own identity provider, which the test identity provider stands in for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.steps import begin, choose, enter, see, see_failed, see_signed_in, sign_out
from tests.conftest import Client

ADA = "ada@acme.example"
CONNECTION = "conn_01ACME0000000000000000000"


@pytest.fixture
def acme(new_client: Callable[..., Client]) -> Client:
    """Acme signs in at Okta, where Ada is known."""
    connection = {
        "id": CONNECTION,
        "name": "Acme SSO",
        "connection_type": "OktaSAML",
        "profiles": [{"email": ADA, "first_name": "Ada", "last_name": "Lovelace"}],
    }
    domain = {"domain": "acme.example", "state": "verified"}
    return new_client(organizations=[{"name": "Acme", "domains": [domain], "connections": [connection]}])


def test_a_profile_of_the_connection_signs_in(visit: Visit, acme: Client) -> None:
    page = visit(acme, connection_id=CONNECTION)
    begin(page)
    see(page, "identity-provider")
    choose(page, f"profile-{ADA}")
    see_signed_in(page, ADA, "SSO")
    expect(page.get_by_test_id("organization")).not_to_have_text("none")
    sign_out(page)


def test_the_domain_of_an_address_leads_to_its_connection(visit: Visit, acme: Client) -> None:
    page = visit(acme)
    begin(page)
    enter(page, email=ADA)
    see(page, "identity-provider")
    choose(page, f"profile-{ADA}")
    see_signed_in(page, ADA, "SSO")
    sign_out(page)


def test_somebody_whom_the_connection_has_not_shown_yet_can_be_typed(visit: Visit, acme: Client) -> None:
    page = visit(acme, connection_id=CONNECTION)
    begin(page)
    enter(page, email="katherine@acme.example", first_name="Katherine", last_name="Johnson")
    see_signed_in(page, "katherine@acme.example", "SSO")
    sign_out(page)


def test_who_refuses_is_led_back_and_the_app_is_told(visit: Visit, acme: Client) -> None:
    page = visit(acme, connection_id=CONNECTION)
    begin(page)
    choose(page, "deny")
    see_failed(page, "access_denied")
