from __future__ import annotations

import pytest

from tests.builders import event_data
from tests.conftest import Client
from tests.organization_builders import create_organization
from tests.sso_builders import CALLBACK, authorize_sso, create_acme, create_connection, exchange, save_profile


def profile_of(client: Client, **query: str) -> dict[str, str]:
    profile: dict[str, str] = exchange(client, authorize_sso(client, **query)["code"]).json()["profile"]
    return profile


def test_state_comes_back_with_a_code(client: Client) -> None:
    connection = create_connection(client)
    sent = authorize_sso(client, connection=connection["id"], state="a b&c")
    assert sent.keys() == {"code", "state"}
    assert sent["state"] == "a b&c"


def test_first_profile_of_the_connection_signs_in(client: Client) -> None:
    connection = create_connection(client)
    first = save_profile(client, connection, "ada@acme.test")
    save_profile(client, connection, "grace@acme.test")
    assert profile_of(client, connection=connection["id"])["id"] == first["id"]


def test_profile_of_the_login_hint_signs_in(client: Client) -> None:
    connection = create_connection(client)
    save_profile(client, connection, "ada@acme.test")
    second = save_profile(client, connection, "grace@acme.test")
    assert profile_of(client, connection=connection["id"], login_hint="Grace@acme.test")["id"] == second["id"]


def test_unknown_login_hint_becomes_a_profile(client: Client) -> None:
    connection = create_connection(client)
    first = profile_of(client, connection=connection["id"], login_hint="alan@acme.test")
    assert first["email"] == "alan@acme.test"
    assert profile_of(client, connection=connection["id"], login_hint="alan@acme.test") == first


def test_connection_without_profiles_makes_one_of_its_domain(client: Client) -> None:
    connection = create_connection(client, create_acme(client))
    assert profile_of(client, connection=connection["id"])["email"] == "user@acme.test"


def test_organization_names_its_connection(client: Client) -> None:
    acme = create_acme(client)
    connection = create_connection(client, acme)
    profile = profile_of(client, organization=acme["id"])
    assert (profile["connection_id"], profile["organization_id"]) == (connection["id"], acme["id"])


def test_provider_has_a_connection_without_an_organization(client: Client) -> None:
    first, second = (profile_of(client, provider="GoogleOAuth") for _ in range(2))
    assert first == second
    assert (first["connection_type"], first["organization_id"]) == ("GoogleOAuth", None)


@pytest.mark.parametrize("selector", ["connection", "organization"])
def test_validating_connection_is_active_after_its_first_sign_in(client: Client, selector: str) -> None:
    acme = create_acme(client)
    connection = create_connection(client, acme, state="validating")
    ids = {"connection": connection["id"], "organization": acme["id"]}
    authorize_sso(client, **{selector: ids[selector]})
    assert client.get(f"/connections/{connection['id']}").json()["state"] == "active"
    assert client.event_names().count("connection.activated") == 1


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({}, "invalid_connection_selector"),
        ({"connection": "conn_1", "organization": "org_1"}, "invalid_connection_selector"),
        ({"provider": "authkit"}, "invalid_connection_selector"),
        ({"connection": "conn_missing"}, "connection_invalid"),
        ({"organization": "org_missing"}, "organization_invalid"),
        ({"domain": "acme.test"}, "domain_connection_selector_not_allowed"),
        ({"provider": "GoogleOAuth", "code_challenge": "x"}, "invalid_request"),
        pytest.param(
            {"provider": "GoogleOAuth", "code_challenge": ""}, "invalid_request", marks=pytest.mark.fault("A16")
        ),
        ({"provider": "GoogleOAuth", "code_challenge": "x" * 43, "code_challenge_method": "plain"}, "invalid_request"),
    ],
    ids=str,
)
def test_app_is_told_what_is_wrong(client: Client, query: dict[str, str], error: str) -> None:
    sent = authorize_sso(client, **query, state="s")
    assert (sent["error"], sent["state"]) == (error, "s")
    assert sent["error_description"]


