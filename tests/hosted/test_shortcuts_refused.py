"""Ways around a step of the sign-in, which lead nowhere."""

from __future__ import annotations

import pytest

from tests.authenticator import totp
from tests.builders import PASSWORD, create_password_reset, create_user, enroll_totp, state
from tests.conftest import Client
from tests.hosted.browser import Browser
from tests.hosted.journeys import ADA, at_sign_in, enter_password, signed_in
from tests.organization_builders import add_member, create_organization, send_invitation
from tests.sso_builders import create_acme, create_connection, save_profile

MALLORY = "mallory@example.com"


def test_a_secret_of_ones_own_does_not_enrol_another_user(client: Client) -> None:
    client.change_settings(mfa="required")
    enroll_totp(client, create_user(client, password=PASSWORD)["id"])
    create_user(client, MALLORY, password=PASSWORD)
    browser = at_sign_in(client)
    secret = enter_password(browser, MALLORY).elements["totp-secret"]["data-secret"]
    browser.open(f"{browser.base}/sign-in")
    assert enter_password(browser).name == "mfa-verification"
    page = browser.post(f"{browser.base}/mfa/enrollment", {"csrf": browser.csrf, "code": totp(client, secret or "")})
    assert (page.name, browser.app) == ("mfa-verification", None)
    assert len(state(client, "authenticationFactors")) == 1


def test_a_silent_sign_in_that_waits_ends_with_the_sign_out(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    browser = signed_in(client)
    for name in ("Acme", "Beta"):
        add_member(client, user, create_organization(client, name))
    assert browser.authorize().name == "organization-selection"
    reset = create_password_reset(client)["password_reset_token"]
    client.post(
        "/user_management/password_reset/confirm", json={"token": reset, "new_password": "another-good-horse"}
    ).raise_for_status()
    (testid,) = [name for name in browser.page.elements if name.startswith("organization-")][:1]
    assert browser.submit(testid).name == "sign-in"


def test_logout_of_a_session_that_is_over_signs_out_of_the_pages_too(client: Client) -> None:
    create_user(client, password=PASSWORD)
    browser = signed_in(client)
    client.change_settings(session_inactivity=60)
    client.advance(3600)
    (session,) = state(client, "sessions")
    client.keyless.get(f"/user_management/sessions/logout?session_id={session['id']}")
    assert browser.authorize().name == "sign-in"


def test_sso_that_is_switched_off_is_not_offered(client: Client) -> None:
    acme = create_acme(client)
    connection = create_connection(client, acme)
    create_user(client, "ada@acme.test", password=PASSWORD)
    client.change_settings(methods=["password"])
    browser = at_sign_in(client)
    assert enter_password(browser, "ada@acme.test").name == "required-method"
    assert f"connection-{connection['id']}" not in browser.page.elements
    page = browser.post(f"{browser.base}/provider", {"csrf": browser.csrf, "connection_id": connection["id"]})
    assert (page.status, browser.app) == (403, None)


@pytest.mark.fault("B7")
def test_an_invitation_that_authkit_has_asked_for_is_not_named_again_at_the_exchange(client: Client) -> None:
    create_user(client, password=PASSWORD)
    acme = create_organization(client, "Acme")
    token = send_invitation(client, ADA, organization_id=acme["id"])["token"]
    browser = at_sign_in(client, invitation_token=token)
    enter_password(browser)
    assert browser.app is not None
    refused = client.authenticate("authorization_code", code=browser.app["code"], invitation_token=token)
    assert (refused.status_code, list(refused.json())) == (422, ["message"])
    assert browser.exchange()["organization_id"] == acme["id"]


@pytest.mark.parametrize("is_one_step_further", [False, True])
def test_address_that_was_verified_elsewhere_meanwhile_is_no_dead_end(
    client: Client, is_one_step_further: bool
) -> None:
    user = create_user(client, password=PASSWORD, email_verified=False)
    browser = at_sign_in(client)
    assert enter_password(browser).name == "email-verification"
    client.put(f"/user_management/users/{user['id']}", json={"email_verified": True}).raise_for_status()
    if is_one_step_further:
        browser.submit("resend")
    else:
        browser.submit(code="123456")
    assert browser.exchange()["user"]["id"] == user["id"]


def test_standalone_sso_keeps_to_the_connection_that_the_app_named(client: Client) -> None:
    acme = create_acme(client)
    connection, other = create_connection(client, acme), create_connection(client, acme, name="Other")
    save_profile(client, connection, "ada@acme.test")
    browser = Browser(client)
    browser.authorize_sso(connection=connection["id"])
    page = browser.post(f"{browser.base}/provider", {"csrf": browser.csrf, "connection_id": other["id"]})
    assert (page.name, browser.app) == ("identity-provider", None)
    (flow,) = state(client, "authorizationSessions")
    assert flow["connection_id"] == connection["id"]


def test_a_device_is_not_approved_after_the_sign_out(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    browser = signed_in(client)
    asked = client.keyless.post("/user_management/authorize/device", json={"client_id": client.client_id}).json()
    browser.open(f"/authkit/{client.client_id}/device")
    assert browser.submit(user_code=asked["user_code"]).name == "device-confirm"
    (session,) = client.get(f"/user_management/users/{user['id']}/sessions").json()["data"]
    client.post("/user_management/sessions/revoke", json={"session_id": session["id"]}).raise_for_status()
    assert browser.submit("approve").name == "sign-in"
    (device,) = state(client, "deviceAuthorizations")
    assert device["status"] == "pending"
