"""/user_management/authenticate and /user_management/authorize"""

from __future__ import annotations

from mockserver.authentication.authorize import AuthorizeQuery, authorize, of_client_id
from mockserver.authentication.clients import of_client
from mockserver.authentication.token_request import requested_grant
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.replies import Reply, redirect
from mockserver.core.requests import Request
from mockserver.core.routing import get, post


@post("/user_management/authenticate", environment=of_client)
def authenticate(env: Environment, request: Request) -> JSON:
    return requested_grant(request).authenticate(env)


@get("/user_management/authorize", environment=of_client_id, is_page=True)
def start_authorization(env: Environment, query: AuthorizeQuery) -> Reply:
    return redirect(authorize(env, query))
