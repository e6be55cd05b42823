from __future__ import annotations

from collections.abc import Callable

from tests.builders import create_user
from tests.conftest import Client
from tests.organization_builders import add_member, create_organization


def test_another_role_can_be_the_default(new_client: Callable[..., Client]) -> None:
    client = new_client(roles=[{"slug": "viewer", "name": "Viewer", "default": True}])
    membership = add_member(client, create_user(client), create_organization(client))
    assert membership["role"] == {"slug": "viewer"}
