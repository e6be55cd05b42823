"""An API key of an organization, or of a user within one."""

from __future__ import annotations

from mockserver.core.errors import JSON
from mockserver.core.schema import Model, stored


@stored(
    "api_keys",
    label="API Key",
    prefix="api_key",
    references={"user_id": "users.id", "organization_id": "organizations.id"},
    unique=[("value",)],
    indexes=[("organization_id", "user_id", "created_at", "id"), ("user_id", "created_at", "id")],
)
class ApiKey(Model):
    """Owned by the user, or by the organization where `user_id` is None."""

    id: str
    name: str
    value: str
    user_id: str | None
    organization_id: str
    permissions: list[str]
    last_used_at: str | None
    expires_at: str | None
    created_at: str
    updated_at: str

    def shown(self) -> JSON:
        """The value is shown once, when the key is made: see `shown_once`."""
        owner: JSON = {"type": "organization", "id": self.organization_id}
        if self.user_id is not None:
            owner = {"type": "user", "id": self.user_id, "organization_id": self.organization_id}
        return {
            "object": "api_key",
            "id": self.id,
            "owner": owner,
            "name": self.name,
            "obfuscated_value": f"sk_...{self.value[-4:]}",
            "last_used_at": self.last_used_at,
            "expires_at": self.expires_at,
            "permissions": self.permissions,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }

    def shown_once(self) -> JSON:
        return {**self.shown(), "value": self.value}
