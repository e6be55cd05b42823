"""SSO in a browser: through AuthKit, and the standalone product."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import PASSWORD, create_user, event_data, list_sessions
from tests.conftest import Client
from tests.hosted.browser import FIREFOX, Browser
from tests.hosted.journeys import at_sign_in, enter_password
from tests.organization_builders import add_member, create_organization, send_invitation
from tests.sso_builders import create_acme, create_connection, exchange, save_profile

ADA = "ada@acme.test"
Acme = tuple[dict[str, Any], dict[str, Any]]


@pytest.fixture
def acme(client: Client) -> Acme:
    """An organization with a verified domain, and its connection."""
    organization = create_acme(client)
    return organization, create_connection(client, organization)


def selector(acme: Acme, name: str) -> dict[str, Any]:
    organization, connection = acme
    return {"provider": None, name: {"connection_id": connection, "organization_id": organization}[name]["id"]}


@pytest.mark.parametrize("name", ["connection_id", "organization_id"])
def test_newcomer_of_the_domain_becomes_a_member(client: Client, acme: Acme, name: str) -> None:
    organization, connection = acme
    browser = at_sign_in(client, state="s", **selector(acme, name))
    assert (browser.page.name, "Acme SSO" in browser.page.texts["page-identity-provider"]) == (
        "identity-provider",
        True,
    )
    browser.submit(email=ADA, first_name="Ada")
    assert browser.app == {**(browser.app or {}), "state": "s"}
    answer = browser.exchange()
    assert (answer["authentication_method"], answer["organization_id"]) == ("SSO", organization["id"])
    assert (answer["user"]["first_name"], answer["user"]["email_verified"]) == ("Ada", True)
    (session,) = list_sessions(client, answer["user"]["id"])
    assert (session["auth_method"], session["user_agent"]) == ("sso", FIREFOX)
    (success,) = event_data(client, "authentication.sso_succeeded")
    assert success["sso"]["connection_id"] == connection["id"]
    names = client.event_names()
    assert [names.count(f"authentication.sso_{status}") for status in ("started", "succeeded", "failed")] == [1, 1, 0]


def test_profile_that_is_known_is_one_click_away(client: Client, acme: Acme) -> None:
    save_profile(client, acme[1], ADA, first_name="Ada", last_name="Lovelace")
    browser = at_sign_in(client, **selector(acme, "connection_id"))
    browser.submit(f"profile-{ADA}")
    assert browser.exchange()["user"]["last_name"] == "Lovelace"


@pytest.mark.parametrize("email", [ADA, "ADA@ACME.TEST"])
def test_address_of_the_domain_leads_straight_to_the_connection(client: Client, acme: Acme, email: str) -> None:
    browser = at_sign_in(client)
    page = browser.submit(email=email)
    assert (page.name, page.values["email"]) == ("identity-provider", email)
    browser.submit(email=ADA)
    assert browser.exchange()["authentication_method"] == "SSO"


def test_address_of_the_domain_signs_up_at_the_connection_too(client: Client, acme: Acme) -> None:
    browser = at_sign_in(client, screen_hint="sign-up")
    assert browser.submit(email=ADA, password="correct horse battery staple").name == "identity-provider"
    assert client.event_names().count("user.created") == 0


def test_domain_policy_may_leave_other_methods(client: Client, acme: Acme) -> None:
    client.put(f"/_emulate/organizations/{acme[0]['id']}/policy", json={"allowed_methods": None}).raise_for_status()
    create_user(client, ADA, password=PASSWORD)
    browser = at_sign_in(client)
    enter_password(browser, ADA)
    assert browser.exchange()["authentication_method"] == "Password"


def test_guest_who_is_not_invited_is_refused(client: Client, acme: Acme) -> None:
    browser = at_sign_in(client, state="s", **selector(acme, "connection_id"))
    page = browser.submit(email="guest@example.com")
    assert (page.name, "has not been invited" in page.texts["page-refused"]) == ("refused", True)
    (failure,) = event_data(client, "authentication.sso_failed")
    assert failure["error"]["code"] == "access_denied"
    assert browser.submit("use-another-account").name == "identity-provider"
    browser.submit(email=ADA)
    assert browser.exchange()["user"]["email"] == ADA


def test_guest_who_is_refused_can_go_back_to_the_app(client: Client, acme: Acme) -> None:
    browser = at_sign_in(client, state="s", **selector(acme, "connection_id"))
    browser.submit(email="guest@example.com")
    browser.submit("back-to-the-app")
    assert browser.app is not None
    assert (browser.app["error"], browser.app["state"]) == ("access_denied", "s")


def test_invited_guest_verifies_the_address_and_is_let_in(client: Client, acme: Acme) -> None:
    organization, _ = acme
    send_invitation(client, "guest@example.com", organization_id=organization["id"])
    browser = at_sign_in(client, **selector(acme, "connection_id"))
    assert browser.submit(email="guest@example.com").name == "email-verification"
    browser.submit(code=client.latest_message("guest@example.com")["code"])
    assert browser.exchange()["organization_id"] == organization["id"]


def test_refusing_at_the_identity_provider_is_recorded_as_failed(client: Client, acme: Acme) -> None:
    browser = at_sign_in(client, state="s", **selector(acme, "connection_id"))
    browser.submit("deny")
    assert browser.app is not None
    assert (browser.app["error"], browser.app["state"]) == ("access_denied", "s")
    (failure,) = event_data(client, "authentication.sso_failed")
    assert (failure["error"]["code"], failure["ip_address"]) == ("access_denied", "127.0.0.1")
    assert client.event_names().count("authentication.sso_succeeded") == 0


@pytest.mark.parametrize("email", ["", "ada"])
def test_what_is_no_address_is_refused(client: Client, acme: Acme, email: str) -> None:
    page = at_sign_in(client, **selector(acme, "connection_id")).submit(email=email)
    assert (page.name, page.status) == ("identity-provider", 422)


def test_hint_and_domain_are_in_the_field(client: Client, acme: Acme) -> None:
    chosen = selector(acme, "connection_id")
    assert at_sign_in(client, login_hint=ADA, **chosen).page.values["email"] == ADA
    assert at_sign_in(client, domain_hint="acme.test", **chosen).page.values["email"] == "@acme.test"


def test_connection_that_is_switched_off_meanwhile_signs_nobody_in(client: Client, acme: Acme) -> None:
    browser = at_sign_in(client, **selector(acme, "connection_id"))
    client.patch(f"/_emulate/sso_connections/{acme[1]['id']}", json={"state": "inactive"}).raise_for_status()
    browser.submit(email=ADA)
    assert browser.app is not None
    assert browser.app["error"] == "connection_unlinked"


def test_connection_that_goes_away_meanwhile_signs_nobody_in(client: Client, acme: Acme) -> None:
    browser = at_sign_in(client, **selector(acme, "connection_id"))
    client.delete(f"/connections/{acme[1]['id']}").raise_for_status()
    page = browser.submit(email=ADA)
    assert (page.status, browser.app) == (404, None)


def test_second_app_asks_nothing_after_sso(client: Client, acme: Acme) -> None:
    browser = at_sign_in(client, **selector(acme, "connection_id"))
    browser.submit(email=ADA)
    browser.app = None
    browser.authorize()
    answer = browser.exchange()
    assert (answer["authentication_method"], answer["organization_id"]) == ("SSO", acme[0]["id"])


def test_member_of_two_organizations_goes_to_that_of_the_connection(client: Client, acme: Acme) -> None:
    user = create_user(client, ADA)
    add_member(client, user, create_organization(client, "Globex"))
    browser = at_sign_in(client, **selector(acme, "connection_id"))
    browser.submit(email=ADA)
    assert browser.exchange()["organization_id"] == acme[0]["id"]


def at_standalone(client: Client, **changes: Any) -> Browser:
    browser = Browser(client)
    assert browser.authorize_sso(**changes).name == "identity-provider"
    return browser


def test_standalone_sso_gives_the_app_a_profile(client: Client, acme: Acme) -> None:
    browser = at_standalone(client, connection=acme[1]["id"], state="s")
    browser.submit(email=ADA, first_name="Ada")
    assert browser.app is not None
    assert browser.app["state"] == "s"
    profile = exchange(client, browser.app["code"]).json()["profile"]
    assert (profile["email"], profile["first_name"], profile["connection_id"]) == (ADA, "Ada", acme[1]["id"])
    names = client.event_names()
    assert [names.count(f"authentication.sso_{status}") for status in ("started", "succeeded", "failed")] == [1, 1, 0]
    assert client.get("/user_management/users").json()["data"] == []


def test_standalone_sso_signs_nobody_in_to_the_pages(client: Client, acme: Acme) -> None:
    browser = at_standalone(client, organization=acme[0]["id"])
    browser.submit(email=ADA)
    assert [name for name in browser.http.cookies if name.startswith("authkit-session-")] == []
    assert browser.authorize().name == "sign-in"


def test_standalone_sso_at_a_provider_asks_for_consent(client: Client) -> None:
    browser = at_standalone(client, provider="GoogleOAuth")
    assert browser.submit(email="ada@example.com").name == "consent"
    browser.submit("allow")
    assert browser.app is not None
    assert exchange(client, browser.app["code"]).json()["profile"]["connection_type"] == "GoogleOAuth"


def test_standalone_sso_tells_the_app_of_a_refusal(client: Client, acme: Acme) -> None:
    browser = at_standalone(client, connection=acme[1]["id"], state="s")
    browser.submit("deny")
    assert browser.app is not None
    assert (browser.app["error"], browser.app["state"]) == ("access_denied", "s")
    assert client.event_names().count("authentication.sso_failed") == 1


def test_standalone_sso_tells_the_app_of_a_profile_from_outside(client: Client, acme: Acme) -> None:
    browser = at_standalone(client, connection=acme[1]["id"], state="s")
    browser.submit(email="guest@example.com")
    assert browser.app is not None
    assert browser.app["error"] == "profile_not_allowed_outside_organization"
    assert client.event_names().count("authentication.sso_failed") == 1


@pytest.mark.parametrize("page", ["sign-in", "sign-up", "forgot-password"])
def test_standalone_sso_has_no_pages_of_authkit(client: Client, acme: Acme, page: str) -> None:
    create_user(client, "grace@example.com", password=PASSWORD)
    browser = at_standalone(client, connection=acme[1]["id"])
    assert browser.open(f"{browser.base}/{page}").name == "identity-provider"
    sent = {"csrf": browser.csrf, "email": "grace@example.com", "password": PASSWORD}
    browser.post(f"{browser.base}/sign-in", sent)
    browser.post(f"{browser.base}/sign-in/password", {**sent, "csrf": browser.csrf})
    assert (browser.page.name, browser.app) == ("identity-provider", None)


@pytest.mark.parametrize("path", ["/sso/authorize", "/user_management/authorize"])
def test_unknown_connection_is_an_error_of_the_app(client: Client, path: str) -> None:
    browser = Browser(client)
    if path == "/sso/authorize":
        browser.authorize_sso(connection="conn_unknown", state="s")
    else:
        browser.authorize(provider=None, connection_id="conn_unknown", state="s")
    assert browser.app is not None
    assert (browser.app["error"], browser.app["state"]) == ("connection_invalid", "s")


@pytest.mark.parametrize("email", [ADA, "guest@example.com"])
def test_invitation_is_accepted_by_sso(client: Client, acme: Acme, email: str) -> None:
    organization, _ = acme
    invitation = send_invitation(client, email, organization_id=organization["id"])
    browser = at_sign_in(client, invitation_token=invitation["token"], **selector(acme, "connection_id"))
    browser.submit(email=email)
    if browser.page.name == "email-verification":
        browser.submit(code=client.latest_message(email)["code"])
    assert browser.exchange()["organization_id"] == organization["id"]
    assert client.event_names().count("invitation.accepted") == 1


def test_invited_newcomer_of_the_domain_is_led_to_the_connection(client: Client, acme: Acme) -> None:
    organization, _ = acme
    invitation = send_invitation(client, ADA, organization_id=organization["id"])
    browser = at_sign_in(client, invitation_token=invitation["token"])
    assert browser.page.name == "sign-up"
    assert browser.submit(password="correct horse battery staple").name == "identity-provider"
    browser.submit(email=ADA)
    assert browser.exchange()["organization_id"] == organization["id"]
