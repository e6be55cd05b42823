"""An identity: a user's account with a social provider."""

from __future__ import annotations

from mockserver.core.errors import JSON
from mockserver.core.schema import Model, stored


@stored(
    "identities",
    label="Identity",
    prefix="identity",
    references={"user_id": "users.id"},
    unique=[("provider", "idp_id")],
    indexes=[("user_id", "created_at", "id")],
)
class Identity(Model):
    """`provider` as elsewhere in the API (`GitHubOAuth`); `idp_id` and `email` are what the provider knows."""

    id: str
    user_id: str
    provider: str
    idp_id: str
    email: str
    created_at: str
    updated_at: str

    def shown(self) -> JSON:
        """This one answer spells `GithubOAuth`; SDKs translate it back (contract: resources, section 3)."""
        provider = "GithubOAuth" if self.provider == "GitHubOAuth" else self.provider
        return {"idp_id": self.idp_id, "type": "OAuth", "provider": provider}
