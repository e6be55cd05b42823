"""/user_management/authorize/device, and the standard's path for it, which Ruby 10 calls"""

from __future__ import annotations

from mockserver.authentication.clients import of_public_client
from mockserver.authentication.device_approval import authorize_device
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.routing import post


@post("/user_management/authorize/device", environment=of_public_client)
@post("/oauth2/device_authorization", environment=of_public_client)
def create_device_authorization(env: Environment) -> JSON:
    return authorize_device(env)
