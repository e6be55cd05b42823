"""A refusal as a page: it says what came, but no secret, and loads nothing from elsewhere."""

from __future__ import annotations

from typing import Any

import httpx

from tests.conftest import Client

REDIRECT_URI = "https://app.example.com/<b>"


def refused(client: Client, accept: str = "text/html", **query: Any) -> httpx.Response:
    known = {"client_id": client.client_id, "redirect_uri": REDIRECT_URI, "response_type": "code"}
    url = "/user_management/authorize"
    response = client.keyless.get(url, params={**known, "provider": "authkit", **query}, headers={"Accept": accept})
    assert response.status_code == 400
    return response


def test_the_page_says_what_was_sent(client: Client) -> None:
    text = refused(client, state="<script>").text
    assert "What was sent" in text
    assert f'<th scope="row">client_id</th><td>{client.client_id}</td>' in text
    assert '<th scope="row">redirect_uri</th><td>https://app.example.com/&lt;b&gt;</td>' in text
    assert '<th scope="row">state</th><td>&lt;script&gt;</td>' in text


def test_the_page_shows_no_secret(client: Client) -> None:
    secrets = ("client_secret", "code", "token", "password", "invitation_token", "access_token")
    text = refused(client, **dict.fromkeys(secrets, "s3cret")).text
    assert "s3cret" not in text
    for name in secrets:
        assert f'<th scope="row">{name}</th><td>…</td>' in text


def test_the_page_has_the_look_and_the_headers_of_hosted_pages(client: Client) -> None:
    response = refused(client)
    assert '<link rel="stylesheet" href="/authkit/static/authkit.css">' in response.text
    assert "<style" not in response.text
    assert response.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self';")
    assert "form-action" not in response.headers["content-security-policy"]
    assert response.headers["cache-control"] == "no-store"


def test_programs_get_json_without_what_they_sent(client: Client) -> None:
    assert refused(client, "*/*", state="abc").json().keys() == {"code", "message"}
