"""Signing in with a password, from the app's link back to the app."""

from __future__ import annotations

import bcrypt
import pytest

from tests.builders import PASSWORD, claims, create_user, event_data, list_sessions
from tests.conftest import Client
from tests.hosted.browser import FIREFOX, Browser
from tests.hosted.journeys import ADA, at_sign_in, enter_password, signed_in
from tests.organization_builders import create_member, create_organization


def test_password_leads_back_to_the_app_with_a_code(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    browser = at_sign_in(client, state="s")
    assert (browser.page.name, browser.page.status) == ("sign-in", 200)
    assert browser.submit(email="ADA@example.com ").name == "password"
    browser.submit(password=PASSWORD)
    assert browser.app == {**(browser.app or {}), "state": "s"}
    answer = browser.exchange()
    assert (answer["user"]["id"], answer["authentication_method"]) == (user["id"], "Password")
    assert client.event_names() == ["user.created", "authentication.password_succeeded", "session.created"]


@pytest.mark.fault("A4a")
def test_imported_hash_of_real_cost_leads_back_to_the_app_once(client: Client) -> None:
    hash = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(8)).decode()
    create_user(client, password_hash=hash, password_hash_type="bcrypt")
    browser = at_sign_in(client)
    assert enter_password(browser, password="wrong-password").name == "password"
    browser.submit(password=PASSWORD)
    assert browser.exchange()["authentication_method"] == "Password"
    names = client.event_names()
    assert names.count("authentication.password_failed") == names.count("session.created") == 1


