"""A registered redirect URI."""

from __future__ import annotations

from mockserver.core.errors import JSON
from mockserver.core.schema import Model, stored


@stored(
    "redirect_uris",
    label="Redirect URI",
    prefix="redir",
    unique=[("uri",)],
    indexes=[("created_at", "id")],
)
class RedirectUri(Model):
    id: str
    uri: str
    is_default: bool
    created_at: str
    updated_at: str

    def shown(self) -> JSON:
        return {
            "object": "redirect_uri",
            "id": self.id,
            "uri": self.uri,
            "default": self.is_default,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }
