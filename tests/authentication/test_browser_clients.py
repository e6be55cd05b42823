"""Apps in a browser, as authkit-js calls outside its devMode: the refresh token stays in a cookie."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from http.cookies import Morsel, SimpleCookie
from typing import Any

import httpx
import pytest

from tests.builders import create_code, create_user, list_sessions, state
from tests.conftest import Client
from tests.organization_builders import add_member, create_organization

APP = "https://app.example.com"
OTHER = "https://other.example.com"
LOCAL = "http://localhost:3000"
VERIFIER = "a-verifier-of-at-least-forty-three-characters-1234"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
AUTHENTICATE = "/user_management/authenticate"
HAS_SESSION = "workos-has-session"


@pytest.fixture
def client(new_client: Callable[..., Client]) -> Client:
    return new_client(corsOrigins=[APP])


def call(client: Client, grant_type: str, origin: str = APP, **members: Any) -> httpx.Response:
    """What the page of a public client sends; the cookies are those of `client.keyless`."""
    body = {"client_id": client.client_id, "grant_type": grant_type, **members}
    return client.keyless.post(AUTHENTICATE, json=body, headers={"Origin": origin})


def refresh(client: Client, origin: str = APP, **members: Any) -> httpx.Response:
    return call(client, "refresh_token", origin, **members)


def sign_in(client: Client, **members: Any) -> httpx.Response:
    user = create_user(client)
    code = create_code(client, user, code_challenge=CHALLENGE)
    return call(client, "authorization_code", code=code, code_verifier=VERIFIER, **members).raise_for_status()


def token_cookie(client: Client) -> str:
    return f"workos-refresh-token-{hashlib.sha256(client.client_id.encode()).hexdigest()[:12]}"


def set_cookies(response: httpx.Response) -> dict[str, Morsel[str]]:
    return dict(SimpleCookie("\r\n".join(response.headers.get_list("set-cookie"))).items())


def test_sign_in_gives_the_browser_its_two_cookies(client: Client) -> None:
    response = sign_in(client)
    cookies = set_cookies(response)
    token, has_session = cookies[token_cookie(client)], cookies[HAS_SESSION]
    assert token.value == response.json()["refresh_token"]
    assert (token["path"], token["httponly"], token["samesite"]) == ("/user_management", True, "Lax")
    assert has_session.value == client.client_id
    assert (has_session["path"], has_session["httponly"], has_session["samesite"]) == ("/", "", "Lax")


def test_cookie_takes_the_place_of_the_refresh_token(client: Client) -> None:
    first = sign_in(client).json()
    second, third = refresh(client), refresh(client)
    tokens = [answer["refresh_token"] for answer in (first, second.json(), third.json())]
    assert len(set(tokens)) == 3
    assert second.headers["access-control-allow-origin"] == APP
    assert second.headers["access-control-allow-credentials"] == "true"
    assert second.headers["vary"] == "Origin"


def test_cookies_last_as_long_as_what_is_left_of_the_session(client: Client) -> None:
    client.put("/_emulate/clock", json={"frozen": True}).raise_for_status()
    client.change_settings(session_length=1000)
    assert {cookie["max-age"] for cookie in set_cookies(sign_in(client)).values()} == {"1000"}
    client.advance(400)
    assert {cookie["max-age"] for cookie in set_cookies(refresh(client)).values()} == {"600"}


def test_refresh_token_in_the_body_outweighs_the_cookie(client: Client) -> None:
    sign_in(client)
    response = refresh(client, refresh_token="unknown")
    assert response.status_code == 400
    assert response.json()["error_description"] == "Invalid refresh token."


def test_refresh_without_token_and_cookie_is_refused(client: Client) -> None:
    response = refresh(client)
    assert response.status_code == 400
    assert response.json() == {"error": "invalid_request", "error_description": "refresh_token is required."}
    assert "set-cookie" not in response.headers


def test_program_without_an_origin_needs_the_token_in_the_body(client: Client) -> None:
    sign_in(client)
    body = {"client_id": client.client_id, "grant_type": "refresh_token"}
    response = client.keyless.post(AUTHENTICATE, json=body)
    assert response.status_code == 400
    assert response.json()["error"] == "invalid_request"


def test_confidential_client_gets_no_cookies(client: Client) -> None:
    code = create_code(client, create_user(client))
    response = call(client, "authorization_code", code=code, client_secret=client.api_key)
    assert response.status_code == 200
    assert "set-cookie" not in response.headers


def test_clients_of_one_browser_keep_their_sessions_apart(new_client: Callable[..., Client]) -> None:
    first, second = new_client(corsOrigins=[APP]), new_client(corsOrigins=[APP])
    second.keyless = first.keyless
    sessions = [sign_in(each).json()["user"]["id"] for each in (first, second)]
    assert first.keyless.cookies[HAS_SESSION] == f"{first.client_id}.{second.client_id}"
    assert [refresh(each).json()["user"]["id"] for each in (first, second)] == sessions


def test_refused_refresh_clears_the_cookies_of_its_client_only(new_client: Callable[..., Client]) -> None:
    first, second = new_client(corsOrigins=[APP]), new_client(corsOrigins=[APP])
    second.keyless = first.keyless
    for each in (first, second):
        sign_in(each)
    first.change_settings(session_inactivity=60)
    first.advance(61)
    assert refresh(first).json() == {"error": "invalid_grant", "error_description": "Session has already ended."}
    assert token_cookie(first) not in first.keyless.cookies
    assert first.keyless.cookies[HAS_SESSION] == second.client_id
    assert refresh(second).status_code == 200


def test_expired_session_clears_both_cookies(client: Client) -> None:
    client.change_settings(session_length=1000)
    sign_in(client)
    client.advance(1001)
    assert refresh(client).status_code == 400
    assert dict(client.keyless.cookies) == {}


def test_refused_organization_keeps_the_session(client: Client) -> None:
    sign_in(client)
    assert refresh(client, organization_id="org_unknown").json()["error"] == "organization_not_found"
    assert refresh(client).status_code == 200


def test_cookie_switches_the_organization(client: Client) -> None:
    user = sign_in(client).json()["user"]
    organization = create_organization(client)
    add_member(client, user, organization)
    assert refresh(client, organization_id=organization["id"]).json()["organization_id"] == organization["id"]
    assert "organization_id" not in refresh(client).json()


@pytest.mark.fault("A3")
def test_page_of_no_registered_origin_exchanges_nothing(new_client: Callable[..., Client]) -> None:
    """A form's type needs no question of the browser before the call."""
    client = new_client()
    sign_in(client, origin=LOCAL)
    body = f'{{"client_id": "{client.client_id}", "grant_type": "refresh_token"}}'
    headers = {"Origin": OTHER, "Content-Type": "text/plain"}
    assert client.keyless.post(AUTHENTICATE, content=body, headers=headers).status_code == 403
    assert refresh(client, LOCAL).status_code == 200


