"""Roles and permissions."""

from __future__ import annotations

from workos import BadRequestError, ConflictError, NotFoundError, WorkOSClient
from workos.organization_membership import RoleSingle
from world import World, raises

from version_10 import client_of, create_user
from version_10.memberships import join
from version_10.organizations import create_organization


def create_permissions(client: WorkOSClient, *slugs: str) -> None:
    for slug in slugs:
        client.authorization.create_permission(slug=slug, name=slug.title())


def check_life_of_a_permission(world: World) -> None:
    authorization = client_of(world).authorization
    made = authorization.create_permission(slug="documents:read", name="Read", description="All of them")
    assert (made.slug, made.description, made.system) == ("documents:read", "All of them", False)
    changed = authorization.update_permission("documents:read", name="Read all")
    assert (changed.id, changed.name) == (made.id, "Read all")
    assert authorization.get_permission("documents:read").name == "Read all"
    with raises(ConflictError) as refusal:
        authorization.create_permission(slug="documents:read", name="Read")
    assert refusal.error.code == "permission_slug_conflict"
    with raises(BadRequestError) as refusal:
        authorization.create_permission(slug="No Slug", name="Read")
    assert refusal.error.code == "bad_request"
    authorization.delete_permission("documents:read")
    with raises(NotFoundError):
        authorization.get_permission("documents:read")


def check_permissions_are_paged(world: World) -> None:
    client = client_of(world)
    slugs = [f"permission-{number}" for number in range(5)]
    create_permissions(client, *slugs)
    pages = client.authorization.list_permissions(limit=2, order="asc").auto_paging_iter()
    assert [permission.slug for permission in pages] == slugs


def check_life_of_an_environment_role(world: World) -> None:
    client = client_of(world)
    authorization = client.authorization
    create_permissions(client, "read", "write")
    made = authorization.create_environment_role(slug="editor", name="Editor", description="Edits")
    assert (made.slug, made.description, made.permissions) == ("editor", "Edits", [])
    assert authorization.set_environment_role_permissions("editor", permissions=["read"]).permissions == ["read"]
    assert authorization.add_environment_role_permission("editor", body_slug="write").permissions == ["read", "write"]
    assert authorization.update_environment_role("editor", name="Chief").name == "Chief"
    assert authorization.get_environment_role("editor").permissions == ["read", "write"]
    assert [role.slug for role in authorization.list_environment_roles().data] == ["member", "editor"]
    with raises(ConflictError) as refusal:
        authorization.create_environment_role(slug="editor", name="Editor")
    assert refusal.error.code == "role_slug_conflict"
    with raises(NotFoundError):
        authorization.set_environment_role_permissions("editor", permissions=["unknown"])
    with raises(NotFoundError):
        authorization.get_environment_role("unknown")


def check_life_of_an_organization_role(world: World) -> None:
    client = client_of(world)
    authorization, organization = client.authorization, create_organization(client)
    create_permissions(client, "read", "write")
    made = authorization.create_organization_role(organization.id, name="Auditor")
    assert (made.slug, made.type.value) == ("org-auditor", "OrganizationRole")
    place = (organization.id, made.slug)
    assert authorization.set_organization_role_permissions(*place, permissions=["read"]).permissions == ["read"]
    assert authorization.add_organization_role_permission(*place, body_slug="write").permissions == ["read", "write"]
    authorization.remove_organization_role_permission(*place, "read")
    assert authorization.update_organization_role(*place, name="Inspector").name == "Inspector"
    assert authorization.get_organization_role(*place).permissions == ["write"]
    assert [role.slug for role in authorization.list_organization_roles(organization.id).data] == ["member", made.slug]
    authorization.delete_organization_role(*place)
    with raises(NotFoundError):
        authorization.get_organization_role(*place)


def check_organization_roles_that_are_refused(world: World) -> None:
    client = client_of(world)
    authorization, organization = client.authorization, create_organization(client)
    slug = authorization.create_organization_role(organization.id, name="Auditor").slug
    with raises(ConflictError) as refusal:
        authorization.create_organization_role(organization.id, name="Auditor", slug=slug)
    assert refusal.error.code == "organization_role_slug_conflict"
    with raises(BadRequestError) as refusal:
        authorization.delete_organization_role(organization.id, "member")
    assert refusal.error.code == "bad_request"
    join(client, create_user(client), organization, role=RoleSingle(slug))
    with raises(ConflictError) as refusal:
        authorization.delete_organization_role(organization.id, slug)
    assert refusal.error.code == "role_has_assignments"
