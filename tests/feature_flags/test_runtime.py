"""All flags at once, for the runtime clients of the SDKs"""

from __future__ import annotations

import pytest

from tests.builders import create_user
from tests.conftest import Client
from tests.organization_builders import create_organization

PATH = "/sdk/feature-flags"


@pytest.mark.fault("B4")
def test_runtime_payload_has_every_flag_by_its_slug_with_its_targets(client: Client) -> None:
    user, organization = create_user(client), create_organization(client)
    targets = {"users": [{"id": user["id"], "enabled": True}], "organizations": [{"id": "Acme", "enabled": False}]}
    flags = [
        {"slug": "new-nav", "name": "New navigation", "enabled": True, "default_value": True, "targets": targets},
        {"slug": "beta", "name": "Beta", "enabled": False, "default_value": False},
    ]
    client.post("/_emulate/seed", json={"featureFlags": flags}).raise_for_status()
    nobody = {"users": [], "organizations": []}
    assert client.get(PATH).raise_for_status().json() == {
        "beta": {"slug": "beta", "enabled": False, "default_value": False, "targets": nobody},
        "new-nav": {
            "slug": "new-nav",
            "enabled": True,
            "default_value": True,
            "targets": {
                "users": [{"id": user["id"], "enabled": True}],
                "organizations": [{"id": organization["id"], "enabled": False}],
            },
        },
    }


@pytest.mark.fault("B4")
def test_second_version_of_the_runtime_payload_has_rules_with_those_of_users_first(client: Client) -> None:
    user, organization = create_user(client), create_organization(client)
    targets = {"users": [{"id": user["id"], "enabled": True}], "organizations": [{"id": "Acme", "enabled": False}]}
    flag = {"slug": "new-nav", "name": "New navigation", "enabled": True, "default_value": True, "targets": targets}
    client.post("/_emulate/seed", json={"featureFlags": [flag]}).raise_for_status()
    payload = client.get(PATH, params={"payload_version": 2}).raise_for_status().json()
    rules = payload["flags"]["new-nav"].pop("rules")
    assert payload == {
        "version": 2,
        "flags": {"new-nav": {"slug": "new-nav", "enabled": True, "default_value": True, "off_value": False}},
    }
    assert [(rule["kind"], rule["value"], rule["conditions"]) for rule in rules] == [
        ("conditions", True, [{"target_type": "user", "operator": "one_of", "values": [user["id"]]}]),
        ("conditions", False, [{"target_type": "organization", "operator": "one_of", "values": [organization["id"]]}]),
    ]
    assert len({rule["id"] for rule in rules}) == 2


@pytest.mark.fault("B4")
def test_runtime_payload_without_flags_is_empty(client: Client) -> None:
    assert client.get(PATH).json() == {}
    assert client.get(PATH, params={"payload_version": 2}).json() == {"version": 2, "flags": {}}


@pytest.mark.fault("B4")
def test_runtime_payload_of_an_unknown_version_is_refused(client: Client) -> None:
    assert client.get(PATH, params={"payload_version": 3}).status_code == 422


@pytest.mark.fault("B4")
def test_runtime_payload_needs_a_key(client: Client) -> None:
    assert client.keyless.get(PATH).status_code == 401
