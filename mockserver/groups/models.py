"""A group of an organization, and who belongs to it."""

from __future__ import annotations

from mockserver.core.errors import JSON
from mockserver.core.schema import Model, stored


@stored(
    "groups",
    label="Group",
    prefix="group",
    references={"organization_id": "organizations.id"},
    indexes=[("organization_id", "created_at", "id")],
)
class Group(Model):
    id: str
    organization_id: str
    name: str
    description: str | None
    created_at: str
    updated_at: str

    def shown(self) -> JSON:
        return {
            "object": "group",
            "id": self.id,
            "organization_id": self.organization_id,
            "name": self.name,
            "description": self.description,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }


@stored(
    "group_members",
    references={"group_id": "groups.id", "membership_id": "memberships.id"},
    indexes=[
        ("group_id", "membership_created_at", "membership_id"),
        ("membership_id", "group_created_at", "group_id"),
    ],
)
class GroupMember(Model):
    """A membership belongs to a group; the id is made of both.

    When they were created stands here too, where it never changes: both are listed in that order.
    """

    id: str
    group_id: str
    group_created_at: str
    membership_id: str
    membership_created_at: str
