"""Which redirect URIs a sign-in may lead back to."""

from __future__ import annotations

import pytest

from tests.builders import create_user
from tests.conftest import Client


def leads_back(client: Client, redirect_uri: str) -> bool:
    """Whether authorize redirects there with a code; a refusal is JSON and leads nowhere."""
    query = {
        "client_id": client.client_id,
        "response_type": "code",
        "provider": "authkit",
        "redirect_uri": redirect_uri,
    }
    response = client.get("/user_management/authorize", params=query)
    if response.status_code == 302:
        assert response.headers["location"].startswith(redirect_uri)
        return True
    assert response.status_code == 400
    assert response.json()["code"] == "redirect_uri_invalid"
    assert "location" not in response.headers
    return False


def allow(client: Client, pattern: str) -> None:
    create_user(client)
    client.post("/user_management/redirect_uris", json={"uri": pattern}).raise_for_status()


@pytest.mark.parametrize(
    "uri",
    [
        "http://localhost:3000/callback",
        "http://localhost",
        "https://localhost/callback",
        "http://LOCALHOST:3000/",
        "http://127.0.0.1:8080/callback",
        "http://[::1]:3000/callback",
        "http://app.localhost:3000/callback",
        "http://a.b.LOCALHOST/callback",
    ],
)
def test_loopback_is_always_allowed(client: Client, uri: str) -> None:
    create_user(client)
    assert leads_back(client, uri)


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example.com/callback",
        "myapp://callback",
        "myapp://localhost/callback",
        "http://localhost.example.com/",
        "http://localhost@evil.example/",
        "http://evil.example\\@localhost/",
        "http://evil.example/@localhost/",
        "http://127.0.0.1.evil.example/",
        "//localhost/callback",
        "localhost:3000/callback",
        "javascript://localhost/%0aalert(1)",
    ],
)
def test_unregistered_address_is_refused(client: Client, uri: str) -> None:
    create_user(client)
    assert not leads_back(client, uri)


@pytest.mark.fault("A16")
@pytest.mark.parametrize(
    "uri",
    [
        "http://user@localhost:3000/",
        "http://user:password@127.0.0.1/",
        "http://@localhost/",
        "http://localhost:99999999/",
        "http://localhost:*/",
        "http://localhost:port/",
        "http://notlocalhost/",
    ],
)
def test_loopback_with_a_user_or_without_a_usable_port_is_refused(client: Client, uri: str) -> None:
    create_user(client)
    assert not leads_back(client, uri)


@pytest.mark.parametrize(
    ("registered", "asked", "is_allowed"),
    [
        ("https://app.example.com/callback", "https://app.example.com/callback", True),
        ("https://app.example.com/callback", "https://app.example.com/callback/", False),
        ("https://app.example.com/callback", "https://app.example.com/Callback", False),
        ("https://app.example.com/callback", "http://app.example.com/callback", False),
        ("https://app.example.com/callback", "https://app.example.com/callback?a=1", False),
        ("myapp://callback", "myapp://callback", True),
        ("myapp://callback", "myapp://callback2", False),
        ("com.example.app:/oauth", "com.example.app:/oauth", True),
    ],
)
def test_registered_uri_must_match_exactly(client: Client, registered: str, asked: str, is_allowed: bool) -> None:
    allow(client, registered)
    assert leads_back(client, asked) is is_allowed


@pytest.mark.parametrize(
    ("asked", "is_allowed"),
    [
        ("https://pr-1-x.example.com/callback", True),
        ("https://pr-A_b-2-x.example.com/callback", True),
        ("https://pr-1.2-x.example.com/callback", False),
        ("https://pr-1-y.example.com/callback", False),
        ("https://pr-1/@evil.example-x.example.com/callback", False),
        ("https://pr-*-x.example.com/callback", False),
        ("https://pr-1-x.example.com/callback/other", False),
        ("https://pr-1-x.example.com.evil.example/callback", False),
        ("https://pr-é-x.example.com/callback", False),
        ("http://pr-1-x.example.com/callback", False),
    ],
)
def test_wildcard_stands_for_a_part_of_one_label(client: Client, asked: str, is_allowed: bool) -> None:
    allow(client, "https://pr-*-x.example.com/callback")
    assert leads_back(client, asked) is is_allowed


def test_setting_allows_uris_beside_the_registered_ones(client: Client) -> None:
    client.change_settings(redirect_uris=["myapp://callback", "https://*.example.com/"])
    allow(client, "https://app.example.org/")
    for uri in ("myapp://callback", "https://a.example.com/", "https://app.example.org/"):
        assert leads_back(client, uri)


def test_deleted_uri_is_no_longer_allowed(client: Client) -> None:
    allow(client, "https://first.example.com/")
    response = client.post("/user_management/redirect_uris", json={"uri": "https://app.example.com/"})
    assert leads_back(client, "https://app.example.com/")
    client.delete(f"/user_management/redirect_uris/{response.json()['id']}").raise_for_status()
    assert not leads_back(client, "https://app.example.com/")


def test_location_is_encoded_where_it_is_not_ascii(client: Client) -> None:
    create_user(client)
    query = {"client_id": client.client_id, "response_type": "code", "provider": "authkit"}
    query["redirect_uri"] = "http://localhost:3000/grüße%2F😀?a=[b]"
    location = client.get("/user_management/authorize", params=query).headers["location"]
    assert location.startswith("http://localhost:3000/gr%C3%BC%C3%9Fe%2F%F0%9F%98%80?a=[b]&code=")
