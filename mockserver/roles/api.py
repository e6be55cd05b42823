"""/authorization/roles, /authorization/permissions and an organization's roles, of which older SDKs know a path too"""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from mockserver import deletion
from mockserver.core.bodies import Body, NonEmpty
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.pagination import Page, Pagination
from mockserver.core.routing import delete, get, patch, post, put
from mockserver.organizations.models import Organization
from mockserver.roles import permissions, service
from mockserver.roles.models import Permission, Role


class CreateNamed(Body):
    slug: NonEmpty
    name: NonEmpty
    description: str | None = None
    resource_type_slug: NonEmpty | None = None


class CreateOrganizationRole(Body):
    name: NonEmpty
    slug: NonEmpty | None = None
    description: str | None = None
    resource_type_slug: NonEmpty | None = None


class UpdateNamed(Body):
    name: NonEmpty | UnsetType = UNSET
    description: str | UnsetType | None = UNSET


class SetPermissions(Body):
    permissions: list[str]


class AddPermission(Body):
    slug: NonEmpty


def _list(env: Environment, roles: list[Role]) -> JSON:
    """Roles are not paginated; the empty cursors harm no SDK."""
    metadata = {"before": None, "after": None}
    return {"object": "list", "data": service.all_shown(env, roles), "list_metadata": metadata}


@post("/authorization/roles", status=201)
def create_role(env: Environment, body: CreateNamed) -> JSON:
    return service.shown(env, service.create_role(env, **body.changes()))


@get("/authorization/roles")
def list_roles(env: Environment) -> JSON:
    service.default_role(env)
    return _list(env, service.environment_roles(env))


@get("/authorization/roles/{slug}")
def get_role(env: Environment, slug: str) -> JSON:
    return service.shown(env, service.get_role(env, slug))


@patch("/authorization/roles/{slug}")
def update_role(env: Environment, slug: str, body: UpdateNamed) -> JSON:
    return service.shown(env, service.update_role(env, service.get_role(env, slug), **body.changes()))


@put("/authorization/roles/{slug}/permissions")
def set_permissions(env: Environment, slug: str, body: SetPermissions) -> JSON:
    return service.shown(env, service.set_permissions(env, service.get_role(env, slug), body.permissions))


@post("/authorization/roles/{slug}/permissions")
def add_permission(env: Environment, slug: str, body: AddPermission) -> JSON:
    return service.shown(env, service.add_permission(env, service.get_role(env, slug), body.slug))


@post("/authorization/organizations/{organization_id}/roles", status=201)
def create_organization_role(env: Environment, organization_id: str, body: CreateOrganizationRole) -> JSON:
    organization = env.get(Organization, organization_id)
    return service.shown(env, service.create_role(env, organization_id=organization.id, **body.changes()))


@get("/authorization/organizations/{organization_id}/roles")
def list_organization_roles(env: Environment, organization_id: str) -> JSON:
    organization = env.get(Organization, organization_id)
    service.default_role(env)
    return _list(env, service.roles_of(env, organization.id))


@get("/organizations/{organization_id}/roles")
def list_roles_for_older_sdks(env: Environment, organization_id: str) -> JSON:
    """Node 7 and 8, Python 5, Ruby 6, PHP 4, Go 4; without cursors (recorded by workos-node in December 2024)."""
    organization = env.get(Organization, organization_id)
    service.default_role(env)
    return {"object": "list", "data": service.all_shown(env, service.roles_of(env, organization.id))}


@get("/authorization/organizations/{organization_id}/roles/{slug}")
def get_organization_role(env: Environment, organization_id: str, slug: str) -> JSON:
    return service.shown(env, service.get_role(env, slug, env.get(Organization, organization_id).id))


@patch("/authorization/organizations/{organization_id}/roles/{slug}")
def update_organization_role(env: Environment, organization_id: str, slug: str, body: UpdateNamed) -> JSON:
    role = service.get_organization_role(env, slug, env.get(Organization, organization_id).id)
    return service.shown(env, service.update_role(env, role, **body.changes()))


@delete("/authorization/organizations/{organization_id}/roles/{slug}", status=204)
def delete_organization_role(env: Environment, organization_id: str, slug: str) -> None:
    role = service.get_organization_role(env, slug, env.get(Organization, organization_id).id)
    deletion.delete_role(env, role)


@put("/authorization/organizations/{organization_id}/roles/{slug}/permissions")
def set_organization_role_permissions(env: Environment, organization_id: str, slug: str, body: SetPermissions) -> JSON:
    role = service.get_own_role(env, slug, env.get(Organization, organization_id).id)
    return service.shown(env, service.set_permissions(env, role, body.permissions))


@post("/authorization/organizations/{organization_id}/roles/{slug}/permissions")
def add_organization_role_permission(env: Environment, organization_id: str, slug: str, body: AddPermission) -> JSON:
    role = service.get_organization_role(env, slug, env.get(Organization, organization_id).id)
    return service.shown(env, service.add_permission(env, role, body.slug))


@delete("/authorization/organizations/{organization_id}/roles/{slug}/permissions/{permission_slug}")
def remove_organization_role_permission(
    env: Environment, organization_id: str, slug: str, permission_slug: str
) -> JSON:
    role = service.get_own_role(env, slug, env.get(Organization, organization_id).id)
    return service.shown(env, service.remove_permission(env, role, permission_slug))


@post("/authorization/permissions", status=201)
def create_permission(env: Environment, body: CreateNamed) -> Permission:
    return permissions.create_permission(env, **body.changes())


@get("/authorization/permissions")
def list_permissions(env: Environment, query: Pagination) -> Page[Permission]:
    return permissions.list_permissions(env, query)


@get("/authorization/permissions/{slug}")
def get_permission(env: Environment, slug: str) -> Permission:
    return permissions.get_permission(env, slug)


@patch("/authorization/permissions/{slug}")
def update_permission(env: Environment, slug: str, body: UpdateNamed) -> Permission:
    return permissions.update_permission(env, permissions.get_permission(env, slug), **body.changes())


@delete("/authorization/permissions/{slug}", status=204)
def delete_permission(env: Environment, slug: str) -> None:
    service.delete_permission(env, permissions.get_permission(env, slug))
