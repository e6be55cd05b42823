"""What may happen to memberships, and what follows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, RequestInvalid, field_error
from mockserver.core.pagination import Listing, Pagination
from mockserver.core.statements import Query, RowsAmong, Statement
from mockserver.events import service as events
from mockserver.memberships.errors import (
    CannotDeactivatePending,
    CannotReactivatePending,
    FilterMissing,
    InvalidRole,
    InvalidStatus,
    MembershipAlreadyExists,
    MultipleRolesNotEnabled,
    SubResourceRole,
)
from mockserver.memberships.models import Membership, MembershipRole
from mockserver.organizations.models import Organization
from mockserver.roles import service as roles
from mockserver.roles.models import Role
from mockserver.sessions import service as sessions
from mockserver.users.models import User

STATUSES = ("active", "inactive", "pending")

_columns = Membership.table.c
_OF_USER = _columns.user_id == sa.bindparam("user_id")
_OF_ORGANIZATION = _columns.organization_id == sa.bindparam("organization_id")
_PAIR = Query(Membership, _OF_USER, _OF_ORGANIZATION)
_ALL_OF_USER = Query(Membership, _OF_USER, order_by=(_columns.created_at, _columns.id))
_ALL_OF_ORGANIZATION = Query(Membership, _OF_ORGANIZATION, order_by=(_columns.created_at, _columns.id))
_LISTING = Listing(
    Membership,
    user_id=_OF_USER,
    organization_id=_OF_ORGANIZATION,
    status=_columns.status == sa.bindparam("status"),
    statuses=[_columns.status == sa.bindparam(f"status_{index}") for index in range(len(STATUSES))],
)
_held, _roles = MembershipRole.table.c, Role.table.c
_HELD_BY = RowsAmong(  # in the order of their priority
    sa.select(
        _roles.organization_id.is_not(None), _roles.created_at, _roles.id, _roles.slug, _held.membership_id
    ).where(_roles.id == _held.role_id),
    _held.membership_id,
)
_ROLE_IDS = Statement(
    sa.select(MembershipRole.table.c.role_id).where(
        MembershipRole.table.c.membership_id == sa.bindparam("membership_id")
    )
)
_DROP_ROLES = Statement(
    sa.delete(MembershipRole.table).where(MembershipRole.table.c.membership_id == sa.bindparam("membership_id"))
)
_HOLDERS = Query(MembershipRole, MembershipRole.table.c.role_id == sa.bindparam("role_id"), limit=1)


def find_membership(env: Environment, user_id: str, organization_id: str) -> Membership | None:
    return env.first(_PAIR, user_id=user_id, organization_id=organization_id)


def is_active_member(env: Environment, user_id: str, organization_id: str) -> bool:
    membership = find_membership(env, user_id, organization_id)
    return membership is not None and membership.status == "active"


def memberships_of_user(env: Environment, user_id: str) -> list[Membership]:
    return env.all(_ALL_OF_USER, user_id=user_id)


def memberships_of_organization(env: Environment, organization_id: str) -> list[Membership]:
    return env.all(_ALL_OF_ORGANIZATION, organization_id=organization_id)


def roles_of(env: Environment, membership: Membership) -> list[Role]:
    """The one of the highest priority first. Nobody is without a role: the default one stands in."""
    held = {role_id for (role_id,) in env.db.rows(_ROLE_IDS, membership_id=membership.id)}
    if len(held) == 1:
        return [env.get(Role, held.pop())]
    ordered = [role for role in roles.roles_of(env, membership.organization_id) if role.id in held]
    return ordered or [roles.default_role(env)]


def role_slugs(env: Environment, membership: Membership) -> list[str]:
    return [role.slug for role in roles_of(env, membership)]


def is_role_held(env: Environment, role: Role) -> bool:
    return env.first(_HOLDERS, role_id=role.id) is not None


def shown(env: Environment, membership: Membership) -> JSON:
    organization = env.get(Organization, membership.organization_id)
    user = env.get(User, membership.user_id)
    return membership.shown_with(organization.name, role_slugs(env, membership), user)


def list_memberships(
    env: Environment,
    pagination: Pagination,
    *,
    user_id: str | None,
    organization_id: str | None,
    statuses: Sequence[str],
) -> JSON:
    """Active ones only, unless `statuses` says otherwise. Raises FilterMissing, InvalidStatus, NotFound."""
    if user_id is None and organization_id is None:
        raise FilterMissing
    values: dict[str, Any] = {}
    if user_id is not None:
        values["user_id"] = env.get(User, user_id).id
    organization = None if organization_id is None else env.get(Organization, organization_id)
    if organization is not None:
        values["organization_id"] = organization.id
    wanted = list(dict.fromkeys(statuses)) or ["active"]
    for status in wanted:
        if status not in STATUSES:
            raise InvalidStatus(status)
    if len(wanted) == 1:
        values["status"] = wanted[0]
    else:
        values["statuses"] = True
        values |= {f"status_{index}": status for index, status in enumerate(wanted)}
    page = env.page(_LISTING, pagination, **values)
    names = _organization_names(env, organization, page.data)
    users = env.by_id(User, [membership.user_id for membership in page.data])
    slugs = _slugs_by_membership(env, page.data)
    return page.shown_as(
        lambda membership: membership.shown_with(
            names[membership.organization_id], slugs[membership.id], users[membership.user_id]
        )
    )


def _organization_names(
    env: Environment, only: Organization | None, memberships: Sequence[Membership]
) -> dict[str, str]:
    """By id; `only` is the one of all, where it is known."""
    if only is not None:
        return {only.id: only.name}
    found = env.by_id(Organization, [membership.organization_id for membership in memberships])
    return {id: organization.name for id, organization in found.items()}


def _slugs_by_membership(env: Environment, memberships: Sequence[Membership]) -> dict[str, list[str]]:
    """What `role_slugs` says of each, by the id of the membership."""
    slugs: dict[str, list[str]] = {membership.id: [] for membership in memberships}
    for *_, slug, membership_id in sorted(env.db.rows_among(_HELD_BY, slugs)):
        slugs[membership_id].append(slug)
    if not all(slugs.values()):
        default = roles.default_role(env).slug
        return {id: own or [default] for id, own in slugs.items()}
    return slugs


def create_membership(
    env: Environment, user: User, organization: Organization, *, slugs: Sequence[str] = ()
) -> Membership:
    """An active membership; an inactive one of the same pair comes back to life with these roles."""
    chosen = _chosen_roles(env, organization.id, slugs)
    existing = find_membership(env, user.id, organization.id)
    if existing is None:
        return insert_membership(env, user, organization.id, "active", chosen)
    if existing.status == "active":
        raise MembershipAlreadyExists
    if existing.status == "pending":
        raise CannotReactivatePending
    return activate(env, existing, chosen)


def insert_membership(
    env: Environment,
    user: User,
    organization_id: str,
    status: str,
    chosen: Sequence[Role],
    custom_attributes: JSON | None = None,
) -> Membership:
    now = env.clock.now()
    membership = env.insert(
        Membership(
            id=env.ids.new(Membership.prefix),
            user_id=user.id,
            organization_id=organization_id,
            user_created_at=user.created_at,
            status=status,
            directory_managed=False,
            custom_attributes=custom_attributes or {},
            created_at=now,
            updated_at=now,
        )
    )
    set_roles(env, membership, chosen)
    _record(env, membership, "created")
    return membership


def activate(env: Environment, membership: Membership, chosen: Sequence[Role] | None = None) -> Membership:
    """From pending or inactive; with other roles when some are named."""
    membership = env.update(membership, status="active")
    if chosen is not None:
        set_roles(env, membership, chosen)
    _record(env, membership, "updated")
    return membership


def update_membership(env: Environment, membership: Membership, *, slugs: Sequence[str]) -> Membership:
    """Replaces the roles; without any named nothing changes."""
    if not slugs:
        return membership
    return give_roles(env, membership, _chosen_roles(env, membership.organization_id, slugs))


def give_roles(env: Environment, membership: Membership, chosen: Sequence[Role]) -> Membership:
    """In the place of those it has. Without a difference no event is recorded."""
    if {role.id for role in chosen} == {role.id for role in roles_of(env, membership)}:
        return membership
    set_roles(env, membership, chosen)
    membership = env.update(membership)
    _record(env, membership, "updated")
    return membership


def deactivate(env: Environment, membership: Membership) -> Membership:
    """The member's sessions in that organization end."""
    if membership.status == "pending":
        raise CannotDeactivatePending
    if membership.status == "inactive":
        return membership
    membership = env.update(membership, status="inactive")
    _record(env, membership, "updated")
    sessions.revoke_sessions_of(env, membership.user_id, organization_id=membership.organization_id)
    return membership


