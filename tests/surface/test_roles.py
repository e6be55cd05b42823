"""/authorization/roles, /authorization/permissions and an organization's roles"""

from __future__ import annotations

import pytest

from tests.organization_builders import create_role
from tests.surface.cases import Refusal, case, invalid, refusals, refused, unknown
from tests.surface.world import World

PERMISSIONS = "/authorization/permissions"
ROLES = "/authorization/roles"
ORGANIZATION_ROLES = "/authorization/organizations/{organizationId}/roles"
ORGANIZATION_ROLE = f"{ORGANIZATION_ROLES}/{{slug}}"


@case("POST /authorization/permissions", 201)
@case("GET /authorization/permissions/{slug}", 200)
@case("PATCH /authorization/permissions/{slug}", 200)
def test_a_permission_is_created_and_changed(world: World) -> None:
    made = world.made(PERMISSIONS, slug="posts:read", name="Read posts", description="All of them")
    assert world.client.get(f"{PERMISSIONS}/posts:read").json() == made
    changed = world.client.patch(f"{PERMISSIONS}/posts:read", json={"name": "Read", "description": None}).json()
    assert (changed["name"], changed["description"]) == ("Read", None)
    assert world.client.get(f"{PERMISSIONS}/posts:read").json() == changed


@case("DELETE /authorization/permissions/{slug}", 204)
@case("GET /authorization/permissions", 200)
def test_a_deleted_permission_is_not_listed(world: World) -> None:
    assert world.permission in [item["slug"] for item in world.client.get(PERMISSIONS).json()["data"]]
    world.client.delete(f"{PERMISSIONS}/{world.permission}").raise_for_status()
    assert world.permission not in [item["slug"] for item in world.client.get(PERMISSIONS).json()["data"]]


@case("POST /authorization/roles", 201)
@case("GET /authorization/roles/{slug}", 200)
@case("PATCH /authorization/roles/{slug}", 200)
@case("GET /authorization/roles", 200)
def test_a_role_is_created_and_changed(world: World) -> None:
    made = world.made(ROLES, slug="editor", name="Editor", description="Edits")
    assert world.client.get(f"{ROLES}/editor").json() == made
    changed = world.client.patch(f"{ROLES}/editor", json={"name": "Writer", "description": None}).json()
    assert (changed["name"], changed["description"]) == ("Writer", None)
    assert changed in world.client.get(ROLES).json()["data"]


@case("PUT /authorization/roles/{slug}/permissions", 200)
@case("POST /authorization/roles/{slug}/permissions", 200)
def test_a_role_grants_permissions(world: World) -> None:
    create_role(world.client, "editor", "posts:write")
    permissions = f"{ROLES}/editor/permissions"
    assert world.made(permissions, slug=world.permission)["permissions"] == ["posts:read", "posts:write"]
    assert world.client.put(permissions, json={"permissions": ["posts:read"]}).json()["permissions"] == ["posts:read"]
    assert world.client.get(f"{ROLES}/editor").json()["permissions"] == ["posts:read"]


@case("POST /authorization/organizations/{organizationId}/roles", 201)
@case("GET /authorization/organizations/{organizationId}/roles/{slug}", 200)
@case("PATCH /authorization/organizations/{organizationId}/roles/{slug}", 200)
@case("GET /authorization/organizations/{organizationId}/roles", 200)
def test_a_role_of_an_organization_is_created_and_changed(world: World) -> None:
    roles = f"/authorization/organizations/{world.organization_id}/roles"
    made = world.made(roles, name="Chief Editor")
    assert made["slug"] == "org-chief-editor"
    assert world.client.get(f"{roles}/{made['slug']}").json() == made
    changed = world.client.patch(f"{roles}/{made['slug']}", json={"description": "Decides"}).json()
    assert changed["description"] == "Decides"
    assert changed in world.client.get(roles).json()["data"]


@case("PUT /authorization/organizations/{organizationId}/roles/{slug}/permissions", 200)
@case("POST /authorization/organizations/{organizationId}/roles/{slug}/permissions", 200)
@case("DELETE /authorization/organizations/{organizationId}/roles/{slug}/permissions/{permissionSlug}", 200)
@case("DELETE /authorization/organizations/{organizationId}/roles/{slug}", 204)
def test_a_role_of_an_organization_grants_permissions_until_it_is_deleted(world: World) -> None:
    role = f"/authorization/organizations/{world.organization_id}/roles/{world.organization_role}"
    assert world.made(f"{role}/permissions", slug=world.permission)["permissions"] == ["posts:read"]
    assert world.client.delete(f"{role}/permissions/{world.permission}").json()["permissions"] == []
    granting = world.client.put(f"{role}/permissions", json={"permissions": [world.permission]}).json()
    assert granting["permissions"] == ["posts:read"]
    assert world.client.get(role).json() == granting
    world.client.delete(role).raise_for_status()
    assert world.client.get(role).status_code == 404


