"""What an organization demands of a sign-in; production keeps it in the dashboard."""

from __future__ import annotations

from mockserver.core.errors import JSON
from mockserver.core.schema import Model, stored

# The members of `auth_methods` in organization_authentication_methods_required, and whose sign-ins they are.
METHODS = {
    "apple_oauth": "AppleOAuth",
    "github_oauth": "GitHubOAuth",
    "google_oauth": "GoogleOAuth",
    "magic_auth": "MagicAuth",
    "microsoft_oauth": "MicrosoftOAuth",
    "password": "Password",
}


@stored("policies", key="organization_id", references={"organization_id": "organizations.id"})
class Policy(Model):
    """`allowed_methods` lists keys of METHODS, None allows all. `binds_domain`: users of its verified domains too."""

    organization_id: str
    allowed_methods: list | None  # type: ignore[type-arg]  # the column's type; texts
    sso_required: bool
    mfa_required: bool
    binds_domain: bool

    def shown(self) -> JSON:
        return {
            "object": "policy",
            "organization_id": self.organization_id,
            "allowed_methods": self.allowed_methods,
            "sso_required": self.sso_required,
            "mfa_required": self.mfa_required,
            "binds_domain": self.binds_domain,
        }

    @property
    def leaves_only_sso(self) -> bool:
        return self.sso_required or self.allowed_methods == []

    def allows(self, method: str) -> bool:
        """`method` is an `authentication_method`; SSO always is allowed, an impersonator isn't the user."""
        if method in ("SSO", "Impersonation"):
            return True
        if self.sso_required:
            return False
        return self.allowed_methods is None or any(METHODS[name] == method for name in self.allowed_methods)
