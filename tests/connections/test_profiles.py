from __future__ import annotations

from tests.conftest import Client
from tests.organization_builders import create_organization
from tests.sso_builders import create_connection, save_profile


def test_profile_is_shown_whole(client: Client) -> None:
    organization = create_organization(client)
    connection = create_connection(client, organization)
    profile = save_profile(
        client,
        connection,
        "ada@acme.test",
        idp_id="00u1",
        first_name="Ada",
        last_name="Lovelace",
        groups=["Engineering"],
        role_slug="engineer",
        custom_attributes={"team": "core"},
    )
    assert profile.pop("id").startswith("prof_")
    assert profile == {
        "object": "profile",
        "organization_id": organization["id"],
        "connection_id": connection["id"],
        "connection_type": "GenericSAML",
        "idp_id": "00u1",
        "email": "ada@acme.test",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "name": "Ada Lovelace",
        "role": {"slug": "engineer"},
        "roles": [{"slug": "engineer"}],
        "groups": ["Engineering"],
        "custom_attributes": {"team": "core"},
        "raw_attributes": {
            "id": "00u1",
            "email": "ada@acme.test",
            "firstName": "Ada",
            "lastName": "Lovelace",
            "groups": ["Engineering"],
        },
    }


def test_profile_of_a_known_idp_id_keeps_its_id(client: Client) -> None:
    connection = create_connection(client)
    first = save_profile(client, connection, "ada@acme.test", idp_id="00u1", first_name="Ada")
    second = save_profile(client, connection, "countess@acme.test", idp_id="00u1")
    assert (second["id"], second["email"], second["first_name"]) == (first["id"], "countess@acme.test", "Ada")
    assert second["raw_attributes"]["email"] == "countess@acme.test"


def test_profile_without_an_idp_id_is_known_by_its_address(client: Client) -> None:
    connection = create_connection(client)
    first = save_profile(client, connection, "ada@acme.test", idp_id="00u1")
    second = save_profile(client, connection, "Ada@ACME.test", first_name="Ada")
    assert (second["id"], second["idp_id"], second["first_name"]) == (first["id"], "00u1", "Ada")


def test_profiles_of_two_connections_are_two(client: Client) -> None:
    connections = create_connection(client), create_connection(client)
    profiles = [save_profile(client, connection, "ada@acme.test", idp_id="00u1") for connection in connections]
    assert profiles[0]["id"] != profiles[1]["id"]


def test_profiles_are_listed_oldest_first(client: Client) -> None:
    connection = create_connection(client, profiles=[{"email": "ada@acme.test"}, {"email": "grace@acme.test"}])
    listed = client.get(f"/_emulate/sso_connections/{connection['id']}/profiles").json()["data"]
    assert [profile["email"] for profile in listed] == ["ada@acme.test", "grace@acme.test"]


def test_profile_needs_an_address(client: Client) -> None:
    connection = create_connection(client)
    response = client.post(f"/_emulate/sso_connections/{connection['id']}/profiles", json={"email": "ada"})
    assert (response.status_code, response.json()["errors"][0]["code"]) == (422, "invalid_email")
