"""Signing in at a social provider, which the test identity provider stands in for."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visit
from tests.browser.steps import begin, choose, enter, see, see_failed, see_signed_in, sign_out
from tests.conftest import Client

ADA = "ada@example.com"


def test_who_consents_is_signed_in(visit: Visit, client: Client) -> None:
    page = visit()
    begin(page)
    choose(page, "provider-GoogleOAuth")
    see(page, "identity-provider")
    enter(page, email=ADA, first_name="Ada", last_name="Lovelace")
    see(page, "consent")
    choose(page, "allow")
    see_signed_in(page, ADA, "GoogleOAuth")
    sign_out(page)


def test_an_account_that_was_used_before_is_offered(visit: Visit, client: Client) -> None:
    page = visit(provider="GoogleOAuth")
    for _ in range(2):
        begin(page)
        if page.get_by_test_id(f"profile-{ADA}").count():
            choose(page, f"profile-{ADA}")
        else:
            enter(page, email=ADA)
        choose(page, "allow")
        see_signed_in(page, ADA, "GoogleOAuth")
        sign_out(page)
    assert len(client.get("/user_management/users").json()["data"]) == 1


@pytest.mark.parametrize("at", ["identity-provider", "consent"])
def test_who_refuses_is_led_back_and_the_app_is_told(visit: Visit, at: str) -> None:
    page = visit(provider="GitHubOAuth")
    begin(page)
    see(page, "identity-provider")
    if at == "consent":
        enter(page, email=ADA)
        see(page, "consent")
    choose(page, "deny")
    see_failed(page, "access_denied")
