"""Connected accounts of a user, and the providers there are"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.answers import invalid, not_found
from tests.builders import event_data, state
from tests.conftest import Client
from tests.organization_builders import create_organization

USER = {"id": "user_1", "email": "ada@example.com"}
GITHUB = {"id": "data_integration_1", "slug": "github", "name": "GitHub", "scopes": ["repo"]}
ACCOUNT = "/user_management/users/user_1/connected_accounts/github"
TOKENS = {"access_token": "gho_1", "refresh_token": "ghr_1", "expires_at": "2090-01-01T00:00:00Z"}


@pytest.fixture
def client(new_client: Callable[..., Client]) -> Client:
    """Knows `user_1` and the integration `github`."""
    return new_client(users=[USER], dataIntegrations=[GITHUB])


def connect(client: Client, organization_id: str | None = None, **members: Any) -> dict[str, Any]:
    response = client.post(ACCOUNT, params=of(organization_id), json={**TOKENS, **members})
    account: dict[str, Any] = response.raise_for_status().json()
    return account


def of(organization_id: str | None) -> dict[str, str]:
    return {} if organization_id is None else {"organization_id": organization_id}


def providers(client: Client, **query: str) -> list[dict[str, Any]]:
    answer = client.get("/user_management/users/user_1/data_providers", params=query).raise_for_status().json()
    assert answer["object"] == "list"
    data: list[dict[str, Any]] = answer["data"]
    return data


def test_account_is_connected_without_showing_its_tokens(client: Client) -> None:
    response = client.post(ACCOUNT, json=TOKENS)
    account = response.json()
    assert response.status_code == 201
    assert account == {
        "object": "connected_account",
        "id": account["id"],
        "user_id": "user_1",
        "organization_id": None,
        "scopes": ["repo"],
        "auth_method": "oauth",
        "connection_role": "compatibility",
        "account_identifier": None,
        "account_display_name": None,
        "state": "connected",
        "created_at": account["created_at"],
        "updated_at": account["created_at"],
    }
    assert client.get(ACCOUNT).json() == account


def test_account_is_of_one_organization_or_of_none(client: Client) -> None:
    organization_id = create_organization(client)["id"]
    personal, working = connect(client), connect(client, organization_id, scopes=["gist"])
    assert client.get(ACCOUNT).json() == personal
    assert client.get(ACCOUNT, params=of(organization_id)).json() == working
    assert (working["organization_id"], working["scopes"]) == (organization_id, ["gist"])


def test_account_is_changed(client: Client) -> None:
    account = connect(client)
    changed = client.put(ACCOUNT, json={"scopes": [], "state": "needs_reauthorization"}).json()
    assert changed == {
        **account,
        "scopes": [],
        "state": "needs_reauthorization",
        "updated_at": changed["updated_at"],
    }
    assert client.get(ACCOUNT).json() == changed


def test_disconnected_account_is_gone(client: Client) -> None:
    connect(client)
    response = client.delete(ACCOUNT)
    assert (response.status_code, response.content) == (204, b"")
    assert client.get(ACCOUNT).status_code == 404


def test_life_of_an_account_is_told(client: Client) -> None:
    account = connect(client)
    client.put(ACCOUNT, json={"access_token": "gho_2"}).raise_for_status()
    client.put(ACCOUNT, json={"state": "needs_reauthorization"}).raise_for_status()
    client.put(ACCOUNT, json={"state": "connected"}).raise_for_status()
    client.delete(ACCOUNT).raise_for_status()
    family = "pipes.connected_account"
    names = ["connected", "reauthorization_needed", "connected", "disconnected"]
    assert client.event_names() == [f"{family}.{name}" for name in names]
    rest_only = ("auth_method", "connection_role", "account_identifier", "account_display_name")
    expected = {name: value for name, value in account.items() if name not in rest_only}
    assert event_data(client, f"{family}.connected")[0] == {
        **expected,
        "data_integration_id": "data_integration_1",
        "provider_slug": "github",
    }


def test_second_account_is_refused(client: Client) -> None:
    connect(client)
    response = client.post(ACCOUNT, json=TOKENS)
    assert response.status_code == 409
    assert response.json() == {
        "message": "A connected account already exists for this user, integration and organization."
    }


EXPIRED = {"access_token": "gho_1", "expires_at": "2020-01-01T00:00:00Z"}


@pytest.mark.fault("B14")
@pytest.mark.parametrize(
    ("members", "expected"),
    [
        (EXPIRED, "needs_reauthorization"),
        ({**EXPIRED, "refresh_token": "ghr_1"}, "connected"),
        ({**EXPIRED, "state": "connected"}, "connected"),
        ({"access_token": "gho_1"}, "connected"),
        ({"state": "needs_reauthorization"}, "needs_reauthorization"),
    ],
)
def test_state_follows_from_the_tokens_unless_it_is_given(
    client: Client, members: dict[str, str], expected: str
) -> None:
    response = client.post(ACCOUNT, json=members)
    assert (response.status_code, response.json()["state"]) == (201, expected)


@pytest.mark.fault("B14")
def test_changed_tokens_change_the_state(client: Client) -> None:
    client.post(ACCOUNT, json={"access_token": "gho_1"}).raise_for_status()
    assert client.put(ACCOUNT, json=EXPIRED).json()["state"] == "needs_reauthorization"
    assert client.put(ACCOUNT, json={"scopes": ["gist"]}).json()["state"] == "needs_reauthorization"
    assert client.put(ACCOUNT, json=TOKENS).json()["state"] == "connected"
    names = ["connected", "reauthorization_needed", "connected"]
    assert client.event_names() == [f"pipes.connected_account.{name}" for name in names]


@pytest.mark.fault("B14")
@pytest.mark.parametrize("members", [{}, {"scopes": ["repo"]}])
def test_account_needs_a_token_or_a_state(client: Client, members: dict[str, Any]) -> None:
    response = client.post(ACCOUNT, json=members)
    assert (response.status_code, response.json()) == (422, {"message": "The token combination is invalid."})
    assert client.get(ACCOUNT).status_code == 404


@pytest.mark.parametrize("members", [{"refresh_token": "ghr_1"}, {"expires_at": "2090-01-01T00:00:00Z"}])
def test_refresh_token_and_expiry_need_an_access_token(client: Client, members: dict[str, str]) -> None:
    response = client.post(ACCOUNT, json=members)
    message = "Access Token must be sent along with a refresh token or an expiry."
    assert response.status_code == 422
    assert response.json() == invalid("access_token", "access_token_string_required", message)


def test_expiry_must_be_a_moment(client: Client) -> None:
    response = client.post(ACCOUNT, json={**TOKENS, "expires_at": "soon"})
    message = "Expires At must be an ISO 8601 moment, for example 2026-01-15T12:00:00.000Z."
    assert response.status_code == 422
    assert response.json() == invalid("expires_at", "expires_at_invalid", message)


@pytest.mark.parametrize("members", [{"enabled": False}, {"state": "invalid"}])
def test_integration_that_is_not_usable_takes_no_account(
    new_client: Callable[..., Client], members: dict[str, Any]
) -> None:
    client = new_client(users=[USER], dataIntegrations=[{**GITHUB, **members}])
    response = client.post(ACCOUNT, json=TOKENS)
    assert response.status_code == 422
    assert response.json() == {"message": "The data integration is not in a valid state."}


def answers(client: Client, path: str, **query: str) -> list[httpx.Response]:
    body = {"GET": {}, "POST": {"json": TOKENS}, "PUT": {"json": TOKENS}, "DELETE": {}}
    return [client.request(method, path, params=query, **members) for method, members in body.items()]


def test_unknown_user_is_not_found(client: Client) -> None:
    found = answers(client, "/user_management/users/user_2/connected_accounts/github")
    found.append(client.get("/user_management/users/user_2/data_providers"))
    assert [response.status_code for response in found] == [404] * 5
    assert [response.json() for response in found] == [not_found("User", "user_2")] * 5


def test_unknown_organization_is_not_found(client: Client) -> None:
    found = answers(client, ACCOUNT, organization_id="org_1")
    found.append(client.get("/user_management/users/user_1/data_providers", params={"organization_id": "org_1"}))
    assert [response.status_code for response in found] == [404] * 5
    assert [response.json() for response in found] == [not_found("Organization", "org_1")] * 5


def test_account_that_was_never_connected_is_not_found(client: Client) -> None:
    found = [client.get(ACCOUNT), client.put(ACCOUNT, json={}), client.delete(ACCOUNT)]
    assert [response.status_code for response in found] == [404] * 3
    assert [response.json() for response in found] == [not_found("Connected Account", "github")] * 3


def test_unknown_integration_is_not_found(client: Client) -> None:
    response = client.post("/user_management/users/user_1/connected_accounts/slack", json=TOKENS)
    assert response.status_code == 404
    assert response.json() == not_found("Data Integration", "slack")


def test_providers_show_the_account_or_null(client: Client) -> None:
    organization_id = create_organization(client)["id"]
    account = connect(client)
    (provider,) = providers(client)
    (elsewhere,) = providers(client, organization_id=organization_id)
    moments = {"createdAt": account["created_at"], "updatedAt": account["updated_at"]}
    assert provider["connected_account"] == {
        **account,
        "userlandUserId": "user_1",
        "organizationId": None,
        **moments,
    }
    assert provider["connected_accounts"] == [provider["connected_account"]]
    assert elsewhere == {**provider, "connected_account": None, "connected_accounts": []}
    assert (provider["slug"], provider["name"], provider["scopes"]) == ("github", "GitHub", ["repo"])


def test_disabled_integration_is_no_provider(new_client: Callable[..., Client]) -> None:
    assert providers(new_client(users=[USER], dataIntegrations=[{**GITHUB, "enabled": False}])) == []


def test_accounts_go_with_their_user(client: Client) -> None:
    connect(client)
    client.delete("/user_management/users/user_1").raise_for_status()
    assert state(client, "connectedAccounts") == []


def test_fixture_of_an_account_brings_its_integration(new_client: Callable[..., Client]) -> None:
    account = {"email": "ada@example.com", "provider": "github", "scopes": ["repo"], "state": "needs_reauthorization"}
    client = new_client(users=[USER], connectedAccounts=[account])
    shown = client.get(ACCOUNT).json()
    assert (shown["scopes"], shown["state"]) == (["repo"], "needs_reauthorization")
    assert [provider["name"] for provider in providers(client)] == ["Github"]


def test_state_loads_back(client: Client, new_client: Callable[..., Client]) -> None:
    connect(client)
    copy = new_client(**client.get("/_emulate/state").json())
    for collection in ("dataIntegrations", "connectedAccounts"):
        assert state(copy, collection) == state(client, collection) != []
    assert copy.get(ACCOUNT).json() == client.get(ACCOUNT).json()


@pytest.mark.parametrize(
    ("members", "message"),
    [
        (
            {"email": "adda@example.com"},
            "connectedAccounts[0].email: no user is called 'adda@example.com'; did you mean 'ada@example.com'?",
        ),
        ({"email": "ada@example.com", "organization": 5}, "connectedAccounts[0].organization: expected text, got 5."),
        (
            {"email": "ada@example.com", "state": "conected"},
            "connectedAccounts[0].state: 'conected' is unknown; did you mean 'connected'?",
        ),
        (
            {"email": "ada@example.com", "user": "bob@example.com"},
            "connectedAccounts[0].user: 'bob@example.com' contradicts another member, which names 'user_1'.",
        ),
    ],
)
def test_wrong_account_in_a_fixture_is_refused(client: Client, members: dict[str, Any], message: str) -> None:
    users = [{"email": "bob@example.com"}]
    document = {"users": users, "connectedAccounts": [{"provider": "github", **members}]}
    response = client.post("/_emulate/seed", json=document)
    assert response.status_code == 422
    assert response.json()["message"] == message
