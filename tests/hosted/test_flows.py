"""A sign-in in progress: whose it is, how long it lasts, and that its pages come in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from mockserver.testing import MockServer
from tests.builders import PASSWORD, create_user, enroll_totp, state
from tests.conftest import Client
from tests.hosted.browser import Browser
from tests.hosted.journeys import ADA, at_sign_in, enter_password, mailed_code
from tests.hosted.servers import serve_as
from tests.organization_builders import add_member, create_member, create_organization

LATER_PAGES = (
    "sign-in/password",
    "magic-code",
    "forgot-password/sent",
    "email-verification",
    "mfa/enrollment",
    "mfa/verification",
    "organization-selection",
    "required-method",
    "refused",
    "identity-provider",
    "identity-provider/consent",
)
ACTIONS = (*LATER_PAGES[:2], *LATER_PAGES[3:7], *LATER_PAGES[9:], "mfa/factor", "email-verification/send")
FIELDS = {
    "code": "123456",
    "password": PASSWORD,
    "email": ADA,
    "organization_id": "org_unknown",
    "factor_id": "auth_factor_unknown",
}


@pytest.mark.parametrize("page", LATER_PAGES)
def test_page_that_is_not_due_leads_to_the_one_that_is(client: Client, page: str) -> None:
    browser = at_sign_in(client)
    assert browser.open(f"{browser.base}/{page}").url.endswith("/sign-in")
    assert (browser.page.name, browser.page.status) == ("sign-in", 200)


@pytest.mark.parametrize("page", ACTIONS)
def test_form_of_a_page_that_is_not_due_leads_to_the_one_that_is(client: Client, page: str) -> None:
    create_user(client, password=PASSWORD)
    browser = at_sign_in(client)
    browser.post(f"{browser.base}/{page}", {**FIELDS, "csrf": browser.csrf})
    assert (browser.page.name, browser.page.status, browser.app) == ("sign-in", 200, None)
    assert client.event_names() == ["user.created"]


@pytest.mark.parametrize("page", ["mfa/enrollment", "mfa/verification", "organization-selection"])
def test_step_can_not_be_passed_over(client: Client, page: str) -> None:
    create_user(client, password=PASSWORD, email_verified=False)
    browser = at_sign_in(client)
    assert enter_password(browser).name == "email-verification"
    browser.post(f"{browser.base}/{page}", {**FIELDS, "csrf": browser.csrf})
    browser.open(f"{browser.base}/email-verification")
    browser.submit(code=mailed_code(client))
    assert browser.app is not None


def test_going_back_to_the_sign_in_begins_it_anew(client: Client) -> None:
    create_user(client, password=PASSWORD, email_verified=False)
    create_user(client, "grace@example.com", password=PASSWORD)
    browser = at_sign_in(client)
    enter_password(browser)
    browser.open(f"{browser.base}/sign-in")
    enter_password(browser, "grace@example.com")
    assert browser.exchange()["user"]["email"] == "grace@example.com"


def test_flow_that_took_too_long_is_gone(client: Client) -> None:
    browser = at_sign_in(client)
    client.advance(3601)
    assert browser.submit(email=ADA).status == 410
    assert "taken too long" in browser.page.texts["page-error"]


def test_setting_says_how_long_a_flow_may_take(client: Client) -> None:
    client.change_settings(lifetimes={"authorization_session": 60})
    browser = at_sign_in(client)
    client.advance(59)
    assert browser.open(browser.page.url).status == 200
    client.advance(2)
    assert browser.open(browser.page.url).status == 410


def test_flow_that_is_finished_is_gone(client: Client) -> None:
    create_user(client, password=PASSWORD)
    browser = at_sign_in(client)
    enter_password(browser)
    form = browser.page.url
    assert browser.open(form).status == 410
    assert "finished" in browser.page.texts["page-error"]


def test_cancelled_flow_is_gone(client: Client) -> None:
    browser = at_sign_in(client)
    url = browser.page.url
    browser.submit("cancel")
    assert browser.open(url).status == 410


def test_form_that_is_sent_twice_gives_one_code(client: Client) -> None:
    create_user(client, password=PASSWORD)
    browser = at_sign_in(client)
    browser.submit(email=ADA)
    form = browser.page
    browser.submit(password=PASSWORD)
    browser.page = form
    assert browser.submit(password=PASSWORD).status == 410
    assert len(state(client, "authorizationCodes")) == 1


def test_flow_of_another_browser_is_refused(client: Client) -> None:
    mine, theirs = at_sign_in(client), Browser(client)
    page = theirs.open(mine.page.url)
    assert (page.status, "another browser" in page.texts["page-error"]) == (403, True)
    theirs.post(mine.page.url, {"csrf": mine.csrf, "email": ADA})
    assert theirs.page.status == 403


def test_flow_of_another_environment_is_not_found(new_client: Callable[..., Client]) -> None:
    first, second = new_client(), new_client()
    browser = at_sign_in(first)
    page = browser.open(browser.page.url.replace(first.client_id, second.client_id))
    assert (page.status, page.name) == (404, "error")


@pytest.mark.parametrize("path", ["/authkit/client_unknown/01J/sign-in", "/authkit/client_unknown/signed-out"])
def test_unknown_client_is_not_found(client: Client, path: str) -> None:
    page = Browser(client).open(path)
    assert (page.status, page.name) == (404, "error")


def test_two_sign_ins_of_a_browser_do_not_meet(client: Client) -> None:
    create_user(client, password=PASSWORD)
    create_user(client, "grace@example.com", password=PASSWORD)
    browser = at_sign_in(client, state="one")
    browser.submit(email=ADA)
    first = browser.page
    browser.authorize(state="two")
    browser.submit(email="grace@example.com")
    second, browser.page = browser.page, first
    browser.submit(password=PASSWORD)
    assert (browser.app or {})["state"] == "one"
    assert browser.exchange()["user"]["email"] == ADA
    browser.page = second
    browser.submit(password=PASSWORD)  # the sign-in has changed what forms carry, so the page is shown again
    browser.submit(password=PASSWORD)
    assert browser.exchange()["user"]["email"] == "grace@example.com"


def test_client_id_of_any_kind_is_part_of_the_address(server: MockServer) -> None:
    made = httpx.post(f"{server.url}/_emulate/environments", json={"client_id": "a/b ü&"}, verify=False).json()
    with Client(server.url, made["api_key"], "a/b ü&") as client:
        create_user(client, password=PASSWORD)
        browser = at_sign_in(client)
        enter_password(browser)
        assert browser.exchange()["user"]["email"] == ADA


def one_click(client: Client) -> list[str]:
    page = at_sign_in(client).page
    return [id for id in page.elements if id.startswith("known-user-")]


def test_one_click_signs_in_on_this_machine(client: Client) -> None:
    user = create_user(client, email_verified=False)
    browser = at_sign_in(client)
    browser.submit(f"known-user-{ADA}")
    answer = browser.exchange()
    assert (answer["user"]["id"], answer["authentication_method"]) == (user["id"], "Password")
    assert client.event_names().count("authentication.password_succeeded") == 1


@pytest.mark.fault("D1")
def test_one_click_is_offered_where_the_public_url_ends_in_localhost() -> None:
    with serve_as("http://mockserver.localhost:4100") as client:
        create_user(client)
        assert one_click(client)


@pytest.mark.parametrize(("setting", "is_offered"), [("on", True), ("loopback", True), ("off", False)])
def test_setting_says_whether_one_click_is_offered(client: Client, setting: str, is_offered: bool) -> None:
    create_user(client)
    client.change_settings(one_click_sign_in=setting)
    assert bool(one_click(client)) == is_offered


@pytest.mark.parametrize(("setting", "is_offered"), [("loopback", False), ("on", True)])
def test_one_click_is_not_offered_where_others_can_come_unless_the_setting_says_so(
    setting: str, is_offered: bool
) -> None:
    with serve_as("http://auth.example.com") as client:
        create_user(client)
        client.change_settings(one_click_sign_in=setting)
        assert bool(one_click(client)) == is_offered


def test_one_click_offers_the_first_six(client: Client) -> None:
    for number in range(8):
        create_user(client, f"{number}@example.com")
    assert one_click(client) == [f"known-user-{number}@example.com" for number in range(6)]


@pytest.mark.parametrize(("user", "status"), [("switched off", 403), ("user_unknown", 404)])
def test_one_click_that_is_not_offered_is_refused(client: Client, user: str, status: int) -> None:
    ada = create_user(client, password=PASSWORD)
    browser = at_sign_in(client)
    sent: dict[str, Any] = {"csrf": browser.csrf, "user_id": user}
    if user == "switched off":
        client.change_settings(one_click_sign_in="off")
        sent["user_id"] = ada["id"]
    page = browser.post(f"{browser.base}/known-user", sent)
    assert (page.name, page.status, browser.app) == ("sign-in", status, None)
    assert page.texts["form-error"]
    enter_password(browser)
    assert browser.app is not None


def test_one_click_asks_for_the_organization_still(client: Client) -> None:
    user = create_member(client, create_organization(client, "Acme"))
    add_member(client, user, create_organization(client, "Globex"))
    browser = at_sign_in(client)
    assert browser.submit(f"known-user-{ADA}").name == "organization-selection"


def test_user_who_is_deleted_meanwhile_begins_again(client: Client) -> None:
    user = create_user(client, password=PASSWORD, email_verified=False)
    browser = at_sign_in(client)
    enter_password(browser)
    code = mailed_code(client)
    client.delete(f"/user_management/users/{user['id']}").raise_for_status()
    page = browser.submit(code=code)
    assert (page.name, browser.app) == ("sign-in", None)


def test_organization_that_is_deleted_meanwhile_lets_nobody_in(client: Client) -> None:
    organization = create_organization(client)
    create_member(client, organization)
    browser = at_sign_in(client, organization_id=organization["id"])
    client.delete(f"/organizations/{organization['id']}").raise_for_status()
    assert enter_password(browser).name == "refused"


def test_factor_that_is_deleted_meanwhile_is_asked_for_no_more(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    factor = enroll_totp(client, user["id"])["authentication_factor"]
    browser = at_sign_in(client)
    enter_password(browser)
    client.delete(f"/auth/factors/{factor['id']}").raise_for_status()
    page = browser.submit(code="123456")
    assert (page.name, browser.app) == ("sign-in", None)
    enter_password(browser)
    assert browser.app is not None


@pytest.mark.parametrize("setting", ["never", "always"])
def test_standalone_sso_heeds_the_setting_of_the_pages(client: Client, setting: str) -> None:
    client.change_settings(authkit_pages=setting)
    browser = Browser(client, accept="text/html" if setting == "never" else "*/*")
    browser.authorize_sso(provider="GoogleOAuth")
    assert (browser.app is None) == (setting == "always")


@pytest.mark.parametrize("address", ["provider", "known-user", "magic-code/send", "mfa/factor", "cancel"])
def test_address_of_a_button_can_be_loaded_again(client: Client, address: str) -> None:
    browser = at_sign_in(client)
    assert browser.open(f"{browser.base}/{address}").name == "sign-in"
