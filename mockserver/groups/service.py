"""What may happen to groups, and what follows."""

from __future__ import annotations

import sqlalchemy as sa

from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, ApiError, BadRequest, NotFound
from mockserver.core.pagination import Listing, Page, Pagination
from mockserver.core.statements import Query, Statement
from mockserver.events import service as events
from mockserver.groups.models import Group, GroupMember
from mockserver.memberships.models import Membership
from mockserver.organizations.models import Organization
from mockserver.users.models import User

LONGEST_NAME = 256
LONGEST_DESCRIPTION = 150
GROUPS_OF_A_MEMBERSHIP = 1000

_groups, _members, _memberships = Group.table.c, GroupMember.table.c, Membership.table.c
_LISTING = Listing(Group, organization_id=_groups.organization_id == sa.bindparam("organization_id"))
_OF_MEMBERSHIP = Listing(
    Group,
    position=(_members.group_created_at, _members.group_id),
    membership_id=sa.and_(_members.membership_id == sa.bindparam("membership_id"), _members.group_id == _groups.id),
)
_MEMBERS = Listing(
    Membership,
    position=(_members.membership_created_at, _members.membership_id),
    group_id=sa.and_(_members.group_id == sa.bindparam("group_id"), _members.membership_id == _memberships.id),
)
_OF_ORGANIZATION = Query(
    Group,
    _groups.organization_id == sa.bindparam("organization_id"),
    order_by=(_groups.created_at, _groups.id),
)
_GROUP_COUNT = Statement(sa.select(sa.func.count()).where(_members.membership_id == sa.bindparam("membership_id")))


class GroupMembershipLimitExceeded(ApiError):
    """The code is documented; which limit it means and how high it is are not."""

    status, code = 400, "group_membership_limit_exceeded"
    message = f"An organization membership can belong to at most {GROUPS_OF_A_MEMBERSHIP} groups."


def list_groups(env: Environment, organization: Organization, pagination: Pagination) -> Page[Group]:
    return env.page(_LISTING, pagination, organization_id=organization.id)


def list_groups_of_membership(env: Environment, membership: Membership, pagination: Pagination) -> Page[Group]:
    return env.page(_OF_MEMBERSHIP, pagination, membership_id=membership.id)


def groups_of(env: Environment, organization_id: str) -> list[Group]:
    """Oldest first."""
    return env.all(_OF_ORGANIZATION, organization_id=organization_id)


def get_group(env: Environment, organization: Organization, id: str) -> Group:
    """Raises NotFound, also for a group of another organization."""
    group = env.get(Group, id)
    if group.organization_id != organization.id:
        raise NotFound(Group.label, id)
    return group


def create_group(env: Environment, organization: Organization, *, name: str, description: str | None = None) -> Group:
    """Raises BadRequest. Two groups of an organization may bear one name."""
    require_acceptable(name, description)
    now = env.clock.now()
    group = env.insert(Group(env.ids.new(Group.prefix), organization.id, name, description, now, now))
    events.record(env, "group.created", group)
    return group


def update_group(env: Environment, group: Group, **changes: str | None) -> Group:
    """Raises BadRequest. A call that changes nothing records no event."""
    require_acceptable(changes.get("name") or group.name, changes.get("description"))
    changes = {name: value for name, value in changes.items() if value != getattr(group, name)}
    if not changes:
        return group
    group = env.update(group, **changes)
    events.record(env, "group.updated", group)
    return group


def delete_group(env: Environment, group: Group) -> None:
    """Its members stay in the organization."""
    env.delete(group)
    events.record(env, "group.deleted", group)


def require_acceptable(name: str, description: str | None) -> None:
    """Raises BadRequest."""
    if len(name) > LONGEST_NAME:
        raise BadRequest(f"A group's name has at most {LONGEST_NAME} characters.")
    if description is not None and len(description) > LONGEST_DESCRIPTION:
        raise BadRequest(f"A group's description has at most {LONGEST_DESCRIPTION} characters.")


# Members


def list_members(env: Environment, organization: Organization, group: Group, pagination: Pagination) -> JSON:
    """Without roles; with the user, whom Python SDK 10 requires though the document leaves it out."""
    page = env.page(_MEMBERS, pagination, group_id=group.id)
    users = env.by_id(User, [membership.user_id for membership in page.data])
    return page.shown_as(
        lambda membership: {
            **membership.shown_base(organization.name),
            "user": users[membership.user_id].shown(),
        }
    )


def get_membership(env: Environment, group: Group, id: str) -> Membership:
    """Raises NotFound, also for a membership of another organization."""
    membership = env.get(Membership, id)
    if membership.organization_id != group.organization_id:
        raise NotFound(Membership.label, id)
    return membership


def add_member(env: Environment, group: Group, membership: Membership) -> Group:
    """One that belongs to the group already stays, without an event. Raises GroupMembershipLimitExceeded."""
    if env.find(GroupMember, _member_id(group, membership)) is not None:
        return group
    ((count,),) = env.db.rows(_GROUP_COUNT, membership_id=membership.id)
    if count >= GROUPS_OF_A_MEMBERSHIP:
        raise GroupMembershipLimitExceeded
    insert_member(env, group, membership)
    _record_member(env, group, membership, "added")
    return group


def insert_member(env: Environment, group: Group, membership: Membership) -> None:
    """Without an event; one that is there already stays."""
    env.db.replace(
        GroupMember(
            id=_member_id(group, membership),
            group_id=group.id,
            group_created_at=group.created_at,
            membership_id=membership.id,
            membership_created_at=membership.created_at,
        )
    )


def remove_member(env: Environment, group: Group, membership: Membership) -> None:
    """Raises NotFound for one that doesn't belong to the group."""
    member = env.find(GroupMember, _member_id(group, membership))
    if member is None:
        raise NotFound(Membership.label, membership.id)
    env.delete(member)
    _record_member(env, group, membership, "removed")


def _member_id(group: Group, membership: Membership) -> str:
    return f"{group.id}/{membership.id}"


def _record_member(env: Environment, group: Group, membership: Membership, what: str) -> None:
    data = {"group_id": group.id, "organization_membership_id": membership.id}
    events.record(env, f"group.member_{what}", data, organization_id=group.organization_id)
