from __future__ import annotations

from typing import Any

import pytest

from tests.answers import JSON, invalid, not_found, required
from tests.builders import event_data
from tests.conftest import Client
from tests.organization_builders import create_organization
from tests.organizations.builders import pending


def update(client: Client, organization: JSON, **members: Any) -> JSON:
    response = client.put(f"/organizations/{organization['id']}", json=members)
    changed: JSON = response.raise_for_status().json()
    return changed


@pytest.mark.parametrize(
    ("members", "shown"),
    [
        ({"name": "Umbrella"}, {"name": "Umbrella"}),
        ({"external_id": "acme"}, {"external_id": "acme"}),
        ({"external_id": None}, {"external_id": None}),
        ({"stripe_customer_id": "cus_1"}, {"stripe_customer_id": "cus_1"}),
        ({"allow_profiles_outside_organization": True}, {"allow_profiles_outside_organization": True}),
        ({"metadata": {"tier": "gold"}}, {"metadata": {"plan": "pro", "tier": "gold"}}),
        ({"metadata": {"plan": None}}, {"metadata": {}}),
        ({"metadata": {}}, {"metadata": {}}),
        ({"metadata": None}, {"metadata": {}}),
    ],
)
def test_update_changes_what_it_names(client: Client, members: JSON, shown: JSON) -> None:
    organization = create_organization(client, external_id="old", metadata={"plan": "pro"}, domains=["acme.com"])
    client.advance(60)
    changed = update(client, organization, **members)
    assert changed == {**organization, **shown, "updated_at": changed["updated_at"]}
    assert changed["updated_at"] > organization["updated_at"]
    assert client.get(f"/organizations/{organization['id']}").json() == changed


def test_update_is_told_once(client: Client) -> None:
    changed = update(client, create_organization(client), name="Umbrella", metadata={"plan": "pro"})
    del changed["allow_profiles_outside_organization"]
    assert client.event_names() == ["organization.created", "organization.updated"]
    assert event_data(client, "organization.updated") == [changed]


@pytest.mark.parametrize("members", [{}, {"name": "Acme"}, {"name": None}, {"external_id": "acme"}, {"domains": None}])
def test_update_that_changes_nothing_is_not_told(client: Client, members: JSON) -> None:
    organization = create_organization(client, external_id="acme", domains=["acme.com"])
    client.advance(60)
    assert update(client, organization, **members) == organization
    assert "organization.updated" not in client.event_names()


def test_removed_stripe_id_is_not_shown(client: Client) -> None:
    organization = update(client, create_organization(client), stripe_customer_id="cus_1")
    assert "stripe_customer_id" not in update(client, organization, stripe_customer_id=None)


@pytest.mark.parametrize("member", ["external_id", "stripe_customer_id"])
def test_id_of_another_organization_is_refused(client: Client, member: str) -> None:
    update(client, create_organization(client), **{member: "one"})
    other = create_organization(client, "Other")
    response = client.put(f"/organizations/{other['id']}", json={member: "one", "name": "Changed"})
    assert (response.status_code, response.json()) == (
        400,
        {
            "code": f"{member}_already_used",
            "message": f"The {member} provided has already been assigned to another organization.",
        },
    )
    assert client.get(f"/organizations/{other['id']}").json() == other


@pytest.mark.parametrize("member", ["external_id", "stripe_customer_id"])
def test_id_may_be_sent_again(client: Client, member: str) -> None:
    organization = update(client, create_organization(client), **{member: "one"})
    assert update(client, organization, **{member: "one"}) == organization


def test_invalid_metadata_is_refused(client: Client) -> None:
    organization = create_organization(client, metadata={"plan": "pro"})
    response = client.put(f"/organizations/{organization['id']}", json={"metadata": {"plan": ["pro"]}})
    message = "The value of metadata key 'plan' must be a string or null."
    assert (response.status_code, response.json()) == (400, {"code": "invalid_metadata", "message": message})


