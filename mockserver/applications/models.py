"""A Connect application, and a user's authorization of one."""

from __future__ import annotations

from mockserver.core.errors import JSON
from mockserver.core.schema import Model, stored


@stored(
    "connect_applications",
    label="Connect Application",
    prefix="conn_app",
    references={"organization_id": "organizations.id"},
    unique=[("client_id",)],
    indexes=[("created_at", "id"), ("organization_id",)],
)
class ConnectApplication(Model):
    """`application_type` is oauth or m2m; the latter and an oauth one of a third party belong to an organization.

    The first redirect URI is the default.
    """

    id: str
    client_id: str
    name: str
    description: str | None
    application_type: str
    scopes: list[str]
    organization_id: str | None
    client_secret: str | None
    audience: str | None
    is_first_party: bool
    was_dynamically_registered: bool
    uses_pkce: bool
    redirect_uris: list[str]
    created_at: str
    updated_at: str

    def shown(self) -> JSON:
        return {
            "object": "connect_application",
            "id": self.id,
            "client_id": self.client_id,
            "name": self.name,
            "description": self.description,
            "scopes": self.scopes,
            "application_type": self.application_type,
            **(self._shown_oauth() if self.application_type == "oauth" else self._shown_organization()),
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }

    def _shown_oauth(self) -> JSON:
        members: JSON = {
            "redirect_uris": [{"uri": uri, "default": uri == self.redirect_uris[0]} for uri in self.redirect_uris],
            "cors_origins": [],  # Python SDK 10 requires the member
            "uses_pkce": self.uses_pkce,
            "is_first_party": self.is_first_party,
        }
        if self.is_first_party:
            return members
        members["was_dynamically_registered"] = self.was_dynamically_registered
        return members if self.was_dynamically_registered else {**members, **self._shown_organization()}

    def _shown_organization(self) -> JSON:
        return {"organization_id": self.organization_id}


@stored(
    "authorized_applications",
    label="Authorized Connect Application",
    prefix="authorized_connect_app",
    references={
        "application_id": "connect_applications.id",
        "user_id": "users.id",
        "organization_id": "organizations.id",
    },
    unique=[("user_id", "application_id")],
    indexes=[("user_id", "created_at", "id"), ("organization_id", "created_at", "id"), ("application_id",)],
)
class AuthorizedApplication(Model):
    """Within an organization, where the user chose one. Shown with its application."""

    id: str
    application_id: str
    user_id: str
    organization_id: str | None
    granted_scopes: list[str]
    oauth_resource: str | None
    created_at: str
    updated_at: str

    def shown_with(self, application: ConnectApplication) -> JSON:
        resource = {} if self.oauth_resource is None else {"oauth_resource": self.oauth_resource}
        return {
            "object": "authorized_connect_application",
            "id": self.id,
            "granted_scopes": self.granted_scopes,
            **resource,
            "application": application.shown(),
        }
