"""/user_management/authenticate"""

from __future__ import annotations

from mockserver.authentication.clients import of_client
from mockserver.authentication.token_request import requested_grant
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.requests import Request
from mockserver.core.routing import post


@post("/user_management/authenticate", environment=of_client)
def authenticate(env: Environment, request: Request) -> JSON:
    return requested_grant(request).authenticate(env)
