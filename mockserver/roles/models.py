"""A permission, and a role that grants some."""

from __future__ import annotations

from mockserver.core.errors import JSON
from mockserver.core.schema import Model, stored

ORGANIZATION = "organization"


@stored("permissions", label="Permission", prefix="perm", unique=[("slug",)], indexes=[("created_at", "id")])
class Permission(Model):
    """`system` ones belong to the vendor and can't be deleted."""

    id: str
    slug: str
    name: str
    description: str | None
    system: bool
    resource_type_slug: str
    created_at: str
    updated_at: str

    def shown(self) -> JSON:
        return {
            "object": "permission",
            "id": self.id,
            "slug": self.slug,
            "name": self.name,
            "description": self.description,
            "system": self.system,
            "resource_type_slug": self.resource_type_slug,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }


@stored(
    "roles",
    label="Role",
    prefix="role",
    references={"organization_id": "organizations.id"},
    indexes=[("slug",), ("organization_id", "created_at", "id")],
)
class Role(Model):
    """Of one organization, or of the environment when `organization_id` is None. Shown with its permissions."""

    id: str
    slug: str
    organization_id: str | None
    name: str
    description: str | None
    resource_type_slug: str
    is_default: bool
    created_at: str
    updated_at: str

    @property
    def is_of_organizations(self) -> bool:
        """Whether memberships can have it; roles of other resource types hold on those resources only."""
        return self.resource_type_slug == ORGANIZATION

    def shown_with(self, permissions: list[str]) -> JSON:
        return {
            "object": "role",
            "id": self.id,
            "slug": self.slug,
            "name": self.name,
            "description": self.description,
            "type": "EnvironmentRole" if self.organization_id is None else "OrganizationRole",
            "resource_type_slug": self.resource_type_slug,
            "permissions": permissions,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }

    def event_data_with(self, permissions: list[str]) -> JSON:
        """Role events have neither id nor type, and those of the environment no name (contract: events, 9.3)."""
        own = {}
        if self.organization_id is not None:
            own = {"organization_id": self.organization_id, "name": self.name, "description": self.description}
        return {
            "object": "role" if self.organization_id is None else "organization_role",
            "slug": self.slug,
            **own,
            "resource_type_slug": self.resource_type_slug,
            "permissions": permissions,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }


@stored(
    "role_permissions",
    references={"role_id": "roles.id", "permission_id": "permissions.id"},
    indexes=[("role_id",), ("permission_id",)],
)
class RolePermission(Model):
    """A role grants a permission; the id is made of both."""

    id: str
    role_id: str
    permission_id: str
    slug: str
