"""Roles of the environment and of an organization."""

from __future__ import annotations

import re
from collections.abc import Sequence

import sqlalchemy as sa

from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, ApiError, BadRequest, NotFound
from mockserver.core.statements import Among, Query, Statement
from mockserver.events import service as events
from mockserver.roles.models import ORGANIZATION, Permission, Role, RolePermission
from mockserver.roles.permissions import (
    SystemPermission,
    get_permission,
    require_acceptable,
    require_slug,
)

_columns = Role.table.c
_OF_ENVIRONMENT = _columns.organization_id.is_(None)
_OF_ORGANIZATION = _columns.organization_id == sa.bindparam("organization_id")
_ORDER = (_columns.created_at, _columns.id)
_ENVIRONMENT_ROLES = Query(Role, _OF_ENVIRONMENT, order_by=_ORDER)
_ORGANIZATION_ROLES = Query(Role, _OF_ORGANIZATION, order_by=_ORDER)
_BY_SLUG = Query(Role, _OF_ENVIRONMENT, _columns.slug == sa.bindparam("slug"))
_BY_ORGANIZATION_SLUG = Query(Role, _OF_ORGANIZATION, _columns.slug == sa.bindparam("slug"))
_grants = RolePermission.table.c
_GRANTED = Statement(sa.select(_grants.slug).where(_grants.role_id == sa.bindparam("role_id")).order_by(_grants.slug))
_GRANTED_BY_EACH = Among(RolePermission, _grants.role_id, order_by=(_grants.slug,))

_GRANTING = Query(
    Role,
    sa.exists().where(_grants.role_id == _columns.id, _grants.permission_id == sa.bindparam("permission_id")),
    order_by=_ORDER,
)


class RoleSlugConflict(ApiError):
    status, code = 409, "role_slug_conflict"

    def __init__(self, slug: str) -> None:
        super().__init__(f"A role with the slug '{slug}' already exists.")


class OrganizationRoleSlugConflict(RoleSlugConflict):
    status, code = 409, "organization_role_slug_conflict"


class NotAnOrganizationRole(ApiError):
    status, code = 400, "bad_request"
    message = "Only roles of the organization itself can be changed or deleted here."


def shown(env: Environment, role: Role) -> JSON:
    return role.shown_with(permissions_of(env, role))


def all_shown(env: Environment, roles: Sequence[Role]) -> list[JSON]:
    permissions: dict[str, list[str]] = {role.id: [] for role in roles}
    for granted in env.among(_GRANTED_BY_EACH, permissions):
        permissions[granted.role_id].append(granted.slug)
    return [role.shown_with(permissions[role.id]) for role in roles]


def permissions_of(env: Environment, role: Role) -> list[str]:
    """The slugs, sorted."""
    return [slug for (slug,) in env.db.rows(_GRANTED, role_id=role.id)]


def environment_roles(env: Environment) -> list[Role]:
    """In order of priority, which is that of creation."""
    return env.all(_ENVIRONMENT_ROLES)


def roles_of(env: Environment, organization_id: str) -> list[Role]:
    """What a member of the organization can have: the environment's roles, then its own."""
    return environment_roles(env) + organization_roles(env, organization_id)


def organization_roles(env: Environment, organization_id: str) -> list[Role]:
    """Its own ones, in order of priority."""
    return env.all(_ORGANIZATION_ROLES, organization_id=organization_id)


def default_role(env: Environment) -> Role:
    """`member`, unless another environment role is the default; made when there is none."""
    roles = environment_roles(env)
    for role in roles:
        if role.is_default:
            return role
    member = next((role for role in roles if role.slug == "member"), None)
    if member is not None:
        return env.update(member, is_default=True, updated_at=member.updated_at)
    now = env.clock.now()
    return env.insert(Role(env.ids.new(Role.prefix), "member", None, "Member", None, ORGANIZATION, True, now, now))


def find_role(env: Environment, slug: str, organization_id: str | None) -> Role | None:
    """A role that members of the organization can have."""
    if organization_id is not None:
        own = env.first(_BY_ORGANIZATION_SLUG, organization_id=organization_id, slug=slug)
        if own is not None:
            return own
    return env.first(_BY_SLUG, slug=slug)


def get_role(env: Environment, slug: str, organization_id: str | None = None) -> Role:
    """Raises NotFound."""
    default_role(env)
    role = find_role(env, slug, organization_id)
    if role is None:
        raise NotFound(Role.label, slug)
    return role


