"""Authorized applications of users and organizations"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.answers import assert_pages, ids, not_found
from tests.builders import state
from tests.conftest import Client
from tests.organization_builders import create_organization

USER = {"id": "user_1", "email": "ada@example.com"}
APPLICATION = {
    "id": "conn_app_1",
    "name": "Notes",
    "client_id": "client_notes",
    "scopes": ["openid", "email"],
    "redirect_uris": ["https://notes.example/callback", "https://notes.example/other"],
}
AUTHORIZED = {"id": "authorized_connect_app_1", "user": "ada@example.com", "application": "Notes"}
OF_USER = "/user_management/users/user_1/authorized_applications"


@pytest.fixture
def client(new_client: Callable[..., Client]) -> Client:
    """`user_1` has authorized the application Notes."""
    return new_client(users=[USER], connectApplications=[APPLICATION], authorizedApplications=[AUTHORIZED])


def seed(client: Client, **collections: list[dict[str, Any]]) -> None:
    client.post("/_emulate/seed", json=collections).raise_for_status()


def applications(client: Client, number: int = 5) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """So many applications and their authorizations by the user, within Acme."""
    range_ = range(10, 10 + number)
    made = [{"name": f"App {n}", "client_id": f"client_{n}"} for n in range_]
    authorized = [
        {"id": f"authorized_connect_app_{n}", "user": "user_1", "application": f"client_{n}", "organization": "Acme"}
        for n in range_
    ]
    return made, authorized


def test_application_is_shown_with_its_authorization(client: Client) -> None:
    (shown,) = client.get(OF_USER).json()["data"]
    application = shown["application"]
    assert shown == {
        "object": "authorized_connect_application",
        "id": "authorized_connect_app_1",
        "granted_scopes": [],
        "application": {
            "object": "connect_application",
            "id": "conn_app_1",
            "client_id": "client_notes",
            "name": "Notes",
            "description": None,
            "scopes": ["openid", "email"],
            "application_type": "oauth",
            "redirect_uris": [
                {"uri": "https://notes.example/callback", "default": True},
                {"uri": "https://notes.example/other", "default": False},
            ],
            "cors_origins": [],
            "uses_pkce": False,
            "is_first_party": True,
            "created_at": application["created_at"],
            "updated_at": application["updated_at"],
        },
    }


@pytest.mark.parametrize(
    ("members", "shown"),
    [
        ({"type": "m2m", "organization": "Acme"}, {"application_type": "m2m", "organization_id": "ACME"}),
        (
            {"is_first_party": False, "organization": "Acme"},
            {"is_first_party": False, "was_dynamically_registered": False, "organization_id": "ACME"},
        ),
        (
            {"is_first_party": False, "was_dynamically_registered": True},
            {"is_first_party": False, "was_dynamically_registered": True},
        ),
    ],
    ids=["m2m", "third party", "dynamically registered"],
)
def test_each_kind_of_application_has_members_of_its_own(
    client: Client, members: dict[str, Any], shown: dict[str, Any]
) -> None:
    acme = create_organization(client)["id"]
    authorized = {
        "user": "user_1",
        "application": "Jobs",
        "granted_scopes": ["email"],
        "oauth_resource": "https://a.test",
    }
    seed(client, connectApplications=[{"name": "Jobs", **members}], authorizedApplications=[authorized])
    answer = client.get(OF_USER, params={"limit": 1}).json()["data"][0]
    expected = {name: acme if value == "ACME" else value for name, value in shown.items()}
    assert expected.items() <= answer["application"].items()
    kinds = {"organization_id", "was_dynamically_registered", "is_first_party"}
    assert kinds & answer["application"].keys() == kinds & expected.keys()
    assert (answer["granted_scopes"], answer["oauth_resource"]) == (["email"], "https://a.test")


def test_authorizations_of_a_user_are_paged(client: Client) -> None:
    create_organization(client)
    made, authorized = applications(client)
    seed(client, connectApplications=made, authorizedApplications=authorized)
    assert_pages(client, OF_USER, ["authorized_connect_app_1", *[item["id"] for item in authorized]])


def test_authorizations_within_an_organization_are_paged_and_name_their_user(client: Client) -> None:
    path = f"/organizations/{create_organization(client)['id']}/authorized_applications"
    made, authorized = applications(client)
    seed(client, connectApplications=made, authorizedApplications=authorized)
    assert_pages(client, path, [item["id"] for item in authorized])
    assert {item["user_id"] for item in client.get(path).json()["data"]} == {"user_1"}


@pytest.mark.parametrize("id", ["conn_app_1", "client_notes", "authorized_connect_app_1"])
def test_authorization_is_taken_back(client: Client, id: str) -> None:
    response = client.delete(f"{OF_USER}/{id}")
    assert (response.status_code, response.content) == (204, b"")
    assert ids(client, OF_USER) == []
    assert [application["id"] for application in state(client, "connectApplications")] == ["conn_app_1"]


@pytest.mark.parametrize("id", ["unknown", "client_notes", "authorized_connect_app_1"])
def test_what_another_user_has_authorized_is_not_found(client: Client, id: str) -> None:
    seed(client, users=[{"id": "user_2", "email": "bob@example.com"}])
    response = client.delete(f"/user_management/users/user_2/authorized_applications/{id}")
    assert response.status_code == 404
    assert response.json() == not_found("Authorized Connect Application", id)
    assert ids(client, OF_USER) == ["authorized_connect_app_1"]


@pytest.mark.parametrize(
    ("method", "path", "label", "id"),
    [
        ("GET", "/user_management/users/user_2/authorized_applications", "User", "user_2"),
        ("DELETE", "/user_management/users/user_2/authorized_applications/conn_app_1", "User", "user_2"),
        ("GET", "/organizations/org_1/authorized_applications", "Organization", "org_1"),
    ],
)
def test_unknown_owner_is_not_found(client: Client, method: str, path: str, label: str, id: str) -> None:
    response = client.request(method, path)
    assert response.status_code == 404
    assert response.json() == not_found(label, id)


def test_state_loads_back(client: Client, new_client: Callable[..., Client]) -> None:
    copy = new_client(**client.get("/_emulate/state").json())
    assert copy.get(OF_USER).json() == client.get(OF_USER).json()


@pytest.mark.parametrize(
    ("collections", "message"),
    [
        (
            {"connectApplications": [{"name": "Jobs", "type": "m2n"}]},
            "connectApplications[0].application_type: 'm2n' is unknown; did you mean 'm2m'?",
        ),
        (
            {"connectApplications": [{"name": "Jobs", "type": "m2m"}]},
            "connectApplications[0].organization_id: an m2m application and one of a third party need an organization.",
        ),
        (
            {"authorizedApplications": [{"user": "user_1", "application": "Note"}]},
            "authorizedApplications[0].application: no connect application is called 'Note'; did you mean 'Notes'?",
        ),
        (
            {"authorizedApplications": [{"user": "user_1", "application": "Notes"}]},
            "authorizedApplications[0]: another object has the same user_id, application_id: 'user_1', 'conn_app_1'.",
        ),
    ],
)
def test_wrong_fixture_is_refused(client: Client, collections: dict[str, Any], message: str) -> None:
    response = client.post("/_emulate/seed", json=collections)
    assert response.status_code == 422
    assert response.json()["message"] == message
