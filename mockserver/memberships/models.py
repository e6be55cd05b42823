"""A user's place in an organization, and the roles it has there."""

from __future__ import annotations

from mockserver.core.errors import JSON
from mockserver.core.schema import Model, stored
from mockserver.users.models import User


@stored(
    "memberships",
    label="Organization Membership",
    prefix="om",
    references={"user_id": "users.id", "organization_id": "organizations.id"},
    unique=[("user_id", "organization_id")],
    indexes=[
        ("organization_id", "status", "created_at", "id"),
        ("organization_id", "status", "user_created_at", "user_id"),
        ("user_id", "status", "created_at", "id"),
    ],
)
class Membership(Model):
    """`status` is active, inactive or pending (invited). Shown with its user and roles: see `service.shown`.

    `user_created_at` is the user's, which never changes: in its order the organization's users are listed.
    """

    id: str
    user_id: str
    organization_id: str
    user_created_at: str
    status: str
    directory_managed: bool
    custom_attributes: dict  # type: ignore[type-arg]  # the column's type; its content is the customer's
    created_at: str
    updated_at: str

    def shown_base(self, organization_name: str) -> JSON:
        """Without user and roles, as groups list it."""
        return {**self._base(), "organization_name": organization_name}

    def _base(self) -> JSON:
        return {
            "object": "organization_membership",
            "id": self.id,
            "user_id": self.user_id,
            "organization_id": self.organization_id,
            "status": self.status,
            "directory_managed": self.directory_managed,
            "custom_attributes": self.custom_attributes,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }

    def shown_with(self, organization_name: str, roles: list[str], user: User) -> JSON:
        """`roles` are slugs, the one of the highest priority first."""
        return {
            **self.shown_base(organization_name),
            "role": {"slug": roles[0]},
            "roles": [{"slug": slug} for slug in roles],
            "user": user.shown(),
        }

    def event_data_with(self, roles: list[str]) -> JSON:
        """Events carry neither the user nor the organization's name (contract: events, section 9.3)."""
        return {**self._base(), "role": {"slug": roles[0]}, "roles": [{"slug": slug} for slug in roles]}


@stored(
    "membership_roles",
    references={"membership_id": "memberships.id", "role_id": "roles.id"},
    indexes=[("membership_id",), ("role_id",)],
)
class MembershipRole(Model):
    """A membership has a role; the id is made of both."""

    id: str
    membership_id: str
    role_id: str
