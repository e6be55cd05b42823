"""Permissions: made, changed and deleted."""

from __future__ import annotations

import re

import sqlalchemy as sa

from mockserver.core.database import Query
from mockserver.core.environment import Environment
from mockserver.core.errors import ApiError, NotFound, RequestInvalid, field_error
from mockserver.core.pagination import Listing, Page, Pagination
from mockserver.events import service as events
from mockserver.roles.models import Permission

_BY_SLUG = Query(Permission, Permission.table.c.slug == sa.bindparam("slug"))
_LISTING = Listing(Permission)


class PermissionSlugConflict(ApiError):
    status, code = 409, "permission_slug_conflict"

    def __init__(self, slug: str) -> None:
        super().__init__(f"A permission with the slug '{slug}' already exists.")


class SystemPermission(ApiError):
    status = 403
    message = "System permissions cannot be deleted."


def list_permissions(env: Environment, pagination: Pagination) -> Page[Permission]:
    return env.page(_LISTING, pagination)


def find_permission(env: Environment, slug: str) -> Permission | None:
    return env.first(_BY_SLUG, slug=slug)


def get_permission(env: Environment, slug: str) -> Permission:
    """Raises NotFound."""
    permission = find_permission(env, slug)
    if permission is None:
        raise NotFound(Permission.label, slug)
    return permission


def create_permission(
    env: Environment, *, slug: str, name: str, description: str | None, resource_type_slug: str | None = None
) -> Permission:
    require_slug(slug, r"[a-z0-9_.:*-]")
    if find_permission(env, slug) is not None:
        raise PermissionSlugConflict(slug)
    now = env.clock.now()
    permission = env.insert(
        Permission(
            env.ids.new(Permission.prefix),
            slug,
            name,
            description,
            False,
            resource_type_slug or "organization",
            now,
            now,
        )
    )
    events.record(env, "permission.created", permission)
    return permission


def update_permission(env: Environment, permission: Permission, **changes: str | None) -> Permission:
    changes = {name: value for name, value in changes.items() if value != getattr(permission, name)}
    if not changes:
        return permission
    permission = env.update(permission, **changes)
    events.record(env, "permission.updated", permission)
    return permission


def delete_permission(env: Environment, permission: Permission) -> None:
    """Every role that grants it loses it."""
    if permission.system:
        raise SystemPermission
    env.delete(permission)
    events.record(env, "permission.deleted", permission)


def require_slug(slug: str, characters: str = r"[a-z0-9_-]") -> None:
    """Raises RequestInvalid."""
    if not re.fullmatch(f"{characters}{{1,48}}", slug):
        message = f"Slug must have 1 to 48 of the characters {characters}."
        raise RequestInvalid([field_error("slug", "slug_invalid", message)])
