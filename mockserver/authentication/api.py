"""/user_management/authenticate"""

from __future__ import annotations

from mockserver.authentication import browser_clients
from mockserver.authentication.clients import of_client
from mockserver.core.environment import Environment
from mockserver.core.replies import Reply
from mockserver.core.requests import Request
from mockserver.core.routing import post


@post("/user_management/authenticate", environment=of_client)
def authenticate(env: Environment, request: Request) -> Reply:
    return browser_clients.authenticate(env, request)
