from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.conftest import Client, MockServer

# A value other than the default for each setting.
CHANGES: dict[str, Any] = {
    "email_verification": "off",
    "mfa": "required",
    "totp_reuse": "allow",
    "sign_up": "closed",
    "methods": ["password"],
    "password_policy": {"minimum_length": 8, "minimum_score": 1},
    "emails": {"password_reset": False},
    "authkit_pages": "never",
    "device_approval": "immediate",
    "one_click_sign_in": "off",
    "sign_in_endpoint": "https://app.example.com/sign-in",
    "redirect_uris": ["myapp://callback"],
    "sign_out_redirects": ["https://app.example.com"],
    "app_homepage_url": "https://app.example.com",
    "password_reset_url": "https://app.example.com/reset",
    "lifetimes": {
        "access_token": 60,
        "authorization_code": 61,
        "one_time_code": 62,
        "password_reset": 63,
        "pending_authentication": 64,
        "authorization_session": 65,
        "authentication_challenge": 66,
        "device_code": 67,
        "impersonation": 68,
    },
    "multiple_roles": "on",
    "domain_verification": "manual",
    "invitation_url": "https://app.example.com/invite",
    "session_inactivity": 3600,
    "session_length": 86400,
    "refresh_organization": "latest",
    "fixed_codes": {"*@example.com": "123456"},
    "jwt_issuer": "https://issuer.example.com",
    "events_order": "request",
    "oauth_tokens": "on",
    "mails_kept": 0,
    "events_kept": 100,
    "product_name": "Acme",
    "branding": {"logo": "data:image/png;base64,iVBORw0KGgo=", "color": "#0f766e"},
}


def refusal(client: Client, **settings: Any) -> str:
    """The message of a refused change, which has changed nothing."""
    before = client.get("/_emulate/settings").json()
    response = client.patch("/_emulate/settings", json=settings)
    assert (response.status_code, response.json()["code"]) == (422, "invalid_setting")
    assert client.get("/_emulate/settings").json() == before
    message: str = response.json()["message"]
    return message


def test_the_table_above_has_every_setting(client: Client) -> None:
    assert sorted(client.get("/_emulate/settings").json()) == sorted(CHANGES)


@pytest.mark.parametrize("name", CHANGES)
def test_a_setting_is_changed_and_the_others_stay(client: Client, name: str) -> None:
    before = client.get("/_emulate/settings").json()
    after = client.patch("/_emulate/settings", json={name: CHANGES[name]}).json()
    assert after == {**before, name: CHANGES[name]}
    assert after[name] != before[name]
    assert client.get("/_emulate/settings").json() == after


@pytest.mark.parametrize("name", CHANGES)
def test_fixtures_can_hold_every_setting(new_client: Any, name: str) -> None:
    client = new_client(settings={name: CHANGES[name]})
    assert client.get("/_emulate/settings").json()[name] == CHANGES[name]


def test_one_member_of_a_group_is_changed_and_the_others_stay(client: Client) -> None:
    settings = client.patch("/_emulate/settings", json={"lifetimes": {"access_token": 5}}).json()
    assert (settings["lifetimes"]["access_token"], settings["lifetimes"]["one_time_code"]) == (5, 600)


def test_a_colour_is_changed_and_the_logo_stays(client: Client) -> None:
    logo = "data:image/svg+xml;base64,PHN2Zy8+"
    client.change_settings(branding={"logo": logo})
    settings = client.patch("/_emulate/settings", json={"branding": {"color": "#0f766e"}}).json()
    assert settings["branding"] == {"logo": logo, "color": "#0f766e"}


def test_a_password_policy_that_is_off_can_be_turned_on_by_one_number(client: Client) -> None:
    client.change_settings(password_policy="off")
    settings = client.patch("/_emulate/settings", json={"password_policy": {"minimum_length": 8}}).json()
    assert settings["password_policy"] == {"minimum_length": 8, "minimum_score": 3}


def test_an_unknown_setting_is_refused_with_the_nearest_name(client: Client) -> None:
    assert refusal(client, email_verifications="off") == (
        "Unknown setting 'email_verifications'. Did you mean 'email_verification'?"
    )


