"""/sso"""

from __future__ import annotations

from mockserver.connections.models import Profile
from mockserver.core.bodies import Body, NonEmpty
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.replies import Reply, redirect
from mockserver.core.requests import Request
from mockserver.core.routing import get, post
from mockserver.sso import logout, tokens


class AuthorizeLogout(Body):
    profile_id: NonEmpty


@post("/sso/token", environment=tokens.of_client)
def get_profile_and_token(env: Environment, request: Request) -> JSON:
    return tokens.exchange(env, tokens.requested(request))


@get("/sso/profile", environment=tokens.of_access_token)
def get_profile(env: Environment, request: Request) -> JSON:
    return tokens.profile_of_token(env, request.bearer)


@post("/sso/logout/authorize")
def authorize_logout(env: Environment, body: AuthorizeLogout) -> JSON:
    return logout.authorize_logout(env, env.get(Profile, body.profile_id))


@get("/sso/logout", environment=logout.of_logout_token, is_page=True)
def log_out(env: Environment, request: Request) -> Reply:
    return redirect(logout.log_out(env, request.parameter("token")))