@pytest.mark.fault("A3")
def test_log_says_how_to_register_an_origin(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    sign_in(client)
    with caplog.at_level("WARNING", "mockserver.requests"):
        refresh(client, OTHER)
    assert f"register '{OTHER}' with POST /user_management/cors_origins" in caplog.text


@pytest.mark.parametrize("origin", [OTHER, "null"])
def test_page_that_may_not_call_exchanges_nothing(client: Client, origin: str) -> None:
    sign_in(client)
    before = state(client, "refreshTokens")
    response = refresh(client, origin)
    assert response.status_code == 403
    assert response.json()["error"] == "access_denied"
    assert "access-control-allow-origin" not in response.headers
    assert state(client, "refreshTokens") == before
    assert refresh(client).status_code == 200


def test_page_that_may_not_call_gets_no_cookies(client: Client) -> None:
    assert "set-cookie" not in sign_in(client, origin=OTHER).headers


def test_preflight_lets_the_page_send_its_cookies(client: Client) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    response = client.keyless.options(AUTHENTICATE, headers={"Origin": APP, **asked})
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == APP
    assert response.headers["access-control-allow-credentials"] == "true"
    assert response.headers["vary"] == "Origin"


def log_out(client: Client, session_id: str) -> httpx.Response:
    return client.keyless.get("/user_management/sessions/logout", params={"session_id": session_id})


def test_logout_clears_both_cookies(client: Client) -> None:
    user = sign_in(client).json()["user"]
    (session,) = list_sessions(client, user["id"])
    assert log_out(client, session["id"]).status_code == 302
    assert dict(client.keyless.cookies) == {}


def test_logout_of_another_session_keeps_the_cookies(client: Client) -> None:
    sign_in(client)
    assert "set-cookie" not in log_out(client, "session_unknown").headers
    assert refresh(client).status_code == 200