def reactivate(env: Environment, membership: Membership) -> Membership:
    if membership.status == "pending":
        raise CannotReactivatePending
    return membership if membership.status == "active" else activate(env, membership)


def delete_membership(env: Environment, membership: Membership) -> None:
    """In any status; the member's sessions in that organization end."""
    data = membership.event_data_with(role_slugs(env, membership))
    env.delete(membership)
    sessions.revoke_sessions_of(env, membership.user_id, organization_id=membership.organization_id)
    events.record(env, "organization_membership.deleted", data)


def requested_slugs(role_slug: str | None, role_slugs: Sequence[str] | None) -> list[str]:
    """From the two members of a body, of which at most one may be sent. Raises RequestInvalid."""
    if role_slug is not None and role_slugs is not None:
        message = "Send role_slug or role_slugs, not both."
        raise RequestInvalid([field_error("role_slugs", "role_slugs_invalid", message)])
    return list(role_slugs or []) if role_slug is None else [role_slug]


def _chosen_roles(env: Environment, organization_id: str, slugs: Sequence[str]) -> list[Role]:
    """Raises MultipleRolesNotEnabled, InvalidRole, SubResourceRole. None named: the default role."""
    default = roles.default_role(env)
    unique = list(dict.fromkeys(slugs))
    if len(unique) > 1 and env.settings.multiple_roles == "off":
        raise MultipleRolesNotEnabled
    chosen = []
    for slug in unique:
        role = roles.find_role(env, slug, organization_id)
        if role is None:
            raise InvalidRole(slug)
        if not role.is_of_organizations:
            raise SubResourceRole(slug)
        chosen.append(role)
    return chosen or [default]


def set_roles(env: Environment, membership: Membership, chosen: Sequence[Role]) -> None:
    """Whatever the membership had before; records no event."""
    env.execute(_DROP_ROLES, membership_id=membership.id)
    for role in chosen:
        env.insert(MembershipRole(f"{membership.id}/{role.id}", membership.id, role.id))


def _record(env: Environment, membership: Membership, what: str) -> None:
    data = membership.event_data_with(role_slugs(env, membership))
    events.record(env, f"organization_membership.{what}", data)
