"""Identities, authorized applications, connected accounts and data providers"""

from __future__ import annotations

from tests.surface.cases import Refusal, case, invalid, refusals, refused, unknown, without_key
from tests.surface.world import World


@case("GET /user_management/users/{id}/identities", 200)
def test_identities_are_listed(world: World) -> None:
    world.seed(
        identities=[{"user_id": world.user_id, "provider": "GitHubOAuth", "idp_id": "42", "email": "a@b.example"}]
    )
    answer = world.client.get(f"/user_management/users/{world.user_id}/identities").json()
    assert answer == [{"idp_id": "42", "type": "OAuth", "provider": "GithubOAuth"}]


@case("GET /user_management/users/{user_id}/authorized_applications", 200)
@case("GET /organizations/{organization_id}/authorized_applications", 200)
@case("DELETE /user_management/users/{user_id}/authorized_applications/{application_id}", 204)
def test_an_authorized_application_is_listed_until_it_is_revoked(world: World) -> None:
    of_user = f"/user_management/users/{world.user_id}/authorized_applications"
    of_organization = f"/organizations/{world.organization_id}/authorized_applications"
    world.prepare("application_id")
    (authorized,) = world.client.get(of_user).json()["data"]
    assert world.client.get(of_organization).json()["data"] == [{**authorized, "user_id": world.user_id}]
    world.client.delete(f"{of_user}/{world.application_id}").raise_for_status()
    assert (world.client.get(of_user).json()["data"], world.client.get(of_organization).json()["data"]) == ([], [])


@case("POST /user_management/users/{user_id}/connected_accounts/{slug}", 201)
@case("GET /user_management/users/{user_id}/connected_accounts/{slug}", 200)
@case("PUT /user_management/users/{user_id}/connected_accounts/{slug}", 200)
@case("DELETE /user_management/users/{user_id}/connected_accounts/{slug}", 204)
def test_an_account_is_connected_changed_and_disconnected(world: World) -> None:
    account = f"/user_management/users/{world.user_id}/connected_accounts/{world.integration}"
    made = world.made(account, access_token="token", scopes=["repo"])
    assert world.client.get(account).json() == made
    changed = world.client.put(account, json={"state": "needs_reauthorization"}).json()
    assert changed["state"] == "needs_reauthorization"
    assert world.client.get(account).json() == changed
    world.client.delete(account).raise_for_status()
    assert world.client.get(account).status_code == 404


@case("GET /user_management/users/{user_id}/data_providers", 200)
def test_providers_are_listed_with_the_users_account(world: World) -> None:
    world.prepare("account_id")
    (provider,) = world.client.get(f"/user_management/users/{world.user_id}/data_providers").json()["data"]
    assert (provider["slug"], provider["connected_account"]["id"]) == (world.integration, world.account_id)


OF_ADA = {"user_id": World.user_id}
ACCOUNT = "/user_management/users/{user_id}/connected_accounts/{slug}"
PROVIDERS = "/user_management/users/{user_id}/data_providers"
APPLICATIONS = "/user_management/users/{user_id}/authorized_applications"


@refusals(
    unknown("GET /user_management/users/{id}/identities"),
    unknown(f"GET {APPLICATIONS}"),
    invalid(f"GET {APPLICATIONS}", **OF_ADA, query={"limit": 0}),
    unknown(f"DELETE {APPLICATIONS}/{{application_id}}"),
    refused(f"DELETE {APPLICATIONS}/{{application_id}}", 404, "entity_not_found", **OF_ADA),
    unknown("GET /organizations/{organization_id}/authorized_applications"),
    invalid(
        "GET /organizations/{organization_id}/authorized_applications",
        organization_id=World.organization_id,
        query={"limit": 0},
    ),
    *[without_key(f"{method} {ACCOUNT}") for method in ("GET", "POST", "PUT", "DELETE")],
    *[unknown(f"{method} {ACCOUNT}") for method in ("GET", "POST", "PUT", "DELETE")],
    refused(f"POST {ACCOUNT}", 404, "entity_not_found", **OF_ADA, json={"access_token": "token"}),
    refused(
        f"POST {ACCOUNT}", 409, **OF_ADA, slug=World.integration, json={"access_token": "token"}, given=World.account_id
    ),
    invalid(f"POST {ACCOUNT}", **OF_ADA, slug=World.integration, json={"refresh_token": "token"}),
    refused(f"POST {ACCOUNT}", 422, **OF_ADA, slug=World.invalid_integration, json={"access_token": "token"}),
    without_key(f"GET {PROVIDERS}"),
    unknown(f"GET {PROVIDERS}"),
    refused(
        f"GET {PROVIDERS}",
        404,
        "entity_not_found",
        **OF_ADA,
        query={"organization_id": "missing"},
        given=World.integration,
    ),
)
def test_it_is_refused(refusal: Refusal, world: World) -> None:
    refusal.check(world)
