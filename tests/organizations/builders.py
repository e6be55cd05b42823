"""Domains as the API makes them, and the moves of their verification."""

from __future__ import annotations

from typing import Any

from tests.answers import JSON
from tests.conftest import Client

THIRTY_DAYS = 30 * 86400


def create_domain(client: Client, organization: JSON, domain: str = "acme.com") -> JSON:
    response = client.post("/organization_domains", json={"domain": domain, "organization_id": organization["id"]})
    created: JSON = response.raise_for_status().json()
    return created


def verify(client: Client, domain: JSON) -> JSON:
    response = client.post(f"/organization_domains/{domain['id']}/verify")
    assert response.status_code == 201
    answer: JSON = response.json()
    return answer


def read(client: Client, domain: JSON) -> JSON:
    found: JSON = client.get(f"/organization_domains/{domain['id']}").raise_for_status().json()
    return found


def pending(*domains: str) -> dict[str, Any]:
    return {"domain_data": [{"domain": domain, "state": "pending"} for domain in domains]}


def verified(domain: str = "acme.com") -> dict[str, Any]:
    return {"domain_data": [{"domain": domain, "state": "verified"}]}
