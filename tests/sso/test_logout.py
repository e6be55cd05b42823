from __future__ import annotations

import pytest

from tests.conftest import Client
from tests.sso_builders import create_connection, save_profile


def logout_url(client: Client) -> str:
    connection = create_connection(client, connection_type="GenericOIDC")
    profile = save_profile(client, connection, "ada@acme.test")
    answer = client.post("/sso/logout/authorize", json={"profile_id": profile["id"]}).raise_for_status().json()
    assert answer["logout_url"].endswith(f"/sso/logout?token={answer['logout_token']}")
    return str(answer["logout_url"])


def test_logout_leads_to_the_homepage_of_the_app(client: Client) -> None:
    client.change_settings(app_homepage_url="https://app.example/")
    response = client.keyless.get(logout_url(client))
    assert (response.status_code, response.headers["location"]) == (302, "https://app.example/")


def test_logout_leads_to_the_default_sign_out_redirect_first(client: Client) -> None:
    client.change_settings(
        app_homepage_url="https://app.example/", sign_out_redirects=["https://*.sso.example", "https://app.example/bye"]
    )
    assert client.keyless.get(logout_url(client)).headers["location"] == "https://app.example/bye"


def test_token_is_good_once(client: Client) -> None:
    url = logout_url(client)
    client.keyless.get(url)
    assert client.keyless.get(url).status_code == 404


def test_token_is_short_lived(client: Client) -> None:
    url = logout_url(client)
    client.advance(601)
    assert client.keyless.get(url).status_code == 404


@pytest.mark.parametrize("query", [{}, {"token": "unknown"}], ids=str)
def test_unknown_token_leads_nowhere(client: Client, query: dict[str, str]) -> None:
    assert client.keyless.get("/sso/logout", params=query).status_code == 404


def test_other_connections_cannot_log_out(client: Client) -> None:
    profile = save_profile(client, create_connection(client), "ada@acme.test")
    response = client.post("/sso/logout/authorize", json={"profile_id": profile["id"]})
    assert response.status_code == 400
    assert response.json() == {
        "error": "connection_invalid",
        "error_description": "Single Logout is only supported for GenericOIDC connections.",
    }
