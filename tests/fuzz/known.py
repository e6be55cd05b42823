"""Ids and addresses that exist, for generated requests that would name nothing otherwise."""

from __future__ import annotations

from functools import cached_property

from tests.builders import create_magic_auth, create_password_reset
from tests.surface.world import World


class KnownWorld(World):
    """A World that knows what the parts of a path and the members of a request name."""

    @cached_property
    def magic_auth_id(self) -> str:
        return str(create_magic_auth(self.client)["id"])

    @cached_property
    def password_reset(self) -> dict[str, object]:
        self.prepare("user")
        return create_password_reset(self.client)

    @cached_property
    def password_reset_id(self) -> str:
        return str(self.password_reset["id"])

    @cached_property
    def password_reset_token(self) -> str:
        return str(self.password_reset["password_reset_token"])

    @cached_property
    def invitation_token(self) -> str:
        return str(self.invitation["token"])

    @cached_property
    def email(self) -> str:
        return str(self.user["email"])

    @cached_property
    def api_key_value(self) -> str:
        return str(self.api_key["value"])

    def named(self, name: str) -> str | None:
        """What a member of a query or a body names."""
        thing = MEMBERS.get(name)
        return None if thing is None else str(getattr(self, thing))

    def named_in_path(self, template: str, parameter: str) -> str | None:
        """What a parameter of a path names, by the segment in front of it."""
        before = template.partition(f"/{{{parameter}}}")[0]
        if before.endswith("/external_id"):
            return self.external_id(before)
        thing = SEGMENTS.get(before.rpartition("/")[2])
        if thing == "role" and "organizations" in before:
            thing = "organization_role"
        return None if thing is None else str(getattr(self, thing))

    def external_id(self, before: str) -> str:
        owner = self.user if "users" in before else self.organization
        return str(owner["external_id"])


SEGMENTS = {
    "users": "user_id",
    "organizations": "organization_id",
    "organization_domains": "domain_id",
    "organization_memberships": "membership_id",
    "organization-memberships": "membership_id",
    "roles": "role",
    "permissions": "permission",
    "groups": "group_id",
    "invitations": "invitation_id",
    "by_token": "invitation_token",
    "factors": "factor_id",
    "challenges": "challenge_id",
    "api_keys": "api_key_id",
    "feature-flags": "flag",
    "targets": "user_id",
    "connected_accounts": "integration",
    "authorized_applications": "application_id",
    "redirect_uris": "redirect_uri_id",
    "connections": "connection_id",
    "magic_auth": "magic_auth_id",
    "password_reset": "password_reset_id",
}

MEMBERS = {
    "user_id": "user_id",
    "organization_id": "organization_id",
    "organization_membership_id": "membership_id",
    "inviter_user_id": "user_id",
    "session_id": "session_id",
    "role_slug": "role",
    "email": "email",
    "login_hint": "email",
    "invitation_token": "invitation_token",
    "token": "password_reset_token",
    "value": "api_key_value",
    "slug": "permission",
    "connection": "connection_id",
    "connection_id": "connection_id",
    "organization": "organization_id",
    "profile_id": "profile_id",
}
