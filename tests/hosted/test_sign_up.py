"""Signing up: with a password, by a code, and what stands in the way."""

from __future__ import annotations

import pytest

from tests.builders import PASSWORD, create_user
from tests.conftest import Client
from tests.hosted.browser import Browser
from tests.hosted.journeys import ADA, at_sign_in, mailed_code
from tests.organization_builders import create_organization, send_invitation

STRONG = "correct horse battery staple"


def at_sign_up(client: Client, **changes: str) -> Browser:
    browser = at_sign_in(client, screen_hint="sign-up", **changes)
    assert browser.page.name == "sign-up"
    return browser


def test_newcomer_signs_up_with_a_password_and_verifies_the_address(client: Client) -> None:
    browser = at_sign_up(client)
    page = browser.submit(email=ADA, first_name="Ada", last_name="Lovelace", password=STRONG)
    assert page.name == "email-verification"
    browser.submit(code=mailed_code(client))
    user = browser.exchange()["user"]
    assert (user["email"], user["first_name"], user["last_name"]) == (ADA, "Ada", "Lovelace")
    assert user["email_verified"] is True
    assert client.event_names() == [
        "user.created",
        "authentication.password_succeeded",
        "email_verification.created",
        "authentication.email_verification_succeeded",
        "user.updated",
        "session.created",
    ]


def test_newcomer_signs_up_by_code(client: Client) -> None:
    browser = at_sign_up(client)
    page = browser.submit("use-code", email=ADA, first_name="Ada")
    assert page.name == "magic-code"
    browser.submit(code=mailed_code(client))
    answer = browser.exchange()
    assert (answer["user"]["first_name"], answer["user"]["email_verified"]) == ("Ada", True)
    assert answer["authentication_method"] == "MagicAuth"
    assert client.event_names() == [
        "user.created",
        "magic_auth.created",
        "authentication.magic_auth_succeeded",
        "user.updated",
        "session.created",
    ]


def test_without_verification_the_newcomer_is_in_at_once(client: Client) -> None:
    client.change_settings(email_verification="off")
    browser = at_sign_up(client)
    browser.submit(email=ADA, password=STRONG)
    assert browser.exchange()["user"]["email"] == ADA


@pytest.mark.parametrize("how", ["submit", "use-code"])
def test_taken_address_is_refused_beside_its_field(client: Client, how: str) -> None:
    create_user(client, password=PASSWORD)
    page = at_sign_up(client).submit(how, email=ADA.upper(), first_name="Ada", password=STRONG)
    assert (page.name, page.status >= 400) == ("sign-up", True)
    assert "exists already" in page.texts["email-error"]
    assert (page.values["first_name"], page.values["password"]) == ("Ada", "")
    assert client.event_names() == ["user.created"]


@pytest.mark.parametrize("password", ["short", "password1234", ""])
def test_weak_password_is_refused_beside_its_field(client: Client, password: str) -> None:
    page = at_sign_up(client).submit(email=ADA, password=password)
    assert (page.name, page.status >= 400) == ("sign-up", True)
    assert page.texts["password-error"]
    assert client.event_names() == []


def test_second_try_with_a_better_password_succeeds(client: Client) -> None:
    browser = at_sign_up(client)
    browser.submit(email=ADA, first_name="Ada", password="short")
    assert browser.submit(password=STRONG).name == "email-verification"


@pytest.mark.parametrize("email", ["", "ada", "ada@"])
def test_address_is_required(client: Client, email: str) -> None:
    page = at_sign_up(client).submit(email=email, password=STRONG)
    assert (page.name, page.status) == ("sign-up", 422)
    assert page.texts["email-error"]


def test_closed_sign_up_shows_no_form(client: Client) -> None:
    client.change_settings(sign_up="closed")
    browser = at_sign_in(client, screen_hint="sign-up")
    assert (browser.page.name, "email" in browser.page.values) == ("refused", False)
    assert browser.follow("sign-in").name == "sign-in"
    assert "sign-up-link" not in browser.page.elements
    page = browser.submit(email="new@example.com")
    assert "nobody can sign up" in page.texts["email-error"]


@pytest.mark.parametrize("method", ["password", "magic_auth"])
def test_closed_sign_up_refuses_a_form_that_is_sent_all_the_same(client: Client, method: str) -> None:
    browser = at_sign_up(client)
    client.change_settings(sign_up="closed")
    browser.post(browser.page.url, {"csrf": browser.csrf, "email": ADA, "password": STRONG, "method": method})
    assert browser.page.name == "refused"
    assert (browser.page.status, client.event_names()) == (400, [])


def test_invitation_opens_a_closed_sign_up(client: Client) -> None:
    client.change_settings(sign_up="closed")
    organization = create_organization(client)
    invitation = send_invitation(client, ADA, organization_id=organization["id"])
    browser = at_sign_in(client, invitation_token=invitation["token"])
    assert (browser.page.name, browser.page.values["email"]) == ("sign-up", ADA)
    browser.submit(password=STRONG)
    assert browser.exchange()["organization_id"] == organization["id"]


def test_invitation_of_a_closed_sign_up_is_for_its_own_address(client: Client) -> None:
    client.change_settings(sign_up="closed")
    organization = create_organization(client)
    invitation = send_invitation(client, "ada@gmail.com", organization_id=organization["id"])
    page = at_sign_in(client, invitation_token=invitation["token"]).submit(email="eve@gmail.com", password=STRONG)
    assert (page.name, page.status >= 400) == ("sign-up", True)
    assert page.texts["email-error"]
    assert client.get("/user_management/users").json()["data"] == []


def test_links_lead_from_sign_in_to_sign_up_and_back(client: Client) -> None:
    browser = at_sign_in(client)
    assert browser.follow("sign-up-link").name == "sign-up"
    assert browser.follow("sign-in-link").name == "sign-in"


def test_hint_is_in_the_field_of_the_sign_up_too(client: Client) -> None:
    assert at_sign_up(client, login_hint=ADA).page.values["email"] == ADA


def test_methods_that_are_switched_off_are_not_offered(client: Client) -> None:
    client.change_settings(methods=["magic_auth", "GitHubOAuth"])
    page = at_sign_up(client).page
    assert "password" not in page.values
    assert [id for id in page.elements if id.startswith("provider-")] == ["provider-GitHubOAuth"]
    client.change_settings(methods=["password"])
    assert "use-code" not in at_sign_up(client).page.elements
