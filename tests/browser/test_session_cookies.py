"""An app without a server keeps its session in cookies of this server, as browser SDKs do outside development."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from mockserver.testing import MockServer
from tests.authentication.test_browser_clients import CHALLENGE, VERIFIER, token_cookie
from tests.browser.conftest import NewPage
from tests.builders import claims, create_code, create_user
from tests.conftest import Client

CALL = """async ([url, body]) => {
    const headers = { 'Content-Type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', credentials: 'include', headers, body: JSON.stringify(body) });
    return answer.json();
}"""
LOG_OUT = "url => fetch(url, { mode: 'no-cors', credentials: 'include' }).then(() => document.cookie)"


def authenticate(page: Page, client: Client, **members: str) -> dict[str, Any]:
    """As the page's script calls it, from an origin of its own."""
    url = f"{client.base_url}/user_management/authenticate"
    answer: dict[str, Any] = page.evaluate(CALL, [url, {"client_id": client.client_id, **members}])
    return answer


def test_session_outlives_the_page_and_ends_with_the_logout(new_page: NewPage, client: Client) -> None:
    user = create_user(client)
    code = create_code(client, user, code_challenge=CHALLENGE)
    with MockServer() as app:  # whatever serves the page; another port of localhost is another origin
        page = new_page(f"{app.url}/health")
        signed_in = authenticate(page, client, grant_type="authorization_code", code=code, code_verifier=VERIFIER)
        page.reload()
        assert page.evaluate("document.cookie") == f"workos-has-session={client.client_id}"
        refreshed = authenticate(page, client, grant_type="refresh_token")
        assert refreshed["user"]["id"] == user["id"]
        assert refreshed["refresh_token"] != signed_in["refresh_token"]
        kept = {
            cookie["name"]: cookie["value"] for cookie in page.context.cookies(f"{client.base_url}/user_management")
        }
        assert kept[token_cookie(client)] == refreshed["refresh_token"]
        session_id = claims(refreshed["access_token"])["sid"]
        url = f"{client.base_url}/user_management/sessions/logout?session_id={session_id}&return_to={app.url}/health"
        assert page.evaluate(LOG_OUT, url) == ""
        assert page.context.cookies() == []
