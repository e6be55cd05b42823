"""A mailed invitation waits in the browser until the app begins a sign-in, which offers it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.answers import JSON
from tests.builders import PASSWORD, create_user
from tests.conftest import Client
from tests.hosted.browser import CALLBACK, Browser
from tests.hosted.journeys import ADA, at_sign_in, enter_password, signed_in
from tests.invitations.builders import act, invite, memberships_of, read

STRONG = "correct horse battery staple"
ENDPOINT = "http://localhost:3000/sign-in"

pytestmark = pytest.mark.fault("B17")


@pytest.fixture
def app(client: Client) -> Client:
    """The environment of an app that has named its sign-in endpoint."""
    client.change_settings(sign_in_endpoint=ENDPOINT)
    return client


def open_link(invitation: JSON, browser: Browser) -> str:
    """What the link in the mail leads to."""
    return browser.open(invitation["accept_invitation_url"]).response.headers.get("location", "")


def offered(invitation: JSON, browser: Browser, **changes: Any) -> str:
    """The page that the app's sign-in begins with once the link has been opened."""
    open_link(invitation, browser)
    browser.app = None
    return browser.authorize(**changes).name


def test_link_leads_to_the_sign_in_endpoint_and_names_the_token(app: Client) -> None:
    invitation = invite(app)
    assert open_link(invitation, Browser(app)) == f"{ENDPOINT}?invitation_token={invitation['token']}"


@pytest.mark.parametrize("asked", ["http://localhost:3001/callback", "http://127.0.0.1:3001/a/b?c=d"])
def test_without_an_endpoint_the_link_leads_to_the_last_app_of_this_machine(client: Client, asked: str) -> None:
    client.change_settings(redirect_uris=["https://app.example/callback", "http://localhost:9/callback"])
    at_sign_in(client)
    at_sign_in(client, redirect_uri=asked)
    at_sign_in(client, redirect_uri="https://app.example/callback")
    assert open_link(invite(client), Browser(client)) == asked[: asked.index(":3001") + 5]


def test_before_any_sign_in_it_leads_to_the_registered_app(client: Client) -> None:
    client.change_settings(redirect_uris=["https://app.example/callback", CALLBACK])
    assert open_link(invite(client), Browser(client)) == "http://localhost:3000"


def test_homepage_comes_before_an_app_of_this_machine(client: Client) -> None:
    client.change_settings(app_homepage_url="https://app.example/welcome")
    at_sign_in(client)
    assert open_link(invite(client), Browser(client)) == "https://app.example/welcome"


def test_newcomer_signs_up_and_is_a_member(app: Client) -> None:
    invitation, browser = invite(app), Browser(app)
    assert offered(invitation, browser, state="s") == "invite"
    assert "ada@example.com to join Acme" in browser.page.texts["page-invite"]
    page = browser.submit()
    assert (page.name, page.values["email"]) == ("sign-up", ADA)
    browser.submit(password=STRONG)
    assert browser.app is not None
    assert browser.app["state"] == "s"
    assert browser.exchange()["organization_id"] == invitation["organization_id"]
    assert read(app, invitation)["state"] == "accepted"


def test_known_person_signs_in_and_is_a_member(app: Client) -> None:
    create_user(app, password=PASSWORD)
    invitation, browser = invite(app), Browser(app)
    assert offered(invitation, browser, screen_hint="sign-up") == "invite"
    page = browser.submit()
    assert (page.name, page.values["email"]) == ("sign-in", ADA)
    enter_password(browser)
    assert browser.exchange()["organization_id"] == invitation["organization_id"]


def test_person_who_is_signed_in_is_asked_for_nothing_else(app: Client) -> None:
    create_user(app, password=PASSWORD)
    browser, invitation = signed_in(app), invite(app)
    assert offered(invitation, browser) == "invite"
    browser.submit()
    assert browser.exchange()["organization_id"] == invitation["organization_id"]
    assert [item["status"] for item in memberships_of(app, invitation)] == ["active"]


def test_app_that_wants_a_fresh_sign_in_gets_one(app: Client) -> None:
    create_user(app, password=PASSWORD)
    browser = signed_in(app)
    offered(invite(app), browser, prompt="login")
    assert browser.submit().name == "sign-in"


def test_somebody_else_who_is_signed_in_signs_in_as_the_invited_person(app: Client) -> None:
    create_user(app, "grace@example.com", password=PASSWORD)
    browser = signed_in(app, "grace@example.com")
    invitation = invite(app, ADA)
    assert offered(invitation, browser) == "invite"
    assert browser.submit().name == "sign-up"
    assert memberships_of(app, invitation) == []


def test_person_who_has_signed_out_meanwhile_signs_in(app: Client) -> None:
    create_user(app, password=PASSWORD)
    browser = signed_in(app)
    offered(invite(app), browser)
    (session,) = app.get("/_emulate/state").json()["sessions"]
    app.post("/user_management/sessions/revoke", json={"session_id": session["id"]}).raise_for_status()
    assert browser.submit().name == "sign-in"


def test_provider_that_the_app_chose_comes_after_the_answer(app: Client) -> None:
    invitation, browser = invite(app), Browser(app)
    assert offered(invitation, browser, provider="GitHubOAuth") == "invite"
    assert browser.submit().name == "identity-provider"


def test_going_on_without_it_signs_in_as_ever(app: Client) -> None:
    create_user(app, password=PASSWORD)
    invitation, browser = invite(app), Browser(app)
    offered(invitation, browser)
    assert browser.submit("decline").name == "sign-in"
    enter_password(browser)
    assert "organization_id" not in browser.exchange()
    assert read(app, invitation)["state"] == "pending"


