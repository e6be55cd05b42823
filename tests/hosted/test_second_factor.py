"""The second factor: setting one up, and being asked for its code."""

from __future__ import annotations

from typing import Any

import pytest

from tests.authenticator import freeze_at, totp
from tests.builders import PASSWORD, create_user, enroll_totp, event_data, messages, state, wrong
from tests.conftest import Client
from tests.hosted.browser import Browser
from tests.hosted.journeys import ADA, at_sign_in, enter_password

PHONE = "+15005550006"


def at_enrollment(client: Client) -> Browser:
    freeze_at(client, "2030-01-15T12:00:10.000Z")
    client.change_settings(mfa="required")
    create_user(client, password=PASSWORD)
    browser = at_sign_in(client)
    assert enter_password(browser).name == "mfa-enrollment"
    return browser


def secret_of(browser: Browser) -> str:
    secret = browser.page.elements["totp-secret"]["data-secret"]
    assert secret is not None
    return secret


def at_challenge(client: Client) -> tuple[Browser, dict[str, Any]]:
    """And the factor with its secret."""
    freeze_at(client, "2030-01-15T12:00:10.000Z")
    user = create_user(client, password=PASSWORD)
    factor = enroll_totp(client, user["id"])["authentication_factor"]
    browser = at_sign_in(client)
    assert enter_password(browser).name == "mfa-verification"
    return browser, factor


def enroll_sms(client: Client, user_id: str) -> dict[str, Any]:
    response = client.post("/auth/factors/enroll", json={"type": "sms", "phone_number": PHONE, "user_id": user_id})
    factor: dict[str, Any] = response.raise_for_status().json()
    return factor


def test_right_code_enrols_the_factor_and_leads_back_to_the_app(client: Client) -> None:
    browser = at_enrollment(client)
    assert browser.page.elements["totp-qr"]["src"].startswith("data:image/")  # type: ignore[union-attr]
    browser.submit(code=totp(client, secret_of(browser)))
    user = browser.exchange()["user"]
    (factor,) = client.get(f"/user_management/users/{user['id']}/auth_factors").json()["data"]
    assert factor["totp"] == {"issuer": "Mockserver", "user": ADA}
    assert client.event_names() == [
        "user.created",
        "authentication.password_succeeded",
        "authentication.mfa_succeeded",
        "session.created",
    ]


def test_no_factor_exists_before_the_right_code_and_the_secret_stays(client: Client) -> None:
    browser = at_enrollment(client)
    secret = secret_of(browser)
    page = browser.submit(code=wrong(totp(client, secret)))
    assert (page.name, page.status, secret_of(browser)) == ("mfa-enrollment", 400, secret)
    assert page.texts["code-error"]
    assert state(client, "authFactors") == []
    assert enter_password(at_sign_in(client)).name == "mfa-enrollment"
    browser.open(page.url)
    assert secret_of(browser) == secret
    browser.submit(code=totp(client, secret))
    assert browser.app is not None
    assert client.event_names().count("authentication.mfa_failed") == 1


def test_code_of_the_enrolment_is_spent(client: Client) -> None:
    browser = at_enrollment(client)
    secret = secret_of(browser)
    code = totp(client, secret)
    browser.submit(code=code)
    other = at_sign_in(client)
    enter_password(other)
    assert other.submit(code=code).texts["code-error"]
    other.submit(code=totp(client, secret, 1))
    assert other.app is not None


def test_enrolment_that_took_too_long_begins_again(client: Client) -> None:
    browser = at_enrollment(client)
    client.advance(601)
    page = browser.submit(code=totp(client, secret_of(browser)))
    assert (page.name, "too long" in page.texts["notice"]) == ("sign-in", True)
    assert state(client, "authFactors") == []


def test_right_code_passes_the_challenge(client: Client) -> None:
    browser, factor = at_challenge(client)
    browser.submit(code=totp(client, factor["totp"]["secret"]))
    assert browser.exchange()["authentication_method"] == "Password"
    assert client.event_names().count("authentication.mfa_succeeded") == 1


def test_wrong_code_is_refused_and_on_record(client: Client) -> None:
    browser, factor = at_challenge(client)
    code = totp(client, factor["totp"]["secret"])
    page = browser.submit(code=wrong(code))
    assert (page.name, page.status) == ("mfa-verification", 400)
    assert page.texts["code-error"]
    assert len(event_data(client, "authentication.mfa_failed")) == 1
    browser.submit(code=code)
    assert browser.app is not None


def test_spent_step_is_refused(client: Client) -> None:
    browser, factor = at_challenge(client)
    code = totp(client, factor["totp"]["secret"])
    browser.submit(code=code)
    other = at_sign_in(client)
    enter_password(other)
    page = other.submit(code=code)
    assert (page.name, page.status) == ("mfa-verification", 400)
    other.submit(code=totp(client, factor["totp"]["secret"], 1))
    assert other.app is not None


def test_challenge_is_dead_after_too_many_tries(client: Client) -> None:
    browser, factor = at_challenge(client)
    code = totp(client, factor["totp"]["secret"])
    for _ in range(10):
        browser.submit(code=wrong(code))
    assert "Too many" in browser.submit(code=code).texts["code-error"]


def test_text_message_brings_the_code(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    enroll_sms(client, user["id"])
    browser = at_sign_in(client)
    assert enter_password(browser).name == "mfa-verification"
    assert len(messages(client, to=PHONE)) == 1
    page = browser.submit("resend")
    assert PHONE in page.texts["notice"]
    assert len(messages(client, to=PHONE)) == 2
    browser.submit(code=client.latest_message(PHONE)["code"])
    assert browser.app is not None


def test_older_text_message_is_refused_after_a_newer_one(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    enroll_sms(client, user["id"])
    browser = at_sign_in(client)
    enter_password(browser)
    code = client.latest_message(PHONE)["code"]
    browser.submit("resend")
    if code != client.latest_message(PHONE)["code"]:
        assert browser.submit(code=code).texts["code-error"]


def test_another_factor_can_be_chosen_and_the_first_again(client: Client) -> None:
    freeze_at(client, "2030-01-15T12:00:10.000Z")
    user = create_user(client, password=PASSWORD)
    first = enroll_totp(client, user["id"])["authentication_factor"]
    second = enroll_sms(client, user["id"])
    browser = at_sign_in(client)
    page = enter_password(browser)
    assert [id for id in page.elements if id.startswith("factor-")] == [f"factor-{second['id']}"]
    assert messages(client, to=PHONE) == []
    page = browser.submit(f"factor-{second['id']}")
    assert "text message" in page.texts["page-mfa-verification"]
    assert [id for id in page.elements if id.startswith("factor-")] == [f"factor-{first['id']}"]
    browser.submit(f"factor-{first['id']}")
    browser.submit(code=totp(client, first["totp"]["secret"]))
    assert browser.app is not None


def test_factor_of_another_user_is_no_choice(client: Client) -> None:
    browser, _ = at_challenge(client)
    grace = create_user(client, "grace@example.com")
    other = enroll_totp(client, grace["id"])["authentication_factor"]
    page = browser.post(f"{browser.base}/mfa/factor", {"csrf": browser.csrf, "factor_id": other["id"]})
    assert (page.name, page.status) == ("mfa-verification", 404)
    page = browser.submit(code=totp(client, other["totp"]["secret"]))
    assert page.status == 400


@pytest.mark.parametrize("setting", ["off", "enrolled"])
def test_user_without_a_factor_is_not_asked(client: Client, setting: str) -> None:
    client.change_settings(mfa=setting)
    create_user(client, password=PASSWORD)
    browser = at_sign_in(client)
    enter_password(browser)
    assert browser.app is not None


def test_enrolment_comes_after_verifying_the_address(client: Client) -> None:
    client.change_settings(mfa="required")
    create_user(client, password=PASSWORD, email_verified=False)
    browser = at_sign_in(client)
    assert enter_password(browser).name == "email-verification"
    assert browser.submit(code=client.latest_message(ADA)["code"]).name == "mfa-enrollment"
    browser.submit(code=totp(client, secret_of(browser)))
    assert browser.app is not None
