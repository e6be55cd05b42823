"""/user_management/authorize/device"""

from __future__ import annotations

from mockserver.authentication.clients import of_public_client
from mockserver.authentication.device_approval import authorize_device
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.routing import post


@post("/user_management/authorize/device", environment=of_public_client)
def create_device_authorization(env: Environment) -> JSON:
    return authorize_device(env)