def test_going_on_without_it_asks_nothing_of_who_is_signed_in(app: Client) -> None:
    create_user(app, password=PASSWORD)
    browser, invitation = signed_in(app), invite(app)
    offered(invitation, browser)
    browser.submit("decline")
    assert "organization_id" not in browser.exchange()
    assert read(app, invitation)["state"] == "pending"


def test_no_other_page_is_shown_before_the_answer(app: Client) -> None:
    browser = Browser(app)
    offered(invite(app), browser)
    for page in ("sign-in", "sign-up", "magic-code", "identity-provider", "invitation/decline", "restart"):
        assert browser.open(f"{browser.base}/{page}").name == "invite"


def test_offer_is_made_once(app: Client) -> None:
    invitation, browser = invite(app), Browser(app)
    assert offered(invitation, browser) == "invite"
    assert browser.authorize().name == "sign-in"
    browser.open(f"{browser.base}/invitation")
    assert browser.page.name == "sign-in"


def test_token_that_the_app_passes_on_is_taken_without_an_offer(app: Client) -> None:
    first, second, browser = invite(app), invite(app, "grace@example.com"), Browser(app)
    assert offered(first, browser, invitation_token=second["token"]) == "sign-up"
    assert browser.page.values["email"] == "grace@example.com"


def test_newest_link_wins(app: Client) -> None:
    first, second, browser = invite(app), invite(app, "grace@example.com"), Browser(app)
    open_link(first, browser)
    assert offered(second, browser) == "invite"
    assert "grace@example.com" in browser.page.texts["page-invite"]
    assert browser.authorize().name == "sign-in"


def test_offer_survives_a_sign_in_of_another_tab(app: Client) -> None:
    create_user(app, "grace@example.com", password=PASSWORD)
    browser = at_sign_in(app)
    other_tab = browser.page
    open_link(invite(app), browser)
    browser.page = other_tab
    enter_password(browser, "grace@example.com")
    assert browser.authorize().name == "invite"


def test_refused_request_uses_nothing_up(app: Client) -> None:
    invitation, browser = invite(app), Browser(app)
    open_link(invitation, browser)
    browser.authorize(provider="Nobody")
    browser.authorize(redirect_uri="https://evil.example/")
    assert browser.authorize().name == "invite"


def test_offer_ends_with_the_lifetime_of_a_sign_in(app: Client) -> None:
    app.change_settings(lifetimes={"authorization_session": 60})
    browsers = [Browser(app), Browser(app)]
    for browser in browsers:
        open_link(invite(app, f"{id(browser)}@example.com"), browser)
    app.advance(58)
    assert browsers[0].authorize().name == "invite"
    app.advance(2)
    assert browsers[1].authorize().name == "sign-in"


def test_another_browser_and_another_environment_are_not_asked(app: Client, new_client: Callable[..., Client]) -> None:
    browser, other = Browser(app), new_client()
    open_link(invite(app), browser)
    assert Browser(app).authorize().name == "sign-in"
    assert browser.authorize(client_id=other.client_id).name == "sign-in"
    assert browser.authorize().name == "invite"


@pytest.mark.parametrize("action", ["accept", "revoke"])
def test_invitation_that_is_over_is_not_offered(app: Client, action: str) -> None:
    invitation, browser = invite(app), Browser(app)
    open_link(invitation, browser)
    act(app, invitation, action).raise_for_status()
    assert browser.authorize().name == "sign-in"


def test_invitation_that_ends_meanwhile_can_only_be_left(app: Client) -> None:
    invitation, browser = invite(app), Browser(app)
    offered(invitation, browser)
    act(app, invitation, "revoke").raise_for_status()
    page = browser.submit()
    assert (page.name, page.status, "submit" in str(page.forms)) == ("invite", 400, False)
    assert browser.submit("decline").name == "sign-in"


def test_deleting_the_organization_forgets_the_offer(app: Client) -> None:
    first, second = Browser(app), Browser(app)
    invitation = invite(app)
    open_link(invitation, first)
    offered(invitation, second)
    app.delete(f"/organizations/{invitation['organization_id']}").raise_for_status()
    assert "pendingStarts" not in app.get("/_emulate/state").json()
    assert first.authorize().name == "sign-in"
    assert second.open(second.page.url).texts["page-invite"].startswith("M Mockserver The invitation is over")
    assert second.submit("decline").name == "sign-in"


def test_where_no_pages_are_shown_the_invitation_is_accepted_unasked(app: Client) -> None:
    app.change_settings(authkit_pages="never")
    invitation, browser = invite(app), Browser(app)
    open_link(invitation, browser)
    browser.authorize()
    answer = browser.exchange()
    assert (answer["user"]["email"], answer["organization_id"]) == (ADA, invitation["organization_id"])
    browser.authorize(provider="GitHubOAuth", login_hint="grace@example.com")
    assert browser.exchange()["user"]["email"] == "grace@example.com"


def test_reset_forgets_the_offer(app: Client) -> None:
    browser = Browser(app)
    open_link(invite(app), browser)
    app.post("/_emulate/reset").raise_for_status()
    assert browser.authorize().name == "sign-in"


def test_without_an_app_the_sign_in_never_ends_at_a_callback(client: Client) -> None:
    create_user(client, password=PASSWORD)
    browser = Browser(client)
    assert browser.open(invite(client)["accept_invitation_url"]).name == "invite"
    browser.submit()
    client.change_settings(redirect_uris=[CALLBACK])
    page = enter_password(browser)
    assert page.response.headers["location"] == "http://localhost:3000"
    browser.authorize(state="s")
    assert browser.app is not None
    assert browser.app["state"] == "s"
