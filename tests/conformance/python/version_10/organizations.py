"""Organizations and their domains."""

from __future__ import annotations

from typing import Any

from workos import BadRequestError, ConflictError, NotFoundError, UnprocessableEntityError, WorkOSClient
from workos.organizations.models import OrganizationDomainData
from world import World, raises

from version_10 import client_of, create_user


def data(domain: str, state: Any = "pending") -> OrganizationDomainData:
    return OrganizationDomainData.from_dict({"domain": domain, "state": state})


def create_organization(client: WorkOSClient, name: str = "Acme", **attributes: Any) -> Any:
    return client.organizations.create_organization(name=name, **attributes)


def check_organization_is_created_and_read(world: World) -> None:
    client = client_of(world)
    made = create_organization(
        client, domain_data=[data("acme.com", "verified")], metadata={"plan": "pro"}, external_id="acme / 1"
    )
    assert made.id.startswith("org_")
    assert [(domain.domain, domain.state.value) for domain in made.domains] == [("acme.com", "verified")]
    assert client.organizations.get_organization(made.id).to_dict() == made.to_dict()
    assert client.organizations.get_organization_by_external_id("acme / 1").id == made.id


def check_organizations_are_listed_by_domain_and_name(world: World) -> None:
    client = client_of(world)
    acme = create_organization(client, domains=["acme.com"])
    globex = create_organization(client, "Globex", domains=["globex.com"])
    create_organization(client, "Initech")

    def listed(**filters: Any) -> list[str]:
        return [found.id for found in client.organizations.list_organizations(order="asc", **filters).data]

    assert listed(domains=["acme.com", "globex.com"]) == [acme.id, globex.id]
    assert listed(search="LOBE") == [globex.id]
    assert listed(search="acme", domains=["globex.com"]) == []


def check_organizations_are_paged(world: World) -> None:
    client = client_of(world)
    made = [create_organization(client, f"Company {number}").id for number in range(7)]
    pages = client.organizations.list_organizations(limit=3).auto_paging_iter()
    assert [found.id for found in pages] == made[::-1]
    page = client.organizations.list_organizations(order="asc", limit=2, before=made[4])
    assert [found.id for found in page.data] == made[2:4]


def check_organization_is_updated(world: World) -> None:
    client = client_of(world)
    made = create_organization(client, domains=["acme.com", "old.com"], metadata={"plan": "pro", "team": "a"})
    changed = client.organizations.update_organization(
        made.id,
        name="New",
        domain_data=[data("acme.com", "verified")],
        stripe_customer_id="cus_1",
        metadata={"team": "b"},
    )
    assert (changed.name, changed.stripe_customer_id) == ("New", "cus_1")
    assert changed.metadata == {"plan": "pro", "team": "b"}
    assert [domain.id for domain in changed.domains] == [made.domains[0].id]


def check_what_organizations_must_not_share(world: World) -> None:
    client = client_of(world)
    owner = create_organization(client, domain_data=[data("acme.com", "verified")], external_id="acme")
    client.organizations.update_organization(owner.id, stripe_customer_id="cus_1")
    other = create_organization(client)
    with raises(BadRequestError) as refusal:
        create_organization(client, external_id="acme")
    assert refusal.error.code == "external_id_already_used"
    with raises(BadRequestError) as refusal:
        client.organizations.update_organization(other.id, stripe_customer_id="cus_1")
    assert refusal.error.code == "stripe_customer_id_already_used"
    with raises(ConflictError) as refusal:
        create_organization(client, domain_data=[data("acme.com")])
    assert refusal.error.message == "An Organization with the domain acme.com already exists."


def check_invalid_organizations_are_refused(world: World) -> None:
    client = client_of(world)
    with raises(BadRequestError) as refusal:
        create_organization(client, metadata={"key": "a" * 601})
    assert refusal.error.code == "invalid_metadata"
    for attributes in ({"name": ""}, {"domains": ["gmail.com"]}):
        with raises(UnprocessableEntityError):
            create_organization(client, **attributes)


def check_organization_is_deleted(world: World) -> None:
    client = client_of(world)
    organization, user = create_organization(client), create_user(client)
    membership = client.organization_membership.create_organization_membership(
        user_id=user.id, organization_id=organization.id
    )
    assert client.organizations.delete_organization(organization.id) is None
    with raises(NotFoundError):
        client.organizations.get_organization(organization.id)
    with raises(NotFoundError):
        client.organizations.delete_organization(organization.id)
    with raises(NotFoundError):
        client.organization_membership.get_organization_membership(membership.id)
    assert client.user_management.get_user(user.id).id == user.id


def check_life_of_a_domain(world: World) -> None:
    client, domains = client_of(world), client_of(world).organization_domains
    organization = create_organization(client)
    made = domains.create_organization_domain(domain="acme.com", organization_id=organization.id)
    assert made.state.value == "pending"
    with raises(ConflictError) as refusal:
        domains.create_organization_domain(domain="ACME.com", organization_id=organization.id)
    assert refusal.error.code == "domain_already_exists"
    domains.verify_organization_domain(made.id)
    assert domains.get_organization_domain(made.id).state.value == "verified"
    with raises(BadRequestError) as refusal:
        domains.verify_organization_domain(made.id)
    assert refusal.error.code == "domain_already_verified"
    assert domains.delete_organization_domain(made.id) is None
    with raises(NotFoundError):
        domains.get_organization_domain(made.id)
    with raises(UnprocessableEntityError):
        domains.create_organization_domain(domain="gmail.com", organization_id=organization.id)
