from __future__ import annotations

import re

import pytest

from tests.answers import ids, invalid, not_found, required
from tests.builders import event_data
from tests.conftest import Client
from tests.organization_builders import create_organization
from tests.organizations.builders import create_domain, pending, read, verified


def test_created_domain_waits_for_its_dns_record(client: Client) -> None:
    organization = create_organization(client)
    domain = create_domain(client, organization, "ACME.com")
    assert domain["id"].startswith("org_domain_")
    assert re.fullmatch(r"[A-Za-z0-9]{25}", domain["verification_token"])
    assert re.fullmatch(r"mockserver-domain-verification-[a-z0-9]{6}", domain["verification_prefix"])
    assert domain == {
        **domain,
        "object": "organization_domain",
        "organization_id": organization["id"],
        "domain": "acme.com",
        "state": "pending",
        "verification_strategy": "dns",
    }
    assert read(client, domain) == domain
    assert client.get(f"/organizations/{organization['id']}").json()["domains"] == [domain]
    assert event_data(client, "organization_domain.created") == [domain]


def test_domain_of_the_same_organization_is_refused(client: Client) -> None:
    organization = create_organization(client, domains=["acme.com"])
    body = {"domain": "Acme.com", "organization_id": organization["id"]}
    response = client.post("/organization_domains", json=body)
    assert (response.status_code, response.json()) == (
        409,
        {"code": "domain_already_exists", "message": "Domain already exists for this organization."},
    )


@pytest.mark.parametrize(
    ("domain", "reason"),
    [
        ("acme", "is not a domain"),
        ("-acme.com", "is not a domain"),
        ("ac me.com", "is not a domain"),
        ("ada@acme.com", "is not a domain"),
        ("https://acme.com", "is not a domain"),
        (f"{'a' * 64}.com", "is not a domain"),
        ("gmail.com", "is a consumer domain"),
        ("OUTLOOK.com", "is a consumer domain"),
    ],
)
def test_unusable_domain_is_refused(client: Client, domain: str, reason: str) -> None:
    organization = create_organization(client)
    response = client.post("/organization_domains", json={"domain": domain, "organization_id": organization["id"]})
    assert response.json() == invalid("domain", "domain_invalid", f"'{domain}' {reason}.")
    assert response.status_code == 422


@pytest.mark.parametrize("missing", ["domain", "organization_id"])
def test_both_members_are_required(client: Client, missing: str) -> None:
    body = {"domain": "acme.com", "organization_id": create_organization(client)["id"]}
    del body[missing]
    response = client.post("/organization_domains", json=body)
    assert (response.status_code, response.json()) == (422, required(missing))


def test_unknown_organization_is_not_found(client: Client) -> None:
    response = client.post("/organization_domains", json={"domain": "acme.com", "organization_id": "org_none"})
    assert (response.status_code, response.json()) == (404, not_found("Organization", "org_none"))


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("DELETE", ""), ("POST", "/verify")])
def test_unknown_domain_is_not_found(client: Client, method: str, path: str) -> None:
    response = client.request(method, f"/organization_domains/org_domain_none{path}")
    assert (response.status_code, response.json()) == (404, not_found("Organization Domain", "org_domain_none"))


def test_deleted_domain_is_gone(client: Client) -> None:
    organization = create_organization(client, domains=["acme.com", "other.com"])
    domain, other = organization["domains"]
    response = client.delete(f"/organization_domains/{domain['id']}")
    assert (response.status_code, response.content) == (204, b"")
    assert client.get(f"/organization_domains/{domain['id']}").status_code == 404
    assert client.get(f"/organizations/{organization['id']}").json()["domains"] == [other]
    assert client.event_names()[-1] == "organization_domain.deleted"
    assert event_data(client, "organization_domain.deleted") == [domain]


# Conflicts


def test_verified_domain_of_another_organization_is_refused_at_creation(client: Client) -> None:
    create_organization(client, **verified())
    response = client.post("/organizations", json={"name": "Other", "domains": ["Acme.com"]})
    assert (response.status_code, response.json()) == (
        409,
        {"message": "An Organization with the domain acme.com already exists."},
    )
    assert len(ids(client, "/organizations")) == 1


def test_verified_domain_of_another_organization_is_refused_at_update(client: Client) -> None:
    create_organization(client, **verified())
    other = create_organization(client, "Other")
    response = client.put(f"/organizations/{other['id']}", json={"name": "New", **verified()})
    assert (response.status_code, response.json()) == (
        409,
        {"message": "An Organization with the domain acme.com already exists."},
    )
    assert client.get(f"/organizations/{other['id']}").json() == other


def test_verified_domain_of_another_organization_is_refused_as_addition(client: Client) -> None:
    create_organization(client, **verified())
    other = create_organization(client, "Other")
    response = client.post("/organization_domains", json={"domain": "acme.com", "organization_id": other["id"]})
    assert (response.status_code, response.json()) == (
        409,
        {"code": "domain_already_exists", "message": "An Organization with the domain acme.com already exists."},
    )


def test_pending_claims_may_contradict_each_other(client: Client) -> None:
    claim = pending("acme.com")
    first, second = create_organization(client, **claim), create_organization(client, **claim)
    assert first["domains"][0]["id"] != second["domains"][0]["id"]
    assert create_domain(client, create_organization(client))["state"] == "pending"


def test_domain_is_free_once_its_owner_lets_go(client: Client) -> None:
    owner = create_organization(client, **verified())
    client.put(f"/organizations/{owner['id']}", json={"domains": []})
    assert create_organization(client, "Other", **verified())["domains"][0]["state"] == "verified"
