from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.answers import JSON, invalid, required
from tests.builders import event_data
from tests.conftest import Client
from tests.organization_builders import create_organization
from tests.organizations.builders import pending

TAKEN = {
    "code": "external_id_already_used",
    "message": "The external_id provided has already been assigned to another organization.",
}


def test_created_organization_is_read_back(client: Client) -> None:
    organization = create_organization(client, "Acme", external_id="acme-1", metadata={"tier": "gold"})
    times = {name: organization[name] for name in ("id", "created_at", "updated_at")}
    assert organization == {
        "object": "organization",
        "name": "Acme",
        "domains": [],
        "metadata": {"tier": "gold"},
        "external_id": "acme-1",
        "allow_profiles_outside_organization": False,
        **times,
    }
    assert organization["id"].startswith("org_")
    assert client.get(f"/organizations/{organization['id']}").json() == organization
    assert client.get("/organizations/external_id/acme-1").json() == organization


def test_external_id_is_percent_decoded(client: Client) -> None:
    organization = create_organization(client, external_id="a/b c")
    assert client.get("/organizations/external_id/a%2Fb%20c").json() == organization


def test_domains_are_kept_in_lower_case_with_their_states(client: Client) -> None:
    given = [{"domain": "Acme.com", "state": "verified"}, {"domain": "acme.example", "state": "pending"}]
    verified, pending = create_organization(client, domain_data=given)["domains"]
    assert (verified["domain"], verified["state"], verified["verification_strategy"]) == (
        "acme.com",
        "verified",
        "manual",
    )
    assert (pending["domain"], pending["state"], pending["verification_strategy"]) == ("acme.example", "pending", "dns")
    assert "verification_token" not in verified
    assert len(pending["verification_token"]) == 25


@pytest.mark.fault("B6")
def test_deprecated_domains_count_as_verified_without_proof(client: Client) -> None:
    organization = create_organization(client, domains=["Acme.com"])
    (domain,) = organization["domains"]
    assert domain == {
        "object": "organization_domain",
        "id": domain["id"],
        "organization_id": organization["id"],
        "domain": "acme.com",
        "state": "legacy_verified",
        "created_at": domain["created_at"],
        "updated_at": domain["updated_at"],
    }
    assert client.get(f"/organization_domains/{domain['id']}").json() == domain


@pytest.mark.fault("B6")
def test_domain_without_proof_is_the_same_in_a_copy(client: Client, new_client: Callable[..., Client]) -> None:
    organization = create_organization(client, domains=["acme.com"])
    copy = new_client(**client.get("/_emulate/state").json())
    assert copy.get(f"/organizations/{organization['id']}").json() == organization


def test_domain_given_twice_is_kept_once(client: Client) -> None:
    (domain,) = create_organization(client, **pending("acme.com", "ACME.com"))["domains"]
    assert client.event_names() == ["organization.created", "organization_domain.created"]
    assert domain["domain"] == "acme.com"


def test_creation_is_told_before_its_domains(client: Client) -> None:
    given = [{"domain": "acme.com", "state": "verified"}, {"domain": "acme.example", "state": "pending"}]
    organization = create_organization(client, domain_data=given)
    assert client.event_names() == [
        "organization.created",
        "organization_domain.created",
        "organization_domain.verified",
        "organization_domain.created",
    ]
    del organization["allow_profiles_outside_organization"]
    assert event_data(client, "organization.created") == [organization]
    assert event_data(client, "organization_domain.created") == organization["domains"]
    assert event_data(client, "organization_domain.verified") == organization["domains"][:1]


def test_events_of_an_organization_are_found_by_its_id(client: Client) -> None:
    acme, _ = create_organization(client, domains=["acme.com"]), create_organization(client, "Other")
    query = {"events": "organization.created,organization_domain.created", "organization_id": acme["id"]}
    events = client.get("/events", params=query).json()["data"]
    assert [event["event"] for event in events] == ["organization.created", "organization_domain.created"]


def test_two_organizations_may_have_one_name(client: Client) -> None:
    assert create_organization(client)["id"] != create_organization(client)["id"]


def test_legacy_flag_is_kept(client: Client) -> None:
    organization = create_organization(client, allow_profiles_outside_organization=True)
    shown = client.get(f"/organizations/{organization['id']}").json()
    assert shown["allow_profiles_outside_organization"] is True


