"""The guide, shorter, with `workos` 5: its models are strict, most of its exceptions say the status only."""

from __future__ import annotations

from typing import Any

from workos import WorkOSClient, exceptions
from world import PASSWORD, World

ADA = "ada@example.com"


def client_of(world: World, **options: Any) -> WorkOSClient:
    return WorkOSClient(
        **{"api_key": world.api_key, "client_id": world.client_id, "base_url": f"{world.url}/", **options}
    )


def create_user(client: WorkOSClient, email: str = ADA, **attributes: Any) -> Any:
    """A verified user with the guide's password, unless the attributes say otherwise."""
    return client.user_management.create_user(
        email=email, **{"password": PASSWORD, "email_verified": True, **attributes}
    )


def sign_in(client: WorkOSClient, email: str = ADA, password: str = PASSWORD, **details: Any) -> Any:
    return client.user_management.authenticate_with_password(email=email, password=password, **details)


def authorization_error(code: str) -> type[Exception]:
    """The class of a 403: 5.46 has one for the missing verification, 5.20 has not."""
    if code == "email_verification_required":
        return getattr(exceptions, "EmailVerificationRequiredException", exceptions.AuthorizationException)
    return exceptions.AuthorizationException
