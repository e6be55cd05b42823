"""Which flags are on: a disabled one is off, else the user's target decides, the organization's, the default value."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, ApiError, NotFound
from mockserver.core.pagination import Listing, Page, Pagination
from mockserver.core.statements import Query, Statement
from mockserver.events import service as events
from mockserver.feature_flags.models import FeatureFlag, FlagTarget
from mockserver.memberships.models import Membership
from mockserver.organizations.models import Organization
from mockserver.users.models import User

_flags = FeatureFlag.table.c
_targets = FlagTarget.table.c
_BY_SLUG = Query(FeatureFlag, _flags.slug == sa.bindparam("slug"))
_of_flag = _targets.flag_id == sa.bindparam("flag_id")
_TARGETS = Query(FlagTarget, _of_flag, order_by=(_targets.id,))
_TARGET_USER = Query(FlagTarget, _of_flag, _targets.user_id == sa.bindparam("resource_id"))
_TARGET_ORGANIZATION = Query(FlagTarget, _of_flag, _targets.organization_id == sa.bindparam("resource_id"))


def _value_for(column: str, key: sa.ColumnElement[Any]) -> sa.ScalarSelect[bool]:
    """What the target with this key says of the flag; NULL without one."""
    targets = FlagTarget.table.alias()
    return (
        sa.select(targets.c.enabled)
        .where(targets.c.flag_id == _flags.id, targets.c[column] == key)
        .correlate(FeatureFlag.table, Membership.table)
        .scalar_subquery()
    )


_of_user = _value_for("user_id", sa.bindparam("user_id"))
_of_organization = _value_for("organization_id", sa.bindparam("organization_id"))


def _is_on(*values: Any) -> sa.ColumnElement[bool]:
    return sa.and_(_flags.enabled, sa.func.coalesce(*values, _flags.default_value))


def _is_on_in_some_organization() -> sa.ColumnElement[bool]:
    """What one of the user's organizations has is on for the user too."""
    members = Membership.table.c
    is_member = sa.and_(members.user_id == sa.bindparam("user_id"), members.status == "active")
    is_on_there = sa.func.coalesce(_value_for("organization_id", members.organization_id), _flags.default_value)
    memberships = sa.select(members.id).where(is_member).correlate(FeatureFlag.table)
    return sa.or_(
        memberships.where(is_on_there).exists(),
        sa.and_(_flags.default_value, sa.not_(memberships.exists())),
    )


_LISTING = Listing(FeatureFlag)
_OF_ORGANIZATION = Listing(FeatureFlag, organization_id=_is_on(_of_organization))
_OF_USER = Listing(FeatureFlag, user_id=_is_on(_of_user, _is_on_in_some_organization()))
_ENABLED_SLUGS = Statement(
    sa.select(_flags.slug).where(_is_on(_of_user, _of_organization)).order_by(_flags.slug),
)


class InvalidResourceId(ApiError):
    status, code = 400, "invalid_resource_id_format"
    message = "Invalid resource id"

    def __init__(self) -> None:
        super().__init__(statusCode=400)


def list_flags(env: Environment, pagination: Pagination) -> Page[FeatureFlag]:
    return env.page(_LISTING, pagination)


def list_flags_of_user(env: Environment, user: User, pagination: Pagination) -> Page[FeatureFlag]:
    """Those that are on for the user, or for an organization with the user as an active member."""
    return env.page(_OF_USER, pagination, user_id=user.id)


def list_flags_of_organization(
    env: Environment, organization: Organization, pagination: Pagination
) -> Page[FeatureFlag]:
    """Those that are on."""
    return env.page(_OF_ORGANIZATION, pagination, organization_id=organization.id)


def enabled_slugs(env: Environment, user_id: str, organization_id: str | None) -> list[str]:
    """What is on for a user who works in an organization, or in none; sorted."""
    rows = env.db.rows(_ENABLED_SLUGS, user_id=user_id, organization_id=organization_id)
    return [slug for (slug,) in rows]


def get_flag(env: Environment, slug: str) -> FeatureFlag:
    """Raises NotFound."""
    flag = env.first(_BY_SLUG, slug=slug)
    if flag is None:
        raise NotFound(FeatureFlag.label, slug)
    return flag


