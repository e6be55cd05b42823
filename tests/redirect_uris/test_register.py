"""Redirect URIs are registered, listed and deleted."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.conftest import Client

URIS = "/user_management/redirect_uris"
CALLBACK = "https://app.example.com/callback"


def register(client: Client, uri: str = CALLBACK) -> httpx.Response:
    return client.post(URIS, json={"uri": uri})


def registered(client: Client, uri: str = CALLBACK) -> dict[str, Any]:
    redirect_uri: dict[str, Any] = register(client, uri).raise_for_status().json()
    return redirect_uri


def test_registered_uri_is_shown_and_listed(client: Client) -> None:
    response = register(client)
    assert response.status_code == 201
    uri = response.json()
    assert uri["id"].startswith("redir_")
    assert uri == {
        "object": "redirect_uri",
        "id": uri["id"],
        "uri": CALLBACK,
        "default": True,
        "created_at": uri["created_at"],
        "updated_at": uri["created_at"],
    }
    assert client.get(URIS).json()["data"] == [uri]


def test_newest_uri_is_listed_first_and_pages_follow(client: Client) -> None:
    a, b, c = (registered(client, f"https://{name}.example.com/") for name in "abc")
    first = client.get(URIS, params={"limit": 2}).json()
    assert first == {"object": "list", "data": [c, b], "list_metadata": {"before": None, "after": b["id"]}}
    assert client.get(URIS, params={"limit": 2, "after": b["id"]}).json()["data"] == [a]


def test_only_the_first_uri_is_the_default(client: Client) -> None:
    assert registered(client)["default"] is True
    assert registered(client, "https://other.example.com/")["default"] is False


def test_wildcard_is_never_the_default(client: Client) -> None:
    assert registered(client, "https://*.example.com/")["default"] is False
    assert registered(client)["default"] is True


def test_second_registration_of_a_uri_is_refused(client: Client) -> None:
    register(client)
    response = register(client)
    assert response.status_code == 422
    assert response.json() == {"message": f"Redirect URI '{CALLBACK}' already exists."}


def test_deleted_uri_is_gone_and_may_be_registered_again(client: Client) -> None:
    register(client)
    uri = registered(client, "https://other.example.com/")
    response = client.delete(f"{URIS}/{uri['id']}")
    assert response.status_code == 204
    assert response.content == b""
    assert client.delete(f"{URIS}/{uri['id']}").status_code == 404
    assert registered(client, "https://other.example.com/")["id"] != uri["id"]


def test_default_uri_cannot_be_deleted(client: Client) -> None:
    uri = registered(client)
    response = client.delete(f"{URIS}/{uri['id']}")
    assert response.status_code == 409
    assert response.json() == {"message": "Cannot delete the default redirect URI."}
    assert client.get(URIS).json()["data"] == [uri]


def test_deleting_a_missing_uri_names_it(client: Client) -> None:
    response = client.delete(f"{URIS}/redir_x")
    assert response.status_code == 404
    assert response.json() == {
        "code": "entity_not_found",
        "message": "Redirect URI not found: 'redir_x'.",
        "entity_id": "redir_x",
    }


def test_registering_causes_no_event(client: Client) -> None:
    uri = registered(client, "https://*.example.com/")
    client.delete(f"{URIS}/{uri['id']}").raise_for_status()
    assert client.event_names() == []


@pytest.mark.parametrize("body", [{}, {"uri": ""}, {"uri": None}, {"uri": 7}, {"url": CALLBACK}])
def test_uri_is_required(client: Client, body: dict[str, Any]) -> None:
    response = client.post(URIS, json=body)
    assert response.status_code == 422
    assert response.json()["errors"][0]["code"] == "uri_string_required"


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example.com",
        "http://app.example.com:8080/callback",
        "https://app.example.com/callback?tenant=a",
        "http://localhost:3000/callback",
        "http://127.0.0.1/callback",
        "http://[::1]:3000/callback",
        "myapp://callback",
        "com.example.app:/oauth",
        "https://*.example.com/callback",
        "https://pr-*-x.example.com:8443/callback",
        "https://*.app.example.co.uk/",
        "http://localhost:*/callback",
        "http://LOCALHOST:*/callback",
        "http://127.0.0.1:*/callback",
        "http://[::1]:*/callback",
    ],
)
def test_absolute_uri_is_accepted(client: Client, uri: str) -> None:
    assert registered(client, uri)["uri"] == uri


@pytest.mark.parametrize(
    "uri",
    [
        "callback",
        "/callback",
        "//app.example.com/callback",
        "https://",
        "https:///callback",
        "https://:443/callback",
        "https:app.example.com",
        "myapp:",
        "https://app.example.com:port/",
        "https://app.example.com:65536/",
        "https://app.example.com:" + "9" * 5000,
        "https://[::1",
        "https://app.example.com/#fragment",
        "https://app.example.com/a b",
        "https://app.example.com/\nx",
        "https://app.example.com/\x00",
        "https://evil.example\\@localhost/",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
    ],
)
def test_malformed_uri_is_refused(client: Client, uri: str) -> None:
    response = register(client, uri)
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert (error["field"], error["code"]) == ("uri", "uri_invalid")


@pytest.mark.parametrize(
    "uri",
    [
        pytest.param("https://*.*.example.com/", id="two"),
        pytest.param("https://a.*.example.com/", id="not left-most"),
        pytest.param("https://app.example.com/*", id="path"),
        pytest.param("https://app.example.com/?a=*", id="query"),
        pytest.param("https://app.example.com:*/", id="port"),
        pytest.param("https://*@app.example.com/", id="user"),
        pytest.param("https://*/", id="whole host"),
        pytest.param("https://*.com/", id="top-level domain"),
        pytest.param("https://*.CO.UK/", id="public suffix of two labels"),
        pytest.param("https://*.github.io/", id="private public suffix"),
        pytest.param("https://pr-*.vercel.app/", id="with a prefix before a public suffix"),
        pytest.param("https://*..com/", id="empty label"),
        pytest.param("*://app.example.com/", id="scheme"),
    ],
)
def test_wildcard_elsewhere_is_refused(client: Client, uri: str) -> None:
    response = register(client, uri)
    assert response.status_code == 422
    assert response.json()["errors"][0]["code"] == "uri_invalid"