def test_session_is_of_the_browser(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    signed_in(client)
    (session,) = list_sessions(client, user["id"])
    assert (session["ip_address"], session["user_agent"]) == ("127.0.0.1", FIREFOX)
    (success,) = event_data(client, "authentication.password_succeeded")
    assert (success["ip_address"], success["user_agent"]) == ("127.0.0.1", FIREFOX)


@pytest.mark.parametrize(
    ("password", "text"),
    [("wrong-password", "not right"), (" ", "missing"), ("", "missing"), ("p" * 5000, "not right")],
)
def test_wrong_password_is_refused_beside_its_field(client: Client, password: str, text: str) -> None:
    create_user(client, password=PASSWORD)
    browser = at_sign_in(client)
    page = enter_password(browser, password=password)
    assert (page.name, page.status >= 400) == ("password", True)
    assert text in page.texts["password-error"]
    assert page.values["password"] == ""
    assert browser.submit(password=PASSWORD).status == 303
    assert browser.app is not None


def test_refused_password_is_on_record_once(client: Client) -> None:
    create_user(client, password=PASSWORD)
    enter_password(at_sign_in(client), password="wrong-password")
    (failure,) = event_data(client, "authentication.password_failed")
    assert (failure["email"], failure["error"]["code"]) == (ADA, "invalid_credentials")
    assert client.event_names() == ["user.created", "authentication.password_failed"]


def test_password_keeps_the_blanks_around_it(client: Client) -> None:
    create_user(client, password=f" {PASSWORD} ")
    browser = at_sign_in(client)
    assert enter_password(browser).name == "password"
    browser.submit(password=f" {PASSWORD} ")
    assert browser.app is not None


@pytest.mark.parametrize(
    "email", ["", " ", "ada", "@", "ada@", "ada@example.com, grace@example.com", "a b@example.com"]
)
def test_what_is_no_address_is_refused_beside_its_field(client: Client, email: str) -> None:
    browser = at_sign_in(client)
    page = browser.submit(email=email)
    assert (page.name, page.status) == ("sign-in", 422)
    assert page.texts["email-error"]
    assert page.values["email"] == email
    assert client.event_names() == []


def test_address_can_be_changed(client: Client) -> None:
    create_user(client, password=PASSWORD)
    create_user(client, "grace@example.com", password=PASSWORD)
    browser = at_sign_in(client)
    browser.submit(email=ADA)
    assert ADA in browser.page.texts["page-password"]
    browser.follow("change-email")
    enter_password(browser, "grace@example.com")
    assert browser.exchange()["user"]["email"] == "grace@example.com"


def test_user_without_a_password_gets_a_code(client: Client) -> None:
    create_user(client)
    assert at_sign_in(client).submit(email=ADA).name == "magic-code"


def test_password_switched_off_gives_a_code_to_everybody(client: Client) -> None:
    create_user(client, password=PASSWORD)
    client.change_settings(methods=["magic_auth"])
    assert at_sign_in(client).submit(email=ADA).name == "magic-code"


def test_without_codes_even_who_has_no_password_is_asked_for_one(client: Client) -> None:
    create_user(client)
    client.change_settings(methods=["password"])
    page = at_sign_in(client).submit(email=ADA)
    assert (page.name, "use-code" in page.elements) == ("password", False)


def test_without_either_the_page_says_so(client: Client) -> None:
    create_user(client, password=PASSWORD)
    client.change_settings(methods=["GoogleOAuth"])
    page = at_sign_in(client).submit(email=ADA)
    assert (page.name, page.status) == ("sign-in", 403)
    assert "switched off" in page.texts["form-error"]


def test_unknown_address_leads_to_sign_up(client: Client) -> None:
    page = at_sign_in(client).submit(email="new@example.com")
    assert (page.name, page.values["email"]) == ("sign-up", "new@example.com")
    assert "new@example.com" in page.texts["notice"]


def test_state_that_the_app_left_out_stays_out(client: Client) -> None:
    create_user(client, password=PASSWORD)
    browser = at_sign_in(client)
    enter_password(browser)
    assert browser.app is not None
    assert browser.app.keys() == {"code"}


@pytest.mark.parametrize("state", ['a b+c&d=é"/?#%', '{"next": "/"}', "x" * 2000, "\r\nset-cookie: a=b", "<b>"])
def test_state_comes_back_as_it_was(client: Client, state: str) -> None:
    create_user(client, password=PASSWORD)
    browser = at_sign_in(client, state=state)
    enter_password(browser)
    assert browser.app is not None
    assert browser.app["state"] == state


def test_code_of_a_browser_needs_its_verifier(client: Client) -> None:
    create_user(client, password=PASSWORD)
    challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    browser = at_sign_in(client, code_challenge=challenge, code_challenge_method="S256")
    enter_password(browser)
    assert browser.app is not None
    members = {"client_id": client.client_id, "grant_type": "authorization_code", "code": browser.app["code"]}
    url = "/user_management/authenticate"
    assert client.keyless.post(url, json={**members, "code_verifier": "x" * 43}).status_code == 400
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert client.keyless.post(url, json={**members, "code_verifier": verifier}).status_code == 200


def test_hint_is_in_the_field_already(client: Client) -> None:
    assert at_sign_in(client, login_hint=ADA).page.values["email"] == ADA
    assert at_sign_in(client, login_hint="nobody").page.values["email"] == ""


def test_cancel_leads_back_to_the_app_with_an_error(client: Client) -> None:
    browser = at_sign_in(client, state="s")
    browser.submit("cancel")
    assert browser.app is not None
    assert (browser.app["error"], browser.app["state"]) == ("access_denied", "s")
    assert "cancelled" in browser.app["error_description"]


def test_only_member_of_one_organization_is_signed_in_to_it(client: Client) -> None:
    organization = create_organization(client)
    create_member(client, organization)
    browser = at_sign_in(client)
    enter_password(browser)
    assert claims(browser.exchange()["access_token"])["org_id"] == organization["id"]


def test_custom_scheme_is_led_to(client: Client) -> None:
    create_user(client, password=PASSWORD)
    client.change_settings(redirect_uris=["myapp://callback"])
    browser = Browser(client)
    browser.authorize(redirect_uri="myapp://callback")
    enter_password(browser)
    assert browser.page.response.headers["location"].startswith("myapp://callback?code=")
