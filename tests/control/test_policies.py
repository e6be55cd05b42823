"""Policies of organizations, read and set."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Client
from tests.organization_builders import create_organization

NOTHING_DEMANDED = {"allowed_methods": None, "sso_required": False, "mfa_required": False, "binds_domain": False}


def policy_path(client: Client) -> str:
    return f"/_emulate/organizations/{create_organization(client)['id']}/policy"


def test_a_new_organization_demands_nothing(client: Client) -> None:
    path = policy_path(client)
    id = path.split("/")[3]
    assert client.get(path).json() == {"object": "policy", "organization_id": id, **NOTHING_DEMANDED}


def test_a_policy_is_kept(client: Client) -> None:
    path = policy_path(client)
    policy = {"allowed_methods": ["password"], "sso_required": True, "mfa_required": True, "binds_domain": True}
    answer = client.put(path, json=policy).json()
    assert {name: answer[name] for name in policy} == policy
    assert client.get(path).json() == answer


def test_what_is_left_out_is_demanded_no_longer(client: Client) -> None:
    path = policy_path(client)
    client.put(path, json={"mfa_required": True}).raise_for_status()
    answer = client.put(path, json={"sso_required": True}).json()
    assert (answer["mfa_required"], answer["sso_required"]) == (False, True)


@pytest.mark.parametrize("policy", [{"allowed_methods": ["passkey"]}, {"mfa_required": "yes"}])
def test_a_wrong_policy_is_refused(client: Client, policy: dict[str, Any]) -> None:
    path = policy_path(client)
    assert client.put(path, json=policy).status_code == 422
    assert client.get(path).json()["mfa_required"] is False


def test_an_unknown_organization_has_no_policy(client: Client) -> None:
    assert client.get("/_emulate/organizations/org_1/policy").status_code == 404
    assert client.put("/_emulate/organizations/org_1/policy", json={}).status_code == 404
