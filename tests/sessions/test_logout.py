"""`GET /user_management/sessions/logout`: a link without a key that ends a session and leads on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.builders import PASSWORD, claims, create_user, list_sessions, sign_in
from tests.conftest import Client


def session_id_of(client: Client) -> str:
    create_user(client, password=PASSWORD)
    session_id: str = claims(sign_in(client)["access_token"])["sid"]
    return session_id


def log_out(client: Client, accept: str = "*/*", **query: str) -> httpx.Response:
    url = "/user_management/sessions/logout"
    return client.keyless.get(url, params=query, headers={"accept": accept})


def live_sessions(client: Client) -> list[dict[str, Any]]:
    (user,) = client.get("/user_management/users").json()["data"]
    return list_sessions(client, user["id"])


def test_logout_ends_the_session_and_redirects(client: Client) -> None:
    client.change_settings(sign_out_redirects=["https://yourapp.com"])
    response = log_out(client, session_id=session_id_of(client), return_to="https://yourapp.com")
    assert response.status_code == 302
    assert response.headers["location"] == "https://yourapp.com"
    assert live_sessions(client) == []
    assert client.event_names()[-1] == "session.revoked"


@pytest.mark.parametrize(
    ("return_to", "is_allowed"),
    [
        ("https://yourapp.com", True),
        ("https://yourapp.com/other", False),
        ("https://pr-7.yourapp.com/bye", True),
        ("https://pr-7_b.yourapp.com/bye", True),
        ("https://pr-a.b.yourapp.com/bye", False),
        ("https://yourapp.com.evil.example", False),
        ("http://localhost:3000/bye", True),
        ("http://127.0.0.1/bye", True),
        ("http://localhost@evil.example/", False),
        ("javascript:alert(1)", False),
        ("//evil.example", False),
    ],
)
def test_return_to_must_be_listed_or_loopback(client: Client, return_to: str, is_allowed: bool) -> None:
    client.change_settings(sign_out_redirects=["https://yourapp.com", "https://pr-*.yourapp.com/bye"])
    response = log_out(client, session_id=session_id_of(client), return_to=return_to)
    assert response.status_code == 302
    assert response.headers["location"] == (return_to if is_allowed else "https://yourapp.com")
    assert live_sessions(client) == []


@pytest.mark.fault("B20")
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
@pytest.mark.parametrize("return_to", ["https://evil.example", "/", "signed-out", ""])
@pytest.mark.parametrize(
    ("settings", "default"),
    [
        ({"sign_out_redirects": ["https://app.example/bye"]}, "https://app.example/bye"),
        ({"sign_out_redirects": ["https://*.app.example"]}, "https://home.example"),
        ({}, "https://home.example"),
    ],
)
def test_return_to_that_is_not_allowed_leads_to_the_default(
    client: Client, settings: dict[str, Any], default: str, return_to: str, accept: str
) -> None:
    client.change_settings(app_homepage_url="https://home.example", **settings)
    response = log_out(client, accept, session_id=session_id_of(client), return_to=return_to)
    assert (response.status_code, response.headers["location"]) == (302, default)
    assert live_sessions(client) == []


@pytest.mark.fault("B20")
def test_log_says_how_to_allow_the_return_to(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.change_settings(app_homepage_url="https://home.example")
    with caplog.at_level("WARNING", "mockserver"):
        response = log_out(client, session_id=session_id_of(client), return_to="https://evil.example")
    assert response.status_code == 302
    assert any("allow 'https://evil.example' with --sign-out-uri" in message for message in caplog.messages)


def test_without_a_default_a_return_to_that_is_not_allowed_is_a_json_error(client: Client) -> None:
    response = log_out(client, session_id=session_id_of(client), return_to="https://evil.example")
    assert response.json()["code"] == "sign_out_redirect_not_allowed"
    assert "https://evil.example" in response.json()["message"]


def test_without_a_default_it_is_a_page_for_a_browser(client: Client) -> None:
    response = log_out(client, "text/html", session_id=session_id_of(client), return_to="https://evil.example/<b>")
    assert response.status_code == 400
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "https://evil.example/&lt;b&gt;" in response.text
    assert live_sessions(client) == []


def test_first_sign_out_redirect_without_a_wildcard_is_the_default(client: Client) -> None:
    client.change_settings(
        sign_out_redirects=["https://pr-*.yourapp.com", "https://yourapp.com"], app_homepage_url="https://home.example"
    )
    assert log_out(client, session_id=session_id_of(client)).headers["location"] == "https://yourapp.com"


def test_homepage_is_next(client: Client) -> None:
    client.change_settings(app_homepage_url="https://home.example")
    assert log_out(client, session_id=session_id_of(client)).headers["location"] == "https://home.example"


@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_page_of_our_own_is_last_and_says_what_is_missing(client: Client, accept: str) -> None:
    response = log_out(client, accept, session_id=session_id_of(client))
    assert response.status_code == 302
    assert response.headers["location"].endswith(f"/authkit/{client.client_id}/signed-out")
    page = client.keyless.get(response.headers["location"], headers={"accept": accept})
    assert page.status_code == 200
    assert "app_homepage_url" in page.text
    assert live_sessions(client) == []


def test_unknown_session_redirects_as_normal(client: Client) -> None:
    response = log_out(client, session_id="session_unknown", return_to="http://localhost:3000/")
    assert response.headers["location"] == "http://localhost:3000/"


def test_unknown_session_redirects_to_where_any_environment_allows(client: Client) -> None:
    host = client.client_id.lower().replace("_", "-")
    client.change_settings(sign_out_redirects=[f"https://{host}.example.com"])
    response = log_out(client, session_id="session_unknown", return_to=f"https://{host}.example.com")
    assert response.headers.get("location") == f"https://{host}.example.com"
    assert log_out(client, session_id="session_unknown", return_to="https://other.example.com").status_code == 400


def test_ended_session_redirects_as_normal_without_another_event(client: Client) -> None:
    session_id = session_id_of(client)
    for _ in range(2):
        response = log_out(client, session_id=session_id, return_to="http://localhost:3000/")
        assert response.headers["location"] == "http://localhost:3000/"
    assert client.event_names().count("session.revoked") == 1


@pytest.mark.parametrize("query", [{}, {"session_id": ""}])
def test_session_id_is_required(client: Client, query: dict[str, str]) -> None:
    response = log_out(client, return_to="http://localhost:3000/", **query)
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "session_id"


def test_session_id_that_two_environments_share_ends_in_neither(new_client: Callable[..., Client]) -> None:
    first = new_client()
    session_id = session_id_of(first)
    state = first.get("/_emulate/state").json()
    second = new_client(**state)
    response = log_out(first, session_id=session_id, return_to="http://localhost:3000/")
    assert response.status_code == 409
    assert response.json()["code"] == "session_id_shared"
    assert [session["id"] for session in live_sessions(first) + live_sessions(second)] == [session_id] * 2