def hold_organization_role(world: World) -> None:
    membership = f"/user_management/organization_memberships/{world.membership_id}"
    world.client.put(membership, json={"role_slug": world.organization_role}).raise_for_status()


OF_ACME = {"organizationId": World.organization_id}
ORG_EDITOR = {**OF_ACME, "slug": World.organization_role}
LONG = "x" * 49


@refusals(
    invalid(f"POST {PERMISSIONS}", json={}),
    refused(f"POST {PERMISSIONS}", 400, "bad_request", json={"slug": "Not a slug!", "name": "Read"}),
    refused(f"POST {PERMISSIONS}", 409, "permission_slug_conflict", json={"slug": World.permission, "name": "Read"}),
    unknown(f"GET {PERMISSIONS}/{{slug}}"),
    unknown(f"PATCH {PERMISSIONS}/{{slug}}"),
    unknown(f"DELETE {PERMISSIONS}/{{slug}}"),
    invalid(f"PATCH {PERMISSIONS}/{{slug}}", slug=World.permission, json={"name": 1}),
    invalid(f"POST {ROLES}", json={}),
    refused(f"POST {ROLES}", 400, "bad_request", json={"slug": "Not a slug!", "name": "Editor"}),
    refused(f"POST {ROLES}", 409, "role_slug_conflict", json={"slug": World.role, "name": "Editor"}),
    unknown(f"GET {ROLES}/{{slug}}"),
    unknown(f"PATCH {ROLES}/{{slug}}"),
    invalid(f"PATCH {ROLES}/{{slug}}", slug=World.role, json={"name": LONG}),
    refused(f"PUT {ROLES}/{{slug}}/permissions", 404, "entity_not_found", json={"permissions": []}),
    invalid(f"PUT {ROLES}/{{slug}}/permissions", slug=World.role, json={}),
    refused(f"POST {ROLES}/{{slug}}/permissions", 404, "entity_not_found", json={"slug": "posts:read"}),
    invalid(f"POST {ROLES}/{{slug}}/permissions", slug=World.role, json={}),
    refused(f"POST {ORGANIZATION_ROLES}", 404, "entity_not_found", json={"name": "Editor"}),
    invalid(f"POST {ORGANIZATION_ROLES}", **OF_ACME, json={}),
    refused(f"POST {ORGANIZATION_ROLES}", 400, "bad_request", **OF_ACME, json={"slug": "editor", "name": "Editor"}),
    refused(
        f"POST {ORGANIZATION_ROLES}",
        409,
        "organization_role_slug_conflict",
        **OF_ACME,
        json={"slug": World.organization_role, "name": "Editor"},
    ),
    unknown(f"GET {ORGANIZATION_ROLES}"),
    unknown(f"GET {ORGANIZATION_ROLE}"),
    refused(f"GET {ORGANIZATION_ROLE}", 404, "entity_not_found", **OF_ACME),
    unknown(f"PATCH {ORGANIZATION_ROLE}"),
    invalid(f"PATCH {ORGANIZATION_ROLE}", **ORG_EDITOR, json={"name": 1}),
    refused(f"PATCH {ORGANIZATION_ROLE}", 400, "bad_request", **OF_ACME, slug=World.role, json={"name": "Mine"}),
    unknown(f"DELETE {ORGANIZATION_ROLE}"),
    refused(f"DELETE {ORGANIZATION_ROLE}", 400, "bad_request", **OF_ACME, slug=World.role),
    refused(f"DELETE {ORGANIZATION_ROLE}", 409, "role_has_assignments", **ORG_EDITOR, given=hold_organization_role),
    refused(f"PUT {ORGANIZATION_ROLE}/permissions", 404, "entity_not_found", json={"permissions": []}),
    invalid(f"PUT {ORGANIZATION_ROLE}/permissions", **ORG_EDITOR, json={}),
    refused(f"POST {ORGANIZATION_ROLE}/permissions", 404, "entity_not_found", json={"slug": "posts:read"}),
    invalid(f"POST {ORGANIZATION_ROLE}/permissions", **ORG_EDITOR, json={}),
    refused(
        f"POST {ORGANIZATION_ROLE}/permissions",
        400,
        "bad_request",
        **OF_ACME,
        slug=World.role,
        json={"slug": World.permission},
    ),
    refused(f"DELETE {ORGANIZATION_ROLE}/permissions/{{permissionSlug}}", 404, "entity_not_found", **ORG_EDITOR),
)
def test_it_is_refused(refusal: Refusal, world: World) -> None:
    refusal.check(world)


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("of", ["environment", "organization"])
def test_an_unknown_permission_cannot_be_granted(world: World, method: str, of: str) -> None:
    role = f"{ROLES}/{world.role}"
    if of == "organization":
        role = f"/authorization/organizations/{world.organization_id}/roles/{world.organization_role}"
    body = {"permissions": ["unknown"]} if method == "PUT" else {"slug": "unknown"}
    assert world.client.request(method, f"{role}/permissions", json=body).status_code in (404, 422)
