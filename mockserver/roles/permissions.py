"""Permissions: made, changed and deleted."""

from __future__ import annotations

import re

import sqlalchemy as sa

from mockserver.core.environment import Environment
from mockserver.core.errors import ApiError, BadRequest, NotFound, RequestInvalid, field_error
from mockserver.core.pagination import Listing, Page, Pagination
from mockserver.core.statements import Query
from mockserver.events import service as events
from mockserver.roles.models import Permission

LONGEST_NAME = 48  # that of a slug too
LONGEST_DESCRIPTION = 150

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
    env: Environment, *, slug: str, name: str, description: str | None = None, resource_type_slug: str | None = None
) -> Permission:
    """Raises BadRequest, RequestInvalid, PermissionSlugConflict."""
    require_slug(slug, others="-_.:*")
    require_acceptable(name, description)
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
    """Raises RequestInvalid. A call that changes nothing records no event."""
    require_acceptable(changes.get("name"), changes.get("description"))
    changes = {name: value for name, value in changes.items() if value != getattr(permission, name)}
    if not changes:
        return permission
    permission = env.update(permission, **changes)
    events.record(env, "permission.updated", permission)
    return permission


def require_slug(slug: str, *, others: str = "-_") -> None:
    """`others` are the characters allowed besides letters and digits. Raises BadRequest."""
    if not re.fullmatch(f"[a-z0-9{re.escape(others)}]{{1,{LONGEST_NAME}}}", slug):
        raise BadRequest(f"A slug has 1 to {LONGEST_NAME} of the characters a-z 0-9 {' '.join(others)}")


def require_acceptable(name: str | None, description: str | None) -> None:
    """Raises RequestInvalid: 422 is what the OpenAPI document has for all the calls that send them."""
    if name is not None and len(name) > LONGEST_NAME:
        raise RequestInvalid([field_error("name", "name_invalid", f"Name has at most {LONGEST_NAME} characters.")])
    if description is not None and len(description) > LONGEST_DESCRIPTION:
        message = f"Description has at most {LONGEST_DESCRIPTION} characters."
        raise RequestInvalid([field_error("description", "description_invalid", message)])
