"""Verification of domains, as if their DNS records had been looked up."""

from __future__ import annotations

from typing import Any

from tests.builders import event_data
from tests.conftest import Client
from tests.organization_builders import create_organization


def pending_domain(client: Client) -> dict[str, Any]:
    client.change_settings(domain_verification="manual")
    organization = create_organization(client, domain_data=[{"domain": "acme.com", "state": "pending"}])
    domain: dict[str, Any] = organization["domains"][0]
    return domain


def test_a_domain_waits_until_it_is_verified(client: Client) -> None:
    domain = pending_domain(client)
    assert client.post(f"/organization_domains/{domain['id']}/verify").json()["state"] == "pending"
    verified = client.post(f"/_emulate/domains/{domain['id']}/verify")
    assert (verified.status_code, verified.json()["state"]) == (200, "verified")
    assert client.get(f"/organization_domains/{domain['id']}").json() == verified.json()
    assert [data["id"] for data in event_data(client, "organization_domain.verified")] == [domain["id"]]


def test_verification_can_fail_and_be_started_again(client: Client) -> None:
    domain = pending_domain(client)
    failed = client.post(f"/_emulate/domains/{domain['id']}/fail")
    assert (failed.status_code, failed.json()["state"]) == (200, "failed")
    (data,) = event_data(client, "organization_domain.verification_failed")
    assert data["organization_domain"]["id"] == domain["id"]
    assert client.post(f"/organization_domains/{domain['id']}/verify").json()["state"] == "pending"


def test_a_verified_domain_does_not_fail(client: Client) -> None:
    domain = pending_domain(client)
    client.post(f"/_emulate/domains/{domain['id']}/verify").raise_for_status()
    refused = client.post(f"/_emulate/domains/{domain['id']}/fail")
    assert (refused.status_code, refused.json()["code"]) == (400, "domain_already_verified")


def test_an_unknown_domain_is_not_found(client: Client) -> None:
    for how in ("verify", "fail"):
        assert client.post(f"/_emulate/domains/org_domain_1/{how}").status_code == 404
