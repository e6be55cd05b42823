"""The JWT template, and a CORS origin."""

from __future__ import annotations

from mockserver.core.errors import JSON
from mockserver.core.schema import Model, stored

THE_TEMPLATE = "jwt_template"


@stored("jwt_templates", label="JWT template", key="object")
class JwtTemplate(Model):
    """The only row of its table: `object` is always THE_TEMPLATE."""

    object: str
    content: str
    created_at: str
    updated_at: str

    def shown(self) -> JSON:
        return {
            "object": self.object,
            "content": self.content,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }


@stored("cors_origins", label="CORS origin", prefix="cors_origin", unique=[("origin",)], indexes=[("created_at", "id")])
class CorsOrigin(Model):
    id: str
    origin: str
    created_at: str
    updated_at: str

    def shown(self) -> JSON:
        return {
            "object": "cors_origin",
            "id": self.id,
            "origin": self.origin,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }
