"""A data integration with a provider, and a user's account there."""

from __future__ import annotations

from mockserver.core.errors import JSON
from mockserver.core.schema import Model, stored


@stored(
    "data_integrations",
    label="Data Integration",
    prefix="data_integration",
    key="slug",
    unique=[("id",)],
    indexes=[("created_at", "id")],
)
class DataIntegration(Model):
    """What users can connect accounts of. `state` is valid, invalid or requested."""

    id: str
    slug: str
    name: str
    description: str | None
    scopes: list[str]
    auth_methods: list[str]
    enabled: bool
    state: str
    created_at: str
    updated_at: str

    def shown_as_provider(self, account: ConnectedAccount | None) -> JSON:
        """Some members stand there twice: the deprecated spelling is required still."""
        connected = None if account is None else account.shown_with_deprecated()
        return {
            "object": "data_provider",
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "slug": self.slug,
            "integration_type": self.slug,
            "credentials_type": "oauth2",
            "scopes": self.scopes,
            "auth_methods": self.auth_methods,
            "ownership": "userland_user",
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "integrationType": self.slug,
            "credentialsType": "oauth2",
            "createdAt": self.created_at,
            "updatedAt": self.updated_at,
            "connected_account": connected,
            "connected_accounts": [] if connected is None else [connected],
            "connection_owner": "user",
        }


@stored(
    "connected_accounts",
    label="Connected Account",
    prefix="data_installation",
    references={
        "slug": "data_integrations.slug",
        "user_id": "users.id",
        "organization_id": "organizations.id",
    },
    unique=[("user_id", "slug", "organization_id")],
    indexes=[("slug",), ("organization_id",)],
)
class ConnectedAccount(Model):
    """`state` is connected, needs_reauthorization or disconnected; the tokens are never shown."""

    id: str
    slug: str
    user_id: str
    organization_id: str | None
    scopes: list[str]
    auth_method: str
    state: str
    access_token: str | None
    refresh_token: str | None
    token_expires_at: str | None
    created_at: str
    updated_at: str

    def shown(self) -> JSON:
        return {
            "object": "connected_account",
            "id": self.id,
            "user_id": self.user_id,
            "organization_id": self.organization_id,
            "scopes": self.scopes,
            "auth_method": self.auth_method,
            # Three members that only Python SDK 10 knows, and requires.
            "connection_role": "compatibility",
            "account_identifier": None,
            "account_display_name": None,
            "state": self.state,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }

    def shown_with_deprecated(self) -> JSON:
        return {
            **self.shown(),
            "userlandUserId": self.user_id,
            "organizationId": self.organization_id,
            "createdAt": self.created_at,
            "updatedAt": self.updated_at,
        }

    def event_data_with(self, integration: DataIntegration) -> JSON:
        return {
            "object": "connected_account",
            "id": self.id,
            "data_integration_id": integration.id,
            "provider_slug": self.slug,
            "user_id": self.user_id,
            "organization_id": self.organization_id,
            "scopes": self.scopes,
            "state": self.state,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }
