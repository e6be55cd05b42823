"""A connection with an identity provider, its domains, and what the provider says of a person."""

from __future__ import annotations

from mockserver.core.errors import JSON
from mockserver.core.schema import Model, stored
from mockserver.settings import OAUTH_PROVIDERS

STATES = ("requires_type", "draft", "active", "validating", "inactive", "deleting")


@stored(
    "connections",
    label="Connection",
    prefix="conn",
    references={"organization_id": "organizations.id"},
    indexes=[
        ("created_at", "id", "search_key"),
        ("organization_id", "created_at", "id"),
        ("connection_type", "created_at", "id"),
    ],
)
class Connection(Model):
    """Without an organization it is the environment's own. Shown together with its domains: see `service.shown`."""

    id: str
    organization_id: str | None
    connection_type: str
    name: str
    search_key: str
    state: str
    external_key: str
    created_at: str
    updated_at: str

    @property
    def social_provider(self) -> str | None:
        """For the environment's own connection to a social provider, which belongs to no organization."""
        is_social = self.organization_id is None and self.connection_type in OAUTH_PROVIDERS
        return self.connection_type if is_social else None

    @property
    def is_usable(self) -> bool:
        """A validating one waits for its first sign-in."""
        return self.state in ("active", "validating")

    def shown_with(self, domains: list[ConnectionDomain]) -> JSON:
        """`status` is the deprecated form of `state`."""
        return {
            **self.deleted_data(),
            "status": "linked" if self.is_usable else "unlinked",
            "domains": [domain.shown() for domain in domains],
        }

    def event_data_with(self, domains: list[ConnectionDomain]) -> JSON:
        return {**self.shown_with(domains), "external_key": self.external_key}

    def deleted_data(self) -> JSON:
        """What `connection.deleted` says (contract: events, section 9.4)."""
        organization = {} if self.organization_id is None else {"organization_id": self.organization_id}
        return {
            "object": "connection",
            "id": self.id,
            **organization,
            "connection_type": self.connection_type,
            "name": self.name,
            "state": self.state,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }


@stored(
    "connection_domains",
    prefix="conn_domain",
    references={"connection_id": "connections.id"},
    unique=[("connection_id", "domain")],
    indexes=[("domain",)],
)
class ConnectionDomain(Model):
    id: str
    connection_id: str
    domain: str

    def shown(self) -> JSON:
        return {"id": self.id, "object": "connection_domain", "domain": self.domain}


@stored(
    "profiles",
    label="Profile",
    prefix="prof",
    references={"connection_id": "connections.id"},
    unique=[("connection_id", "idp_id")],
    indexes=[("connection_id", "created_at", "id"), ("connection_id", "email_key")],
)
class Profile(Model):
    """`user_id` is the user it has signed in, who may be deleted by now."""

    id: str
    connection_id: str
    idp_id: str
    email: str
    email_key: str
    first_name: str | None
    last_name: str | None
    groups: list[str]
    role_slug: str | None
    custom_attributes: dict  # type: ignore[type-arg]  # the column's type; its content is the customer's
    raw_attributes: dict  # type: ignore[type-arg]  # the same
    user_id: str | None
    created_at: str
    updated_at: str

    @property
    def domain(self) -> str:
        return self.email_key.rpartition("@")[2]

    def shown_with(self, connection: Connection) -> JSON:
        names = [part for part in (self.first_name, self.last_name) if part]
        role = None if self.role_slug is None else {"slug": self.role_slug}
        return {
            "object": "profile",
            "id": self.id,
            "organization_id": connection.organization_id,
            "connection_id": connection.id,
            "connection_type": connection.connection_type,
            "idp_id": self.idp_id,
            "email": self.email,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "name": " ".join(names) or None,
            "role": role,
            "roles": None if role is None else [role],
            "groups": self.groups,
            "custom_attributes": self.custom_attributes,
            "raw_attributes": self.raw_attributes,
        }