def test_an_unknown_setting_like_no_other_is_refused_with_all_names(client: Client) -> None:
    assert "authkit_pages, branding, device_approval, domain_verification, email_verification" in refusal(client, xyz=1)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"mfa": "on"}, "Invalid setting 'mfa': expected one of 'enrolled', 'off', 'required', got 'on'."),
        ({"mfa": False}, "Invalid setting 'mfa': expected one of 'enrolled', 'off', 'required', got false."),
        ({"password_policy": "no"}, "Invalid setting 'password_policy': expected a mapping or 'off', got 'no'."),
        (
            {"session_length": "1d"},
            "Invalid setting 'session_length': expected a whole number from 1 to 315360000, got '1d'.",
        ),
        (
            {"session_length": 0},
            "Invalid setting 'session_length': expected a whole number from 1 to 315360000, got 0.",
        ),
        (
            {"session_length": None},
            "Invalid setting 'session_length': expected a whole number from 1 to 315360000, got null.",
        ),
        ({"product_name": ""}, "Invalid setting 'product_name': expected text of 1 to 80 characters, got ''."),
        ({"emails": {"magic_auth": "no"}}, "Invalid setting 'emails.magic_auth': expected true or false, got 'no'."),
        ({"emails": []}, "Invalid setting 'emails': expected a mapping, got []."),
        ({"methods": "password"}, "Invalid setting 'methods': expected a list, got 'password'."),
        (
            {"methods": ["passkey"]},
            "Invalid setting 'methods[0]': expected one of 'AppleOAuth', 'BitbucketOAuth', 'GitHubOAuth', "
            "'GitLabOAuth', 'GoogleOAuth', 'IntuitOAuth', 'LinkedInOAuth', 'MicrosoftOAuth', 'SalesforceOAuth', "
            "'SlackOAuth', 'VercelMarketplaceOAuth', 'VercelOAuth', 'XeroOAuth', 'magic_auth', 'password', "
            "'sso', got 'passkey'.",
        ),
        ({"redirect_uris": [1]}, "Invalid setting 'redirect_uris[0]': expected text, got 1."),
        ({"app_homepage_url": 1}, "Invalid setting 'app_homepage_url': expected text, got 1."),
        ({"branding": "red"}, "Invalid setting 'branding': expected a mapping, got 'red'."),
        (
            {"branding": {"color": "red"}},
            "Invalid setting 'branding.color': expected a colour as '#rrggbb' (in quotes), got 'red'.",
        ),
        (
            {"branding": {"color": "#4f46e5\n"}},
            "Invalid setting 'branding.color': expected a colour as '#rrggbb' (in quotes), got '#4f46e5\n'.",
        ),
        (
            {"branding": {"logo": "https://example.com/logo.png"}},
            "Invalid setting 'branding.logo': expected an image as 'data:image/png;base64,…' (or jpeg, gif, webp, "
            "svg+xml), got 'https://example.com/logo.png'.",
        ),
        (
            {"branding": {"logo": "data:text/html;base64," + "A" * 500}},
            "Invalid setting 'branding.logo': expected an image as 'data:image/png;base64,…' (or jpeg, gif, webp, "
            f"svg+xml), got 'data:text/html;base64,{'A' * 77}….",
        ),
        (
            {"lifetimes": {"acces_token": 1}},
            "Unknown setting 'lifetimes.acces_token'. Did you mean 'lifetimes.access_token'?",
        ),
        (
            {"password_policy": {"length": 1}},
            "Unknown setting 'password_policy.length'. Did you mean 'password_policy.minimum_length'?",
        ),
        (
            {"emails": {"newsletters": False}},
            "Unknown setting 'emails.newsletters'. Known settings: emails.email_change, emails.email_verification, "
            "emails.invitation, emails.magic_auth, emails.password_reset.",
        ),
        (
            {"fixed_codes": {"a@example.com": "1234"}},
            "Invalid setting 'fixed_codes.a@example.com': expected six digits as text (in quotes), got '1234'.",
        ),
        (
            {"fixed_codes": {"a@example.com": 123456}},
            "Invalid setting 'fixed_codes.a@example.com': expected six digits as text (in quotes), got 123456.",
        ),
    ],
)
def test_a_wrong_value_is_refused_with_what_was_expected(
    client: Client, settings: dict[str, Any], message: str
) -> None:
    assert refusal(client, **settings) == message


def test_of_several_settings_with_a_wrong_one_none_is_changed(client: Client) -> None:
    refusal(client, mfa="off", session_length=-1)


WRONG_ADDRESSES = {
    "javascript:alert(1)": "The scheme 'javascript' can't be redirected to.",
    "data:text/html,x": "The scheme 'data' can't be redirected to.",
    "https://a.example/\r\nX: y": "is not an absolute URI such as https://",
    "https://a.example/\x7f": "is not an absolute URI such as https://",
    "http://[": "is not an absolute URI such as https://",
    "/sign-in": "is not an absolute URI such as https://",
    "": "'' is not an absolute URI such as https://",
    "https:///x": "names no host.",
    "https://a.example:99999/": "has a port that is no number up to 65535.",
}


@pytest.mark.fault("A13")
@pytest.mark.parametrize("address", WRONG_ADDRESSES)
@pytest.mark.parametrize("name", ["sign_in_endpoint", "app_homepage_url", "password_reset_url", "invitation_url"])
def test_nobody_is_sent_to_a_wrong_address(client: Client, name: str, address: str) -> None:
    message = refusal(client, **{name: address})
    assert message.startswith(f"Invalid setting '{name}': ")
    assert WRONG_ADDRESSES[address] in message


@pytest.mark.fault("A13")
@pytest.mark.parametrize(
    "uri", [*WRONG_ADDRESSES, "https://*.com/", "https://a.*.example.com/", "https://u@a.example/"]
)
@pytest.mark.parametrize("name", ["redirect_uris", "sign_out_redirects"])
def test_lists_of_redirects_hold_what_can_be_registered(client: Client, name: str, uri: str) -> None:
    message = refusal(client, **{name: ["myapp://callback", uri]})
    assert message.startswith(f"Invalid setting '{name}[1]': ")


@pytest.mark.fault("A13")
def test_address_with_a_wildcard_leads_nowhere(client: Client) -> None:
    message = refusal(client, app_homepage_url="https://*.example.com/")
    assert message.endswith("'https://*.example.com/' has a '*' in its host, so it leads nowhere.")


@pytest.mark.fault("A13")
def test_address_may_have_what_a_redirect_uri_may_not(client: Client) -> None:
    client.change_settings(password_reset_url="https://me:secret@staging.example.com/#/reset")


@pytest.mark.fault("A13")
def test_fixtures_are_refused_for_a_wrong_address(server: MockServer) -> None:
    body = {"fixtures": {"settings": {"sign_in_endpoint": "javascript:alert(1)"}}}
    refused = httpx.post(f"{server.url}/_emulate/environments", json=body, verify=False)
    assert refused.status_code == 422
    assert "Invalid setting 'sign_in_endpoint': The scheme 'javascript'" in refused.json()["message"]