@pytest.mark.parametrize(
    ("members", "answer"),
    [
        ({"name": ""}, required("name")),
        ({"stripe_customer_id": ""}, required("stripe_customer_id")),
        ({"metadata": "x"}, invalid("metadata", "metadata_object_required", "Metadata must be an object.")),
        (
            {"external_id": ""},
            invalid("external_id", "external_id_invalid", "External Id must have 1 to 128 ASCII characters."),
        ),
        (
            {"domain_data": [{"domain": "yahoo.com", "state": "pending"}]},
            invalid("domain_data", "domain_data_invalid", "'yahoo.com' is a consumer domain."),
        ),
    ],
)
def test_invalid_body_is_refused(client: Client, members: JSON, answer: JSON) -> None:
    organization = create_organization(client)
    response = client.put(f"/organizations/{organization['id']}", json=members)
    assert (response.status_code, response.json()) == (422, answer)


def test_unknown_organization_is_not_found(client: Client) -> None:
    response = client.put("/organizations/org_none", json={"name": "Acme"})
    assert (response.status_code, response.json()) == (404, not_found("Organization", "org_none"))


# The set of domains


def test_given_domains_replace_the_set_and_kept_ones_keep_their_id(client: Client) -> None:
    organization = create_organization(client, **pending("kept.com", "dropped.com"))
    kept, dropped = organization["domains"]
    given = [{"domain": "added.com", "state": "pending"}, {"domain": "KEPT.com", "state": "pending"}]
    changed = update(client, organization, domain_data=given)
    assert changed["domains"][0] == kept
    assert [domain["domain"] for domain in changed["domains"]] == ["kept.com", "added.com"]
    assert client.get(f"/organization_domains/{dropped['id']}").status_code == 404
    assert client.event_names()[3:] == [
        "organization_domain.deleted",
        "organization_domain.created",
        "organization.updated",
    ]
    assert event_data(client, "organization_domain.deleted") == [dropped]
    assert event_data(client, "organization.updated")[0]["domains"] == changed["domains"]


@pytest.mark.parametrize("member", ["domains", "domain_data"])
def test_empty_list_removes_all_domains(client: Client, member: str) -> None:
    organization = create_organization(client, **pending("a.com", "b.com"))
    assert update(client, organization, **{member: []})["domains"] == []
    assert client.event_names()[3:] == ["organization_domain.deleted"] * 2 + ["organization.updated"]


def test_kept_domain_can_become_verified(client: Client) -> None:
    organization = create_organization(client, **pending("acme.com"))
    (before,) = organization["domains"]
    (domain,) = update(client, organization, domain_data=[{"domain": "acme.com", "state": "verified"}])["domains"]
    assert (domain["id"], domain["state"], domain["verification_strategy"]) == (before["id"], "verified", "manual")
    assert client.event_names()[2:] == ["organization_domain.verified", "organization.updated"]


@pytest.mark.fault("B6")
def test_deprecated_domains_are_added_as_verified_beside_a_pending_one(client: Client) -> None:
    organization = create_organization(client, **pending("acme.com"))
    changed = update(client, organization, domains=["acme.com", "acme.example"])
    assert changed["domains"][0] == organization["domains"][0]
    assert (changed["domains"][1]["domain"], changed["domains"][1]["state"]) == ("acme.example", "legacy_verified")
    assert not {"verification_strategy", "verification_token", "verification_prefix"} & changed["domains"][1].keys()


def test_verified_domain_stays_verified(client: Client) -> None:
    verified = [{"domain": "acme.com", "state": "verified"}]
    organization = create_organization(client, domain_data=verified)
    assert update(client, organization, domains=["acme.com"]) == organization
    assert update(client, organization, domain_data=verified) == organization
    assert "organization.updated" not in client.event_names()


def test_refused_domain_leaves_the_set_alone(client: Client) -> None:
    organization = create_organization(client, domains=["acme.com"])
    response = client.put(f"/organizations/{organization['id']}", json={"domains": ["new.com", "gmail.com"]})
    assert response.status_code == 422
    assert client.get(f"/organizations/{organization['id']}").json() == organization
