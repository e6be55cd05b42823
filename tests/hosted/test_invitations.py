"""Accepting an invitation from its mail."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import PASSWORD, create_user
from tests.conftest import Client
from tests.hosted.browser import Browser
from tests.hosted.journeys import ADA, at_sign_in, enter_password
from tests.invitations.builders import act, invitation_in, invite, memberships_of, read

STRONG = "correct horse battery staple"


def open_mail(client: Client, to: str = ADA) -> Browser:
    browser = Browser(client)
    browser.open(client.latest_message(to)["link"])
    return browser


def test_newcomer_signs_up_and_is_a_verified_member(client: Client) -> None:
    inviter = create_user(client, "grace@example.com", first_name="Grace")
    invitation = invite(client, inviter_user_id=inviter["id"])
    browser = open_mail(client)
    assert browser.page.name == "invite"
    assert "Grace invited ada@example.com to join Acme" in browser.page.texts["page-invite"]
    page = browser.submit()
    assert (page.name, page.values["email"]) == ("sign-up", ADA)
    browser.submit(first_name="Ada", password=STRONG)
    browser.authorize()
    answer = browser.exchange()
    assert (answer["user"]["email_verified"], answer["organization_id"]) == (True, invitation["organization_id"])
    assert read(client, invitation)["state"] == "accepted"
    assert [item["status"] for item in memberships_of(client, invitation)] == ["active"]
    names = client.event_names()
    assert [names.count(f"invitation.{name}") for name in ("created", "accepted")] == [1, 1]


def test_user_who_is_known_signs_in_and_is_a_member(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    invitation = invite(client)
    browser = open_mail(client)
    page = browser.submit()
    assert (page.name, page.values["email"]) == ("sign-in", ADA)
    assert "Acme" in page.texts["page-sign-in"]
    enter_password(browser)
    browser.authorize()
    assert browser.exchange()["organization_id"] == invitation["organization_id"]
    assert [item["user_id"] for item in memberships_of(client, invitation)] == [user["id"]]


def test_without_an_app_the_page_says_that_one_is_signed_in(client: Client) -> None:
    create_user(client, password=PASSWORD)
    invitation = invite(client)
    browser = open_mail(client)
    browser.submit()
    page = enter_password(browser)
    assert (page.name, "signed-in" in page.elements) == ("message", True)
    assert read(client, invitation)["state"] == "accepted"


def test_cancelling_accepts_nothing(client: Client) -> None:
    invitation = invite(client)
    browser = open_mail(client)
    browser.submit()
    page = browser.submit("cancel")
    assert (page.name, "cancelled" in page.elements) == ("message", True)
    assert read(client, invitation)["state"] == "pending"


def test_app_with_a_sign_in_endpoint_can_pass_the_token_on(client: Client) -> None:
    client.change_settings(sign_in_endpoint="http://localhost:3000/sign-in?from=mail")
    invitation = invite(client)
    browser = open_mail(client)
    assert browser.app == {"from": "mail", "invitation_token": invitation["token"]}
    assert browser.authorize(invitation_token=invitation["token"]).name == "sign-up"
    browser.submit(password=STRONG)
    assert browser.exchange()["organization_id"] == invitation["organization_id"]


def test_page_alone_accepts_nothing(client: Client) -> None:
    invitation = invite(client)
    open_mail(client)
    assert read(client, invitation)["state"] == "pending"


@pytest.mark.fault("B8")
@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("expired", "Invite has expired."),
        ("revoked", "Invite has been revoked."),
        ("accepted", "Invite has already been accepted."),
    ],
)
def test_link_that_is_over_says_why_and_shows_no_form(client: Client, state: str, reason: str) -> None:
    invitation_in(client, state)
    page = open_mail(client).page
    assert (page.status, page.forms) == (400, [])
    assert reason in str(page.texts)


@pytest.mark.parametrize("token", ["", "unknown", "'\"<b>"])
def test_unknown_link_shows_no_form(client: Client, token: str) -> None:
    page = Browser(client).open(f"/authkit/{client.client_id}/invite", params={"invitation_token": token})
    assert (page.status, page.forms) == (400, [])


def test_invitation_that_is_revoked_meanwhile_is_refused(client: Client) -> None:
    create_user(client, password=PASSWORD)
    invitation = invite(client)
    browser = open_mail(client)
    browser.submit()
    act(client, invitation, "revoke").raise_for_status()
    page = enter_password(browser)
    assert (page.name, memberships_of(client, invitation)) == ("refused", [])


def invited_to(client: Client, email: str) -> tuple[Browser, dict[str, Any]]:
    create_user(client, "eve@gmail.com", password=PASSWORD)
    invitation = invite(client, email)
    return at_sign_in(client, invitation_token=invitation["token"]), invitation


def test_another_person_can_not_take_the_invitation(client: Client) -> None:
    browser, invitation = invited_to(client, "ada@gmail.com")
    browser.follow("sign-in-link")
    page = enter_password(browser, "eve@gmail.com")
    assert (page.name, page.status) == ("refused", 200)
    assert read(client, invitation)["state"] == "pending"
    browser.submit("back-to-the-app")
    assert browser.app is not None
    assert browser.app["error"] == "access_denied"


@pytest.mark.parametrize("changes", [{"invitation_token": "unknown"}, {"login_hint": "eve@gmail.com"}])
def test_app_is_told_of_a_token_that_does_not_fit(client: Client, changes: dict[str, str]) -> None:
    invitation = invite(client, "ada@gmail.com")
    browser = at_sign_in(client, state="s", **{"invitation_token": invitation["token"], **changes})
    assert browser.app is not None
    assert browser.app["state"] == "s"
    assert browser.app["error"].startswith("invitation_")
