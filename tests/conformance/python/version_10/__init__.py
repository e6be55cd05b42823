"""The guide with `workos` 10."""

from __future__ import annotations

from typing import Any

from workos import WorkOSClient
from workos.user_management import PasswordPlaintext
from world import PASSWORD, World

ADA = "ada@example.com"


def client_of(world: World, **options: Any) -> WorkOSClient:
    return WorkOSClient(**{"api_key": world.api_key, "client_id": world.client_id, "base_url": world.url, **options})


def create_user(client: WorkOSClient, email: str = ADA, **attributes: Any) -> Any:
    """A verified user with the guide's password, unless the attributes say otherwise."""
    return client.user_management.create_user(
        email=email, **{"password": PasswordPlaintext(PASSWORD), "email_verified": True, **attributes}
    )


def sign_in(client: WorkOSClient, email: str = ADA, password: str = PASSWORD, **details: Any) -> Any:
    return client.user_management.authenticate_with_password(email=email, password=password, **details)
