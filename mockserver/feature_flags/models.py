"""A feature flag, and what it is for one user or organization."""

from __future__ import annotations

from mockserver.core.errors import JSON
from mockserver.core.schema import Model, stored


@stored("feature_flags", label="Feature Flag", prefix="flag", unique=[("slug",)], indexes=[("created_at", "id")])
class FeatureFlag(Model):
    """`enabled` in the environment at all; `default_value` counts for whoever no target names."""

    id: str
    slug: str
    name: str
    description: str | None
    owner: dict | None  # type: ignore[type-arg]  # email, first_name and last_name, the latter two may be null
    tags: list[str]
    enabled: bool
    default_value: bool
    created_at: str
    updated_at: str

    def shown(self) -> JSON:
        return {
            "object": "feature_flag",
            "id": self.id,
            "slug": self.slug,
            "name": self.name,
            "description": self.description,
            "owner": self.owner,
            "tags": self.tags,
            "enabled": self.enabled,
            "default_value": self.default_value,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }


@stored(
    "feature_flag_targets",
    label="Feature Flag Target",
    prefix="flag_target",
    references={"flag_id": "feature_flags.id", "user_id": "users.id", "organization_id": "organizations.id"},
    unique=[("flag_id", "user_id"), ("flag_id", "organization_id")],
    indexes=[("user_id",), ("organization_id",)],
)
class FlagTarget(Model):
    """The flag's value for one user or one organization."""

    id: str
    flag_id: str
    user_id: str | None
    organization_id: str | None
    enabled: bool