def targets_of(env: Environment, flag: FeatureFlag) -> list[FlagTarget]:
    return env.all(_TARGETS, flag_id=flag.id)


def switch(env: Environment, flag: FeatureFlag, *, enabled: bool) -> FeatureFlag:
    """A flag that is so already stays as it is."""
    if flag.enabled == enabled:
        return flag
    flag = env.update(flag, enabled=enabled)
    previous = {"data": {"enabled": not enabled}}
    _record(env, "flag.updated", flag, previous_attributes=previous)
    return flag


def add_target(env: Environment, flag: FeatureFlag, resource_id: str) -> None:
    """On for the user or organization, whatever it was before. Raises InvalidResourceId, NotFound."""
    resource = _resource(env, resource_id)
    existing = _find_target(env, flag, resource)
    if existing is not None and existing.enabled:
        return
    before = _configured_targets(env, flag)
    set_target(env, flag, resource, enabled=True)
    _record_rule(env, env.update(flag), before)


def remove_target(env: Environment, flag: FeatureFlag, resource_id: str) -> None:
    """Raises InvalidResourceId, NotFound (also for what is no target)."""
    target = _find_target(env, flag, _resource(env, resource_id))
    if target is None:
        raise NotFound(FlagTarget.label, resource_id)
    before = _configured_targets(env, flag)
    env.delete(target)
    _record_rule(env, env.update(flag), before)


def set_target(env: Environment, flag: FeatureFlag, resource: User | Organization, *, enabled: bool) -> FlagTarget:
    """Without an event."""
    existing = _find_target(env, flag, resource)
    if existing is not None:
        return env.update(existing, enabled=enabled)
    user_id = resource.id if isinstance(resource, User) else None
    organization_id = resource.id if isinstance(resource, Organization) else None
    return env.insert(FlagTarget(env.ids.new(FlagTarget.prefix), flag.id, user_id, organization_id, enabled))


def _find_target(env: Environment, flag: FeatureFlag, resource: User | Organization) -> FlagTarget | None:
    query = _TARGET_USER if isinstance(resource, User) else _TARGET_ORGANIZATION
    return env.first(query, flag_id=flag.id, resource_id=resource.id)


def _resource(env: Environment, id: str) -> User | Organization:
    """An id tells by its prefix what it names; one that was pinned without a prefix by being found."""
    found = env.find(User, id) or env.find(Organization, id)
    if found is not None:
        return found
    if id.startswith("user_"):
        raise NotFound(User.label, id)
    if id.startswith("org_"):
        raise NotFound(Organization.label, id)
    raise InvalidResourceId


def _record_rule(env: Environment, flag: FeatureFlag, before: JSON) -> None:
    after = _configured_targets(env, flag)
    access = "all" if flag.default_value else "some" if any(after.values()) else "none"
    previous = {"context": {"configured_targets": before}}
    _record(env, "flag.rule_updated", flag, access_type=access, configured_targets=after, previous_attributes=previous)


def _configured_targets(env: Environment, flag: FeatureFlag) -> JSON:
    """Those the flag is on for, as events tell them."""
    enabled = [target for target in targets_of(env, flag) if target.enabled]
    users = [env.get(User, target.user_id) for target in enabled if target.user_id is not None]
    organizations = [
        env.get(Organization, target.organization_id) for target in enabled if target.organization_id is not None
    ]
    return {
        "organizations": [{"id": organization.id, "name": organization.name} for organization in organizations],
        "users": [{"id": user.id, "email": user.email} for user in users],
    }


def _record(env: Environment, name: str, flag: FeatureFlag, **context: Any) -> None:
    """Events of flags say more than others: the environment, and who changed what (contract: events, 9.2 and 9.4)."""
    client_id = env.keys.client_id
    data = {**flag.shown(), "environment_id": f"environment_{client_id.removeprefix('client_')}"}
    actor = {"id": client_id, "source": "api", "name": None}
    events.record(env, name, data, context={"client_id": client_id, "actor": actor, **context})