@pytest.mark.parametrize("members", [{"metadata": None}, {"external_id": None}, {"domain_data": None}, {"unknown": 1}])
def test_members_without_meaning_are_ignored(client: Client, members: JSON) -> None:
    organization = create_organization(client, **members)
    assert (organization["metadata"], organization["external_id"], organization["domains"]) == ({}, None, [])


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ({}, required("name")),
        ({"name": ""}, required("name")),
        ({"name": None}, required("name")),
        ({"name": 7}, required("name")),
        (
            {"name": "A", "allow_profiles_outside_organization": "yes"},
            invalid(
                "allow_profiles_outside_organization",
                "allow_profiles_outside_organization_boolean_required",
                "Allow Profiles Outside Organization must be a boolean.",
            ),
        ),
        (
            {"name": "A", "domains": "acme.com"},
            invalid("domains", "domains_array_required", "Domains must be an array."),
        ),
        (
            {"name": "A", "domain_data": [{"domain": "acme.com"}]},
            invalid("domain_data.0.state", "state_invalid", "State is invalid: it is missing."),
        ),
        (
            {"name": "A", "domain_data": [{"domain": "acme.com", "state": "failed"}]},
            invalid("domain_data.0.state", "state_invalid", "State is invalid: expected 'pending' or 'verified'."),
        ),
        (
            {"name": "A", "domain_data": {"domain": "acme.com", "state": "pending"}},
            invalid("domain_data", "domain_data_array_required", "Domain Data must be an array."),
        ),
        (
            {"name": "A", "domain_data": ["acme.com"]},
            invalid("domain_data.0", "domain_data_object_required", "Domain Data must be an object."),
        ),
        (
            {"name": "A", "domains": ["acme.com", 7]},
            invalid("domains.1", "domains_string_required", "Domains must be a non-empty string."),
        ),
        (
            {"name": "A", "domains": ["no domain"]},
            invalid("domain_data", "domain_data_invalid", "'no domain' is not a domain."),
        ),
        (
            {"name": "A", "domains": ["Gmail.com"]},
            invalid("domain_data", "domain_data_invalid", "'Gmail.com' is a consumer domain."),
        ),
        (
            {"name": "A", "external_id": "x" * 129},
            invalid("external_id", "external_id_invalid", "External Id must have 1 to 128 ASCII characters."),
        ),
        (
            {"name": "A", "external_id": "é"},
            invalid("external_id", "external_id_invalid", "External Id must have 1 to 128 ASCII characters."),
        ),
    ],
)
def test_invalid_body_is_refused(client: Client, body: JSON, answer: JSON) -> None:
    response = client.post("/organizations", json=body)
    assert (response.status_code, response.json()) == (422, answer)
    assert client.event_names() == []


@pytest.mark.fault("B16")
def test_everything_wrong_inside_a_list_is_named_by_its_place(client: Client) -> None:
    body = {"name": "", "domain_data": [{"domain": "acme.com", "state": "pending"}, {"state": None}]}
    response = client.post("/organizations", json=body)
    assert response.status_code == 422
    fields = {error["field"] for error in response.json()["errors"]}
    assert fields == {"name", "domain_data.1.domain", "domain_data.1.state"}


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ({"k": 1}, "The value of metadata key 'k' must be a string or null."),
        ({"k": "v" * 601}, "A metadata key has 1 to 40 characters and its value at most 600."),
        ({"k" * 41: "v"}, "A metadata key has 1 to 40 characters and its value at most 600."),
        ({str(number): "" for number in range(51)}, "Metadata has at most 50 pairs."),
    ],
)
def test_invalid_metadata_is_refused(client: Client, metadata: dict[str, Any], message: str) -> None:
    response = client.post("/organizations", json={"name": "Acme", "metadata": metadata})
    assert (response.status_code, response.json()) == (400, {"code": "invalid_metadata", "message": message})


def test_taken_external_id_is_refused(client: Client) -> None:
    create_organization(client, external_id="acme")
    response = client.post("/organizations", json={"name": "Other", "external_id": "acme"})
    assert (response.status_code, response.json()) == (400, TAKEN)
