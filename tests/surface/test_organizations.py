"""/organizations and /organization_domains"""

from __future__ import annotations

from tests.conftest import Client
from tests.organization_builders import create_organization
from tests.surface.cases import Refusal, case, invalid, refusals, refused, unknown
from tests.surface.world import World

LONG = "x" * 601
ACME_DOMAIN = {"domain": "acme.example", "state": "verified"}


@case("POST /organizations", 201)
@case("GET /organizations/{id}", 200)
@case("GET /organizations/external_id/{external_id}", 200)
def test_an_organization_is_created_and_found_by_both_ids(client: Client) -> None:
    domains = [ACME_DOMAIN, {"domain": "acme.test", "state": "pending"}]
    made = create_organization(client, external_id="acme", metadata={"tier": "gold"}, domain_data=domains)
    assert [(domain["domain"], domain["state"]) for domain in made["domains"]] == [
        ("acme.example", "verified"),
        ("acme.test", "pending"),
    ]
    assert client.get(f"/organizations/{made['id']}").json() == made
    assert client.get("/organizations/external_id/acme").json() == made


@case("GET /organizations", 200)
def test_organizations_are_found_by_name_and_domain(world: World) -> None:
    world.prepare("organization_id", "other_organization_id")
    for query in ({"search": "acm"}, {"domains": "acme.example"}):
        assert world.client.get("/organizations", params=query).json()["data"] == [world.organization]


@case("PUT /organizations/{id}", 200)
def test_an_organization_is_changed(world: World) -> None:
    changes = {"name": "Acme Ltd", "stripe_customer_id": "cus_1", "external_id": None, "metadata": {"tier": "tin"}}
    changed = world.client.put(f"/organizations/{world.organization_id}", json={**changes, "domain_data": []}).json()
    assert {**changes, "domains": []}.items() <= changed.items()
    assert world.client.get(f"/organizations/{world.organization_id}").json() == changed


@case("DELETE /organizations/{id}", 202)
def test_a_deleted_organization_is_gone_with_its_domains(world: World) -> None:
    world.client.delete(f"/organizations/{world.organization_id}").raise_for_status()
    for path in (f"/organizations/{world.organization_id}", f"/organization_domains/{world.domain_id}"):
        assert world.client.get(path).status_code == 404


@case("POST /organization_domains", 201)
@case("GET /organization_domains/{id}", 200)
@case("POST /organization_domains/{id}/verify", 201)
def test_a_domain_is_added_and_verified(world: World) -> None:
    made = world.made("/organization_domains", organization_id=world.organization_id, domain="acme.test")
    assert world.client.get(f"/organization_domains/{made['id']}").json() == made
    verified = world.made(f"/organization_domains/{made['id']}/verify")
    assert (made["state"], verified["state"]) == ("pending", "verified")
    assert world.client.get(f"/organizations/{world.organization_id}").json()["domains"][1] == verified


@case("DELETE /organization_domains/{id}", 204)
def test_a_deleted_domain_is_gone(world: World) -> None:
    world.client.delete(f"/organization_domains/{world.domain_id}").raise_for_status()
    assert world.client.get(f"/organizations/{world.organization_id}").json()["domains"] == []


def take_stripe_customer(world: World) -> None:
    body = {"stripe_customer_id": "cus_1"}
    world.client.put(f"/organizations/{world.other_organization_id}", json=body).raise_for_status()


@refusals(
    invalid("POST /organizations", json={}),
    invalid("POST /organizations", json={"name": "Acme", "domain_data": [{"domain": "gmail.com", "state": "pending"}]}),
    refused("POST /organizations", 400, "invalid_metadata", json={"name": "Acme", "metadata": {"tier": LONG}}),
    refused(
        "POST /organizations",
        400,
        "external_id_already_used",
        json={"name": "Copy", "external_id": "acme"},
        given=World.organization,
    ),
    refused("POST /organizations", 409, json={"name": "Copy", "domain_data": [ACME_DOMAIN]}, given=World.organization),
    unknown("GET /organizations/{id}"),
    unknown("GET /organizations/external_id/{external_id}"),
    unknown("PUT /organizations/{id}"),
    unknown("DELETE /organizations/{id}"),
    invalid("GET /organizations", query={"order": "random"}),
    invalid("PUT /organizations/{id}", id=World.organization_id, json={"name": 1}),
    refused(
        "PUT /organizations/{id}", 400, "invalid_metadata", id=World.organization_id, json={"metadata": {"tier": LONG}}
    ),
    refused(
        "PUT /organizations/{id}",
        400,
        "external_id_already_used",
        id=World.other_organization_id,
        json={"external_id": "acme"},
        given=World.organization,
    ),
    refused(
        "PUT /organizations/{id}",
        400,
        "stripe_customer_id_already_used",
        id=World.organization_id,
        json={"stripe_customer_id": "cus_1"},
        given=take_stripe_customer,
    ),
    refused(
        "PUT /organizations/{id}",
        409,
        id=World.other_organization_id,
        json={"domain_data": [ACME_DOMAIN]},
        given=World.organization,
    ),
    refused(
        "POST /organization_domains",
        409,
        "domain_already_exists",
        json={"organization_id": World.organization_id, "domain": "acme.example"},
    ),
    unknown("GET /organization_domains/{id}"),
    unknown("DELETE /organization_domains/{id}"),
    unknown("POST /organization_domains/{id}/verify"),
    refused("POST /organization_domains/{id}/verify", 400, "domain_already_verified", id=World.domain_id),
)
def test_it_is_refused(refusal: Refusal, world: World) -> None:
    refusal.check(world)