def get_organization_role(env: Environment, slug: str, organization_id: str) -> Role:
    """One of the organization itself. Raises NotFound, NotAnOrganizationRole."""
    role = get_role(env, slug, organization_id)
    if role.organization_id is None:
        raise NotAnOrganizationRole
    return role


def get_own_role(env: Environment, slug: str, organization_id: str) -> Role:
    """One of the organization itself, for calls whose OpenAPI description has no 400. Raises NotFound."""
    role = get_role(env, slug, organization_id)
    if role.organization_id is None:
        raise NotFound(Role.label, slug)
    return role


def create_role(
    env: Environment,
    *,
    name: str,
    slug: str | None = None,
    organization_id: str | None = None,
    description: str | None = None,
    resource_type_slug: str | None = None,
) -> Role:
    """An organization's slug starts with `org-` and is made from the name when it is missing.

    Raises BadRequest, RequestInvalid, RoleSlugConflict, OrganizationRoleSlugConflict.
    """
    default_role(env)
    if slug is None:
        slug = "org-" + (re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "role")[:44]
    require_slug(slug)
    require_acceptable(name, description)
    if organization_id is not None and not slug.startswith("org-"):
        raise BadRequest("The slug of an organization's role must start with 'org-'.")
    if find_role(env, slug, organization_id) is not None:
        raise RoleSlugConflict(slug) if organization_id is None else OrganizationRoleSlugConflict(slug)
    now = env.clock.now()
    kind = resource_type_slug or ORGANIZATION
    role = env.insert(Role(env.ids.new(Role.prefix), slug, organization_id, name, description, kind, False, now, now))
    _record(env, role, "created")
    return role


def update_role(env: Environment, role: Role, **changes: str | None) -> Role:
    """Raises RequestInvalid. A call that changes nothing records no event."""
    require_acceptable(changes.get("name"), changes.get("description"))
    changes = {name: value for name, value in changes.items() if value != getattr(role, name)}
    if not changes:
        return role
    role = env.update(role, **changes)
    _record(env, role, "updated")
    return role


def set_permissions(env: Environment, role: Role, slugs: Sequence[str]) -> Role:
    """Replaces what the role grants. Raises NotFound for an unknown permission."""
    wanted = {slug: get_permission(env, slug) for slug in slugs}
    granted = set(permissions_of(env, role))
    for slug in granted - wanted.keys():
        _revoke(env, role, slug)
    for slug in wanted.keys() - granted:
        grant(env, role, wanted[slug])
    return role if granted == wanted.keys() else _touched(env, role)


def add_permission(env: Environment, role: Role, slug: str) -> Role:
    """Raises NotFound for an unknown permission; one that is granted already stays."""
    permission = get_permission(env, slug)
    if slug in permissions_of(env, role):
        return role
    grant(env, role, permission)
    return _touched(env, role)


def remove_permission(env: Environment, role: Role, slug: str) -> Role:
    """Raises NotFound for a permission that the role doesn't grant."""
    if slug not in permissions_of(env, role):
        raise NotFound(Permission.label, slug)
    _revoke(env, role, slug)
    return _touched(env, role)


def delete_permission(env: Environment, permission: Permission) -> None:
    """Every role that grants it loses it first. Raises SystemPermission."""
    if permission.system:
        raise SystemPermission
    env.deletion_may_take_long(permission)
    for role in env.all(_GRANTING, permission_id=permission.id):
        remove_permission(env, role, permission.slug)
    env.delete(permission)
    events.record(env, "permission.deleted", permission)


def grant(env: Environment, role: Role, permission: Permission) -> None:
    env.insert(RolePermission(f"{role.id}/{permission.id}", role.id, permission.id, permission.slug))


def _revoke(env: Environment, role: Role, slug: str) -> None:
    grant = env.find(RolePermission, f"{role.id}/{get_permission(env, slug).id}")
    if grant is not None:
        env.db.delete(grant)


def _touched(env: Environment, role: Role) -> Role:
    role = env.update(role)
    _record(env, role, "updated")
    return role


def _record(env: Environment, role: Role, what: str) -> None:
    family = "role" if role.organization_id is None else "organization_role"
    events.record(env, f"{family}.{what}", role.event_data_with(permissions_of(env, role)))


def delete_role(env: Environment, role: Role) -> None:
    """Of one that nobody holds: see `deletion.py`."""
    data = role.event_data_with(permissions_of(env, role))
    env.delete(role)
    events.record(env, "organization_role.deleted", data)
