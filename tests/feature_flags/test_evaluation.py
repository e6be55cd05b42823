"""Which flags are on for a user and for an organization"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from tests.answers import assert_pages, not_found
from tests.builders import PASSWORD, claims, create_user, sign_in
from tests.conftest import Client
from tests.organization_builders import add_member, create_member, create_organization


def seed(client: Client, **flag: Any) -> None:
    document = {"featureFlags": [{"slug": "new-nav", "name": "New navigation", "enabled": True, **flag}]}
    client.post("/_emulate/seed", json=document).raise_for_status()


def slugs(client: Client, path: str) -> list[str]:
    return [flag["slug"] for flag in client.get(f"{path}/feature-flags").raise_for_status().json()["data"]]


def of_user(client: Client, user: dict[str, Any]) -> list[str]:
    return slugs(client, f"/user_management/users/{user['id']}")


def of_organization(client: Client, organization: dict[str, Any]) -> list[str]:
    return slugs(client, f"/organizations/{organization['id']}")


def is_on(client: Client, organization: dict[str, Any]) -> bool:
    """For the member who signs in there, by the access token."""
    return "new-nav" in claims(sign_in(client)["access_token"]).get("feature_flags", [])


@pytest.mark.parametrize(("of_user_is", "of_organization_is"), [*product([True, False, None], repeat=2)])
@pytest.mark.parametrize("default_value", [True, False])
def test_target_of_the_user_wins_over_that_of_the_organization_and_over_the_default(
    client: Client, of_user_is: bool | None, of_organization_is: bool | None, default_value: bool
) -> None:
    organization = create_organization(client)
    user = create_member(client, organization)
    targets = {
        "users": [] if of_user_is is None else [{"id": user["email"], "enabled": of_user_is}],
        "organizations": [] if of_organization_is is None else [{"id": "Acme", "enabled": of_organization_is}],
    }
    seed(client, default_value=default_value, targets=targets)
    in_organization = default_value if of_organization_is is None else of_organization_is
    expected = in_organization if of_user_is is None else of_user_is
    assert (of_organization(client, organization) == ["new-nav"]) is in_organization
    assert (of_user(client, user) == ["new-nav"]) is expected
    assert is_on(client, organization) is expected


def test_disabled_flag_is_off_for_its_targets(client: Client) -> None:
    organization = create_organization(client)
    user = create_member(client, organization)
    seed(client, enabled=False, default_value=True, targets={"users": [user["id"]], "organizations": ["Acme"]})
    assert of_user(client, user) == of_organization(client, organization) == []


def test_enabled_flag_that_says_no_more_is_on_for_all(client: Client) -> None:
    user, organization = create_user(client), create_organization(client)
    seed(client)
    assert of_user(client, user) == of_organization(client, organization) == ["new-nav"]


def test_flag_of_one_organization_is_on_for_its_members_elsewhere_too(client: Client) -> None:
    organization, other = create_organization(client), create_organization(client, "Other")
    user = create_member(client, organization)
    add_member(client, user, other)
    seed(client, targets={"organizations": ["Other"]})
    assert of_user(client, user) == ["new-nav"]
    assert of_organization(client, organization) == []


def test_flag_of_an_organization_is_off_for_a_deactivated_member(client: Client) -> None:
    organization = create_organization(client)
    user = create_user(client)
    membership = add_member(client, user, organization)
    seed(client, targets={"organizations": ["Acme"]})
    client.put(f"/user_management/organization_memberships/{membership['id']}/deactivate").raise_for_status()
    assert of_user(client, user) == []


def test_claim_follows_the_organization_that_is_signed_in_to(client: Client) -> None:
    other = create_organization(client, "Other")
    user = create_user(client, password=PASSWORD)
    seed(client, targets={"organizations": ["Other"]})
    assert "feature_flags" not in claims(sign_in(client)["access_token"])
    add_member(client, user, other)
    assert claims(sign_in(client)["access_token"])["feature_flags"] == ["new-nav"]


@pytest.mark.parametrize("kind", ["users", "organizations"])
def test_flags_that_are_on_are_paged(new_client: Callable[..., Client], kind: str) -> None:
    flags = [{"id": f"flag_{n}", "slug": f"flag-{n}", "name": "Flag", "enabled": n != 2} for n in range(6)]
    client = new_client(featureFlags=flags)
    paths = {
        "users": f"/user_management/users/{create_user(client)['id']}/feature-flags",
        "organizations": f"/organizations/{create_organization(client)['id']}/feature-flags",
    }
    assert_pages(client, paths[kind], [f"flag_{n}" for n in range(6) if n != 2])


@pytest.mark.parametrize(
    ("path", "label", "id"),
    [("/user_management/users/user_1", "User", "user_1"), ("/organizations/org_1", "Organization", "org_1")],
)
def test_flags_of_nobody_are_not_found(client: Client, path: str, label: str, id: str) -> None:
    response = client.get(f"{path}/feature-flags")
    assert response.status_code == 404
    assert response.json() == not_found(label, id)
