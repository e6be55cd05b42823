"""Whoever is signed in to the pages is not asked again by the next app, unless that app wants it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.authenticator import totp
from tests.builders import PASSWORD, claims, create_user, enroll_totp
from tests.conftest import Client
from tests.hosted.browser import Browser
from tests.hosted.journeys import at_sign_in, enter_password, signed_in
from tests.organization_builders import create_member, create_organization

NOON = "2026-01-15T12:00:00.000Z"


def freeze(client: Client) -> None:
    client.put("/_emulate/clock", json={"now": NOON, "frozen": True}).raise_for_status()


def second_app(browser: Browser, **changes: Any) -> str:
    """The name of the page that it leads to, or "" where the browser is back in the app at once."""
    browser.app = None
    name = browser.authorize(**changes).name
    return "" if browser.app is not None else name


def test_second_app_asks_nothing_and_gets_the_time_of_the_first_sign_in(client: Client) -> None:
    freeze(client)
    user = create_user(client, password=PASSWORD)
    browser = at_sign_in(client)
    enter_password(browser)
    first = claims(browser.exchange()["access_token"])
    client.advance(3600)
    assert second_app(browser, state="second") == ""
    answer = browser.exchange()
    second = claims(answer["access_token"])
    assert (answer["user"]["id"], answer["authentication_method"]) == (user["id"], "Password")
    assert second["auth_time"] == first["auth_time"] == 1768478400
    assert second["sid"] != first["sid"]
    names = client.event_names()
    assert names.count("authentication.password_succeeded") == 1
    assert names.count("session.created") == 2


def test_another_browser_is_asked(client: Client) -> None:
    create_user(client, password=PASSWORD)
    signed_in(client)
    assert at_sign_in(client).page.name == "sign-in"


def test_prompt_login_asks_again_and_begins_a_new_time(client: Client) -> None:
    freeze(client)
    create_user(client, password=PASSWORD)
    browser = signed_in(client)
    client.advance(60)
    assert second_app(browser, prompt="login") == "sign-in"
    enter_password(browser)
    assert claims(browser.exchange()["access_token"])["auth_time"] == 1768478460


@pytest.mark.parametrize(("max_age", "page"), [(0, "sign-in"), (59, "sign-in"), (60, ""), (3600, "")])
def test_max_age_asks_again_when_the_sign_in_is_older(client: Client, max_age: int, page: str) -> None:
    freeze(client)
    create_user(client, password=PASSWORD)
    browser = signed_in(client)
    client.advance(60)
    assert second_app(browser, max_age=str(max_age)) == page


def test_negative_max_age_is_an_error_of_the_app(client: Client) -> None:
    browser = at_sign_in(client, max_age="-1", state="s")
    assert browser.app is not None
    assert (browser.app["error"], browser.app["state"]) == ("invalid_request", "s")


@pytest.mark.parametrize(
    ("hint", "page"),
    [
        ("ada@example.com", ""),
        ("ADA@example.com", ""),
        ("grace@example.com", "sign-in"),
        ("new@example.com", "sign-in"),
    ],
)
def test_hint_of_somebody_else_asks(client: Client, hint: str, page: str) -> None:
    create_user(client, password=PASSWORD)
    create_user(client, "grace@example.com", password=PASSWORD)
    browser = signed_in(client)
    assert second_app(browser, login_hint=hint) == page
    if page:
        assert browser.page.values["email"] == hint


def test_organization_of_another_asks_to_use_another_account(client: Client) -> None:
    create_user(client, password=PASSWORD)
    organization = create_organization(client)
    create_member(client, organization, "grace@example.com")
    browser = signed_in(client)
    assert second_app(browser, organization_id=organization["id"]) == "refused"
    browser.submit("use-another-account")
    enter_password(browser, "grace@example.com")
    assert browser.exchange()["organization_id"] == organization["id"]
    assert second_app(browser) == ""
    assert browser.exchange()["user"]["email"] == "grace@example.com"


def test_logout_signs_out_of_the_pages(client: Client) -> None:
    create_user(client, password=PASSWORD)
    browser = at_sign_in(client)
    enter_password(browser)
    sid = claims(browser.exchange()["access_token"])["sid"]
    browser.open("/user_management/sessions/logout", params={"session_id": sid})
    assert "signed-out" in browser.page.elements
    assert second_app(browser) == "sign-in"


def test_revoking_the_session_signs_out_of_the_pages(client: Client) -> None:
    create_user(client, password=PASSWORD)
    browser = at_sign_in(client)
    enter_password(browser)
    sid = claims(browser.exchange()["access_token"])["sid"]
    client.post("/user_management/sessions/revoke", json={"session_id": sid}).raise_for_status()
    assert second_app(browser) == "sign-in"


def test_deleted_user_is_signed_out_of_the_pages(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    browser = signed_in(client)
    client.delete(f"/user_management/users/{user['id']}").raise_for_status()
    assert second_app(browser) == "sign-in"


def test_browser_stays_signed_in_as_long_as_a_session_may_last(client: Client) -> None:
    client.change_settings(session_length=86400)
    create_user(client, password=PASSWORD)
    browser = signed_in(client)
    client.advance(86390)
    assert second_app(browser) == ""
    client.advance(20)
    assert second_app(browser) == "sign-in"


def test_second_factor_is_not_asked_for_again(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    factor = enroll_totp(client, user["id"])["authentication_factor"]
    browser = at_sign_in(client)
    enter_password(browser)
    browser.submit(code=totp(client, factor["totp"]["secret"]))
    assert second_app(browser) == ""


def test_second_factor_that_the_second_app_asked_for_is_remembered(client: Client) -> None:
    create_user(client, password=PASSWORD)
    browser = signed_in(client)
    client.change_settings(mfa="required")
    assert second_app(browser) == "mfa-enrollment"
    browser.submit(code=totp(client, browser.page.elements["totp-secret"]["data-secret"] or ""))
    assert browser.app is not None
    assert second_app(browser) == ""


def test_sign_in_is_of_one_environment(new_client: Callable[..., Client]) -> None:
    first, second = new_client(), new_client()
    for client in (first, second):
        create_user(client, password=PASSWORD)
    browser = signed_in(first)
    browser.client = second
    assert second_app(browser) == "sign-in"
    enter_password(browser)
    browser.exchange()
    browser.client = first
    assert second_app(browser) == ""


def test_session_of_another_environment_is_not_accepted(new_client: Callable[..., Client]) -> None:
    first, second = new_client(), new_client()
    for client in (first, second):
        create_user(client, password=PASSWORD)
    browser = signed_in(first)
    (name,) = [name for name in browser.http.cookies if name.startswith("authkit-session-")]
    other = signed_in(second)
    (theirs,) = [name for name in other.http.cookies if name.startswith("authkit-session-")]
    assert name != theirs
    forged = Browser(second)
    forged.http.cookies.set(theirs, browser.http.cookies[name])
    assert second_app(forged) == "sign-in"


def test_invitation_asks_who_it_is_for(client: Client) -> None:
    create_user(client, password=PASSWORD)
    browser = signed_in(client)
    organization = create_organization(client)
    body = {"email": "grace@example.com", "organization_id": organization["id"]}
    token = client.post("/user_management/invitations", json=body).json()["token"]
    assert second_app(browser, invitation_token=token) == "sign-up"
