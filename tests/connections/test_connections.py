from __future__ import annotations

from typing import Any

import pytest

from tests.builders import event_data
from tests.conftest import Client
from tests.organization_builders import create_organization
from tests.sso_builders import create_acme, create_connection


def listed(client: Client, **query: Any) -> list[str]:
    return [connection["name"] for connection in client.get("/connections", params=query).json()["data"]]


def test_connection_is_shown_with_its_domains(client: Client) -> None:
    organization = create_organization(client)
    made = create_connection(client, organization, domains=["Acme.test"], name="Okta", connection_type="OktaSAML")
    connection = client.get(f"/connections/{made['id']}").json()
    (domain,) = connection.pop("domains")
    assert domain.pop("id").startswith("conn_domain_")
    assert domain == {"object": "connection_domain", "domain": "acme.test"}
    assert connection == {
        "object": "connection",
        "id": made["id"],
        "organization_id": organization["id"],
        "connection_type": "OktaSAML",
        "name": "Okta",
        "state": "active",
        "status": "linked",
        "created_at": made["created_at"],
        "updated_at": made["updated_at"],
    }


def test_ids_of_domains_are_stable(client: Client) -> None:
    made = create_connection(client, create_organization(client), domains=["acme.test", "acme.example"])
    assert client.get(f"/connections/{made['id']}").json()["domains"] == made["domains"]


def test_connection_has_the_domains_of_its_organization_where_none_are_named(client: Client) -> None:
    connection = create_connection(client, create_acme(client))
    assert [domain["domain"] for domain in connection["domains"]] == ["acme.test"]


def test_connection_without_an_organization_names_none(client: Client) -> None:
    assert "organization_id" not in create_connection(client, connection_type="GoogleOAuth")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"connection_type": "GithubOAuth"}, ["GitHub"]),
        ({"connection_type": "GitHubOAuth"}, ["GitHub"]),
        ({"connection_type": "OktaSAML"}, ["Okta"]),
        ({"domain": "ACME.test"}, ["Okta"]),
        ({"search": "GIT"}, ["GitHub"]),
        ({"search": "%"}, []),
        ({"organization_id": "org_missing"}, []),
        ({"order": "asc"}, ["Okta", "GitHub"]),
    ],
    ids=str,
)
def test_list_is_filtered(client: Client, query: dict[str, str], names: list[str]) -> None:
    create_connection(client, create_acme(client), name="Okta", connection_type="OktaSAML")
    create_connection(client, name="GitHub", connection_type="GitHubOAuth")
    assert listed(client, **query) == names


def test_list_of_an_organization_has_its_connections(client: Client) -> None:
    acme, globex = create_organization(client), create_organization(client, "Globex")
    create_connection(client, acme, name="One")
    create_connection(client, globex, name="Two")
    assert listed(client, organization_id=globex["id"]) == ["Two"]


def test_list_of_a_type_that_does_not_exist_is_refused(client: Client) -> None:
    response = client.get("/connections", params={"connection_type": "Okta"})
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "connection_type"


def test_deleted_connection_is_gone_and_told_of(client: Client) -> None:
    connection = create_connection(client, create_acme(client))
    assert client.delete(f"/connections/{connection['id']}").status_code == 204
    assert client.get(f"/connections/{connection['id']}").status_code == 404
    (data,) = event_data(client, "connection.deleted")
    assert data == {name: value for name, value in connection.items() if name not in ("status", "domains")}


def test_connections_go_with_their_organization(client: Client) -> None:
    organization = create_organization(client)
    create_connection(client, organization)
    client.delete(f"/organizations/{organization['id']}").raise_for_status()
    assert listed(client) == []
    assert client.event_names()[-2:] == ["connection.deleted", "organization.deleted"]


def test_active_connection_is_told_of_with_its_external_key(client: Client) -> None:
    connection = create_connection(client, create_acme(client))
    (data,) = event_data(client, "connection.activated")
    assert data.pop("external_key")
    assert data == connection


def test_switching_a_connection_off_and_on_is_told_of_once_each(client: Client) -> None:
    connection = create_connection(client, create_organization(client), state="validating")
    for state in ("inactive", "inactive", "active"):
        answer = client.patch(f"/_emulate/sso_connections/{connection['id']}", json={"state": state})
        assert answer.raise_for_status().json()["status"] == {"inactive": "unlinked", "active": "linked"}[state]
    assert client.event_names()[-2:] == ["connection.deactivated", "connection.activated"]
    assert client.event_names().count("connection.activated") == 1


def test_renamed_connection_is_found_by_its_new_name(client: Client) -> None:
    connection = create_connection(client)
    client.patch(f"/_emulate/sso_connections/{connection['id']}", json={"name": "Corp SSO"}).raise_for_status()
    assert listed(client, search="corp") == ["Corp SSO"]


@pytest.mark.parametrize(
    ("members", "status"),
    [
        ({"connection_type": "Okta"}, 422),
        ({"state": "on"}, 422),
        ({"organization_id": "org_missing"}, 404),
        ({"domains": ["gmail.com"]}, 422),
        ({"profiles": [{"email": "nobody"}]}, 422),
        ({"colour": "red"}, 422),
    ],
    ids=str,
)
def test_connection_that_cannot_be_is_not_made(client: Client, members: dict[str, Any], status: int) -> None:
    body = {"connection_type": "OktaSAML", "name": "Okta", **members}
    assert client.post("/_emulate/sso_connections", json=body).status_code == status
    assert listed(client) == []
