"""`GET /user_management/authorize`: parameter checks, and the redirect back to the app."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.builders import create_user, event_data, list_sessions
from tests.conftest import Client

CALLBACK = "http://localhost:3000/callback"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def authorize(client: Client, accept: str = "*/*", **changes: Any) -> httpx.Response:
    """A right request with some parameters changed; None leaves one out. Sent without a key."""
    parameters = {
        "client_id": client.client_id,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "provider": "authkit",
        **changes,
    }
    sent = {name: value for name, value in parameters.items() if value is not None}
    return client.keyless.get("/user_management/authorize", params=sent, headers={"accept": accept})


def callback(response: httpx.Response) -> dict[str, str]:
    """The parameters that the app gets."""
    assert response.status_code == 302
    return {name: values[0] for name, values in parse_qs(urlsplit(response.headers["location"]).query).items()}


def signed_in(client: Client, **changes: Any) -> dict[str, Any]:
    """The answer to the code that the app gets."""
    code = callback(authorize(client, **changes))["code"]
    answer: dict[str, Any] = client.authenticate("authorization_code", code=code).raise_for_status().json()
    return answer


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"client_id": None}, "invalid_request", id="no client_id"),
        pytest.param({"client_id": ""}, "invalid_request", id="empty client_id"),
        pytest.param({"client_id": "client_unknown"}, "invalid_client", id="unknown client_id"),
        pytest.param({"redirect_uri": None}, "invalid_request", id="no redirect_uri"),
        pytest.param({"redirect_uri": "https://app.example.com/cb"}, "redirect_uri_invalid", id="unregistered"),
        pytest.param({"redirect_uri": "myapp://callback"}, "redirect_uri_invalid", id="unregistered scheme"),
        pytest.param({"redirect_uri": "/callback"}, "redirect_uri_invalid", id="relative"),
        pytest.param({"redirect_uri": "http://localhost.example.com/"}, "redirect_uri_invalid", id="not loopback"),
        pytest.param({"response_type": None}, "invalid_request", id="no response_type"),
        pytest.param({"response_type": "token"}, "invalid_request", id="another response_type"),
    ],
)
@pytest.mark.parametrize("accept", ["*/*", "text/html,application/xhtml+xml"])
def test_error_of_the_app_itself_never_redirects(
    client: Client, accept: str, changes: dict[str, str | None], code: str
) -> None:
    create_user(client)
    response = authorize(client, accept, **changes)
    assert response.status_code == 400
    if "html" in accept:
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        assert code in response.text
    else:
        assert response.json()["code"] == code
        assert response.json()["message"]


def test_state_is_echoed(client: Client) -> None:
    state = 'a b+c&d=é"/?#%'
    assert callback(authorize(client, state=state))["state"] == state


def test_no_state_is_made_up(client: Client) -> None:
    assert set(callback(authorize(client))) == {"code"}


def test_code_is_a_ulid(client: Client) -> None:
    code = callback(authorize(client))["code"]
    assert len(code) == 26
    assert code.isalnum()


def test_query_of_the_redirect_uri_is_kept(client: Client) -> None:
    parameters = callback(authorize(client, redirect_uri=f"{CALLBACK}?next=%2Fhome", state="s"))
    assert set(parameters) == {"next", "code", "state"}
    assert parameters["next"] == "/home"


@pytest.mark.parametrize(
    "uri", ["http://127.0.0.1:8080/cb", "http://[::1]:3000/cb", "https://localhost/cb", "http://localhost:65535/"]
)
def test_loopback_is_always_allowed(client: Client, uri: str) -> None:
    assert authorize(client, redirect_uri=uri).headers["location"].startswith(f"{uri}?code=")


@pytest.mark.parametrize("uri", ["myapp://callback", "com.example.app:/callback", "https://app.example.com/callback"])
def test_registered_uri_is_allowed(client: Client, uri: str) -> None:
    client.post("/user_management/redirect_uris", json={"uri": uri}).raise_for_status()
    assert authorize(client, redirect_uri=uri).headers["location"].startswith(f"{uri}?code=")


def test_setting_redirect_uris_allows_wildcards(client: Client) -> None:
    client.change_settings(redirect_uris=["https://pr-*.example.com/cb"])
    assert authorize(client, redirect_uri="https://pr-7.example.com/cb").status_code == 302
    assert authorize(client, redirect_uri="https://pr-7.x.example.com/cb").status_code == 400


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"provider": None}, "invalid_connection_selector"),
        ({"provider": "MySpaceOAuth"}, "invalid_connection_selector"),
        ({"provider": None, "connection_id": "conn_unknown"}, "connection_invalid"),
        ({"organization_id": "org_unknown"}, "organization_invalid"),
        ({"code_challenge": CHALLENGE}, "invalid_request"),
        pytest.param({"code_challenge": ""}, "invalid_request", marks=pytest.mark.fault("A16")),
        pytest.param(
            {"code_challenge": "", "code_challenge_method": "S256"}, "invalid_request", marks=pytest.mark.fault("A16")
        ),
        ({"code_challenge": CHALLENGE, "code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "too-short", "code_challenge_method": "S256"}, "invalid_request"),
        ({"invitation_token": "unknown"}, "invitation_invalid"),
    ],
)
def test_other_errors_reach_the_app_with_its_state(client: Client, changes: dict[str, str | None], error: str) -> None:
    parameters = callback(authorize(client, state="s", **changes))
    assert set(parameters) == {"error", "error_description", "state"}
    assert (parameters["error"], parameters["state"]) == (error, "s")
    assert client.event_names() == []


@pytest.mark.parametrize(
    "provider",
    [
        "AppleOAuth",
        "BitbucketOAuth",
        "GitHubOAuth",
        "GitLabOAuth",
        "GoogleOAuth",
        "IntuitOAuth",
        "LinkedInOAuth",
        "MicrosoftOAuth",
        "SalesforceOAuth",
        "SlackOAuth",
        "VercelMarketplaceOAuth",
        "VercelOAuth",
        "XeroOAuth",
    ],
)
def test_provider_is_the_method_of_the_sign_in(client: Client, provider: str) -> None:
    assert signed_in(client, provider=provider)["authentication_method"] == provider


def test_authkit_signs_in_by_password(client: Client) -> None:
    user = create_user(client)
    assert signed_in(client)["authentication_method"] == "Password"
    assert list_sessions(client, user["id"])[0]["auth_method"] == "password"


def test_pkce_code_needs_its_verifier(client: Client) -> None:
    code = callback(authorize(client, code_challenge=CHALLENGE, code_challenge_method="S256"))["code"]
    members = {"client_id": client.client_id, "grant_type": "authorization_code", "code": code}
    url = "/user_management/authenticate"
    assert client.keyless.post(url, json={**members, "code_verifier": "x" * 43}).json()["error"] == "invalid_grant"
    assert client.keyless.post(url, json={**members, "code_verifier": VERIFIER}).status_code == 200


def test_login_hint_names_the_user(client: Client) -> None:
    create_user(client, "ada@example.com")
    bob = create_user(client, "bob@example.com")
    assert signed_in(client, login_hint="BOB@example.com")["user"]["id"] == bob["id"]


def test_unknown_login_hint_signs_up(client: Client) -> None:
    create_user(client)
    user = signed_in(client, login_hint="new@example.com")["user"]
    assert (user["email"], user["email_verified"]) == ("new@example.com", True)
    assert client.event_names()[1:] == ["user.created", "authentication.password_succeeded", "session.created"]


@pytest.mark.parametrize("hint", ["ada", "not an address", "", None])
def test_first_user_signs_in_without_a_usable_hint(client: Client, hint: str | None) -> None:
    first = create_user(client, "ada@example.com")
    create_user(client, "bob@example.com")
    assert signed_in(client, login_hint=hint)["user"]["id"] == first["id"]


def test_newcomer_signs_in_where_nobody_is(client: Client) -> None:
    assert signed_in(client)["user"]["email"] == "user@example.com"
    assert [user["email"] for user in event_data(client, "user.created")] == ["user@example.com"]


def test_unverified_user_is_vouched_for(client: Client) -> None:
    create_user(client, email_verified=False)
    assert signed_in(client)["user"]["email_verified"] is True


@pytest.mark.parametrize("hint", [None, "new@example.com"])
def test_closed_sign_up_admits_nobody_new(client: Client, hint: str | None) -> None:
    client.change_settings(sign_up="closed")
    parameters = callback(authorize(client, login_hint=hint, state="s"))
    assert (parameters["error"], parameters["state"]) == ("access_denied", "s")
    assert client.event_names() == []


def test_closed_sign_up_admits_those_who_are_there(client: Client) -> None:
    client.change_settings(sign_up="closed")
    user = create_user(client)
    assert signed_in(client)["user"]["id"] == user["id"]


def test_code_is_single_use(client: Client) -> None:
    code = callback(authorize(client))["code"]
    assert client.authenticate("authorization_code", code=code).status_code == 200
    assert client.authenticate("authorization_code", code=code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(("seconds", "status"), [(590, 200), (600, 400)])
def test_code_is_valid_for_ten_minutes(client: Client, seconds: int, status: int) -> None:
    code = callback(authorize(client))["code"]
    client.advance(seconds)
    assert client.authenticate("authorization_code", code=code).status_code == status


@pytest.mark.parametrize(
    ("setting", "accept", "leads_to_a_page"),
    [
        ("negotiate", "text/html,application/xhtml+xml", True),
        ("negotiate", "*/*", False),
        ("always", "text/html", True),
        ("always", "*/*", True),
        ("never", "text/html,application/xhtml+xml", False),
        ("never", "*/*", False),
    ],
)
def test_browser_is_led_to_a_page_unless_the_setting_says_otherwise(
    client: Client, setting: str, accept: str, leads_to_a_page: bool
) -> None:
    client.change_settings(authkit_pages=setting)
    response = authorize(client, accept)
    if not leads_to_a_page:
        assert "code" in callback(response)
        return
    assert response.status_code == 302
    assert re.fullmatch(f"/authkit/{client.client_id}/[0-9A-Z]{{26}}/sign-in", response.headers["location"])
    assert client.event_names() == []


def test_parameters_for_hosted_pages_are_ignored(client: Client) -> None:
    ignored = {
        "screen_hint": "sign-up",
        "prompt": "login",
        "max_age": "0",
        "domain_hint": "example.com",
        "nonce": "n",
        "provider_scopes": "a,b",
        "provider_query_params[k]": "v",
        "claim_nonce": "c",
    }
    assert authorize(client, **ignored).status_code == 302
