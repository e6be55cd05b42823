from __future__ import annotations

import pytest

from tests.answers import assert_pages, ids, not_found
from tests.conftest import Client
from tests.organization_builders import create_organization
from tests.organizations.builders import pending


def test_list_pages_in_all_orders(client: Client) -> None:
    expected = [create_organization(client, f"Acme {number}")["id"] for number in range(5)]
    assert_pages(client, "/organizations", expected)


def test_search_pages_too(client: Client) -> None:
    expected = [create_organization(client, f"Acme {number}")["id"] for number in range(3)]
    create_organization(client, "Other")
    assert_pages(client, "/organizations", expected, search="acme")


def test_list_shows_domains(client: Client) -> None:
    organization = create_organization(client, domains=["acme.com"])
    assert client.get("/organizations").json() == {
        "object": "list",
        "data": [organization],
        "list_metadata": {"before": None, "after": None},
    }


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("acme", ["Acme", "100% Acme"]),
        ("ACME", ["Acme", "100% Acme"]),
        ("%", ["100% Acme"]),
        ("_", ["snake_case"]),
        ("\\", ["back\\slash"]),
        ("écl", ["Éclair"]),
        ("nowhere", []),
        ("", ["Acme", "100% Acme", "snake_case", "back\\slash", "Éclair"]),
    ],
)
def test_search_finds_part_of_the_name_in_any_case(client: Client, search: str, found: list[str]) -> None:
    for name in ("Acme", "100% Acme", "snake_case", "back\\slash", "Éclair"):
        create_organization(client, name)
    page = client.get("/organizations", params={"search": search, "order": "asc"}).json()
    assert [organization["name"] for organization in page["data"]] == found


def test_search_follows_a_new_name(client: Client) -> None:
    organization = create_organization(client, "Acme")
    client.put(f"/organizations/{organization['id']}", json={"name": "Umbrella"})
    assert ids(client, "/organizations", search="acme") == []
    assert ids(client, "/organizations", search="umbrella") == [organization["id"]]


@pytest.mark.parametrize(
    "query",
    [
        "domains=a.com,c.com",
        "domains=a.com%2CC.com",
        "domains=a.com&domains=c.com",
        "domains[]=a.com&domains[]=c.com",
        "domains[0]=a.com&domains[1]=c.com",
        "domains=a.com,c.com,nowhere.com&search=",
    ],
)
def test_domains_find_organizations_that_have_any_of_them(client: Client, query: str) -> None:
    first = create_organization(client, "A", domains=["a.com", "also-a.com"])
    create_organization(client, "B", domains=["b.com"])
    third = create_organization(client, "C", domain_data=[{"domain": "c.com", "state": "verified"}])
    response = client.get(f"/organizations?order=asc&{query}").raise_for_status()
    assert [item["id"] for item in response.json()["data"]] == [first["id"], third["id"]]


def test_domains_and_search_narrow_each_other(client: Client) -> None:
    create_organization(client, "Acme", **pending("acme.com"))
    other = create_organization(client, "Other", **pending("acme.com"))
    assert ids(client, "/organizations", domains="acme.com", search="other") == [other["id"]]


def test_part_of_a_domain_finds_nothing(client: Client) -> None:
    create_organization(client, domains=["acme.com"])
    assert ids(client, "/organizations", domains="acme") == []


@pytest.mark.parametrize("path", ["", "/external_id"])
def test_unknown_organization_is_not_found(client: Client, path: str) -> None:
    response = client.get(f"/organizations{path}/org_none")
    assert (response.status_code, response.json()) == (404, not_found("Organization", "org_none"))


def test_key_is_needed(client: Client) -> None:
    response = client.keyless.get("/organizations")
    assert (response.status_code, response.json()) == (401, {"message": "Unauthorized"})