def test_organization_without_a_usable_connection_is_invalid(client: Client) -> None:
    organization = create_organization(client)
    create_connection(client, organization, state="inactive")
    sent = authorize_sso(client, organization=organization["id"])
    assert sent == {
        "error": "organization_invalid",
        "error_description": "No connection associated with organization.",
    }


def test_organization_with_two_connections_is_ambiguous(client: Client) -> None:
    organization = create_organization(client)
    for name in ("Okta", "Entra"):
        create_connection(client, organization, name=name)
    assert authorize_sso(client, organization=organization["id"])["error"] == "ambiguous_connection_selector"


def test_provider_with_two_connections_has_no_single_strategy(client: Client) -> None:
    for name in ("One", "Two"):
        create_connection(client, connection_type="GoogleOAuth", name=name)
    assert authorize_sso(client, provider="GoogleOAuth")["error"] == "connection_strategy_invalid"


@pytest.mark.parametrize("state", ["inactive", "draft"])
def test_connection_that_is_switched_off_is_unlinked(client: Client, state: str) -> None:
    connection = create_connection(client, state=state)
    assert authorize_sso(client, connection=connection["id"])["error"] == "connection_unlinked"


def test_profile_outside_the_verified_domains_is_refused_and_told_of(client: Client) -> None:
    connection = create_connection(client, create_acme(client))
    sent = authorize_sso(client, connection=connection["id"], login_hint="eve@other.test")
    assert sent["error"] == "profile_not_allowed_outside_organization"
    (failed,) = event_data(client, "authentication.sso_failed")
    assert failed["error"]["code"] == "profile_not_allowed_outside_organization"
    assert failed["email"] == "eve@other.test"


def test_organization_may_allow_profiles_from_outside(client: Client) -> None:
    acme = create_acme(client)
    client.put(f"/organizations/{acme['id']}", json={"allow_profiles_outside_organization": True}).raise_for_status()
    connection = create_connection(client, acme)
    assert profile_of(client, connection=connection["id"], login_hint="eve@other.test")["email"] == "eve@other.test"


def test_organization_without_verified_domains_refuses_nobody(client: Client) -> None:
    connection = create_connection(client, create_organization(client))
    assert profile_of(client, connection=connection["id"], login_hint="eve@other.test")


def test_events_of_a_sign_in_name_connection_and_organization_but_no_user(client: Client) -> None:
    acme = create_acme(client)
    connection = create_connection(client, acme)
    authorize_sso(client, connection=connection["id"], login_hint="ada@acme.test")
    base = {
        "type": "sso",
        "ip_address": None,
        "user_agent": None,
        "user_id": None,
        "email": "ada@acme.test",
        "sso": {"organization_id": acme["id"], "connection_id": connection["id"], "session_id": None},
    }
    assert event_data(client, "authentication.sso_started") == [{**base, "status": "started"}]
    assert event_data(client, "authentication.sso_succeeded") == [{**base, "status": "succeeded"}]
    query = {"events": "authentication.sso_succeeded", "organization_id": acme["id"]}
    assert len(client.get("/events", params=query).json()["data"]) == 1


def test_standalone_sso_makes_no_user(client: Client) -> None:
    profile_of(client, connection=create_connection(client)["id"])
    assert client.get("/user_management/users").json()["data"] == []


@pytest.mark.parametrize(
    "query",
    [
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": ""},
        {"response_type": "token"},
        {"client_id": ""},
        {"client_id": "client_of_nobody"},
    ],
    ids=str,
)
def test_request_that_nobody_vouches_for_is_no_redirect(client: Client, query: dict[str, str]) -> None:
    asked = {"client_id": client.client_id, "redirect_uri": CALLBACK, "response_type": "code", **query}
    response = client.keyless.get("/sso/authorize", params=asked)
    assert response.status_code == 400
    assert response.json()["message"]
    page = client.keyless.get("/sso/authorize", params=asked, headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (400, "text/html; charset=utf-8")
