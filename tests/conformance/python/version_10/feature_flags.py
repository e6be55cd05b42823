"""The runtime client, which evaluates flags by itself."""

from __future__ import annotations

from world import World

from version_10 import client_of, create_user
from version_10.organizations import create_organization


def check_runtime_client_becomes_ready_and_evaluates(world: World) -> None:
    client = client_of(world)
    user, organization = create_user(client), create_organization(client)
    targets = {
        "users": [{"id": user.id, "enabled": False}],
        "organizations": [{"id": organization.id, "enabled": True}],
    }
    flags = [
        {"slug": "for-some", "name": "For some", "enabled": True, "default_value": False, "targets": targets},
        {"slug": "off", "name": "Off", "enabled": False, "default_value": True},
    ]
    world.control("POST", "seed", {"featureFlags": flags})
    with client.create_feature_flags_runtime_client() as runtime:
        runtime.start()
        runtime.wait_until_ready(timeout=30)
        assert not runtime.is_enabled("for-some")
        assert runtime.is_enabled("for-some", {"organization": organization.id})
        assert not runtime.is_enabled("for-some", {"user": user.id, "organization": organization.id})
        assert not runtime.is_enabled("off", {"organization": organization.id})
