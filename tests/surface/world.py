"""One of everything, made when it is first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from tests.builders import PASSWORD, create_user, enroll_totp, list_sessions, sign_in
from tests.conftest import Client
from tests.organization_builders import add_member, create_organization, create_role, send_invitation
from tests.sso_builders import create_connection, save_profile


class World:
    def __init__(self, client: Client) -> None:
        self.client = client

    def prepare(self, *things: str) -> None:
        """Makes things that a test needs without naming them later."""
        for thing in things:
            getattr(self, thing)

    def made(self, path: str, **members: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.client.post(path, json=members).raise_for_status().json()
        return answer

    @cached_property
    def user(self) -> dict[str, Any]:
        """Verified, with PASSWORD."""
        return create_user(self.client, password=PASSWORD, external_id="crm-1")

    @cached_property
    def user_id(self) -> str:
        return str(self.user["id"])

    @cached_property
    def other_user(self) -> dict[str, Any]:
        return create_user(self.client, "grace@example.com", external_id="crm-2")

    @cached_property
    def other_user_id(self) -> str:
        return str(self.other_user["id"])

    @cached_property
    def unverified_user_id(self) -> str:
        return str(create_user(self.client, "alan@example.com", email_verified=False)["id"])

    @cached_property
    def session_id(self) -> str:
        self.prepare("user")
        sign_in(self.client)
        return str(list_sessions(self.client, self.user_id)[0]["id"])

    @cached_property
    def factor(self) -> dict[str, Any]:
        """With its secret."""
        factor: dict[str, Any] = enroll_totp(self.client, self.user_id)["authentication_factor"]
        return factor

    @cached_property
    def factor_id(self) -> str:
        return str(self.factor["id"])

    @cached_property
    def challenge_id(self) -> str:
        return str(self.made(f"/auth/factors/{self.factor_id}/challenge")["id"])

    @cached_property
    def organization(self) -> dict[str, Any]:
        domains = [{"domain": "acme.example", "state": "verified"}]
        return create_organization(self.client, external_id="acme", domain_data=domains)

    @cached_property
    def organization_id(self) -> str:
        return str(self.organization["id"])

    @cached_property
    def other_organization_id(self) -> str:
        return str(create_organization(self.client, "Globex", external_id="globex")["id"])

    @cached_property
    def domain_id(self) -> str:
        """A verified one."""
        return str(self.organization["domains"][0]["id"])

    @cached_property
    def membership_id(self) -> str:
        return str(add_member(self.client, self.user, self.organization)["id"])

    @cached_property
    def pending_membership_id(self) -> str:
        send_invitation(self.client, self.other_user["email"], organization_id=self.organization_id)
        query = {"user_id": self.other_user_id, "statuses": "pending"}
        listed = self.client.get("/user_management/organization_memberships", params=query).raise_for_status().json()
        return str(listed["data"][0]["id"])

    @cached_property
    def permission(self) -> str:
        return str(self.made("/authorization/permissions", slug="posts:read", name="Read posts")["slug"])

    @cached_property
    def role(self) -> str:
        """Of the environment."""
        create_role(self.client, "editor")
        return "editor"

    @cached_property
    def organization_role(self) -> str:
        path = f"/authorization/organizations/{self.organization_id}/roles"
        return str(self.made(path, slug="org-editor", name="Editor")["slug"])

    @cached_property
    def invitation(self) -> dict[str, Any]:
        return send_invitation(self.client, "cem@acme.example", organization_id=self.organization_id)

    @cached_property
    def invitation_id(self) -> str:
        return str(self.invitation["id"])

    @cached_property
    def revoked_invitation_id(self) -> str:
        self.client.post(f"/user_management/invitations/{self.invitation_id}/revoke").raise_for_status()
        return self.invitation_id

    @cached_property
    def accepted_invitation_id(self) -> str:
        self.client.post(f"/user_management/invitations/{self.invitation_id}/accept").raise_for_status()
        return self.invitation_id

    @cached_property
    def expired_invitation_id(self) -> str:
        self.prepare("invitation")
        self.client.advance(8 * 86400)
        return self.invitation_id

    @cached_property
    def group_id(self) -> str:
        return str(self.made(f"/organizations/{self.organization_id}/groups", name="Engineering")["id"])

    @cached_property
    def api_key(self) -> dict[str, Any]:
        """Of the organization, with its value."""
        return self.made(f"/organizations/{self.organization_id}/api_keys", name="CI")

    @cached_property
    def api_key_id(self) -> str:
        return str(self.api_key["id"])

    @cached_property
    def redirect_uri_id(self) -> str:
        """The default one."""
        return str(self.made("/user_management/redirect_uris", uri="https://app.example/callback")["id"])

    def seed(self, **document: Any) -> None:
        self.client.post("/_emulate/seed", json=document).raise_for_status()

    @cached_property
    def flag(self) -> str:
        """Enabled, and off for whoever no target names."""
        self.seed(featureFlags=[{"slug": "new-nav", "name": "New navigation", "enabled": True, "default_value": False}])
        return "new-nav"

    @cached_property
    def application_id(self) -> str:
        """Authorized by the user within the organization."""
        self.seed(
            connectApplications=[{"id": "conn_app_1", "name": "Backend", "redirect_uris": ["https://app.example"]}],
            authorizedApplications=[
                {"application_id": "conn_app_1", "user_id": self.user_id, "organization_id": self.organization_id}
            ],
        )
        return "conn_app_1"

    @cached_property
    def integration(self) -> str:
        self.seed(dataIntegrations=[{"slug": "github", "name": "GitHub"}])
        return "github"

    @cached_property
    def invalid_integration(self) -> str:
        self.seed(dataIntegrations=[{"slug": "gitlab", "name": "GitLab", "state": "invalid"}])
        return "gitlab"

    @cached_property
    def account_id(self) -> str:
        path = f"/user_management/users/{self.user_id}/connected_accounts/{self.integration}"
        return str(self.made(path, access_token="token")["id"])

    @cached_property
    def connection(self) -> dict[str, Any]:
        return create_connection(self.client, self.organization, connection_type="GenericOIDC")

    @cached_property
    def connection_id(self) -> str:
        return str(self.connection["id"])

    @cached_property
    def profile_id(self) -> str:
        return str(save_profile(self.client, self.connection, "ada@acme.example")["id"])

    @cached_property
    def saml_profile_id(self) -> str:
        """Of a connection that knows no logout."""
        return str(save_profile(self.client, create_connection(self.client), "ada@acme.example")["id"])
