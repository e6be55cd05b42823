"""Listing and revoking sessions, logout, and the keys that verify their access tokens."""

from __future__ import annotations

from mockserver.core.bodies import Body, NonEmpty, Parameters
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.pagination import Page, Pagination
from mockserver.core.replies import Reply, redirect
from mockserver.core.requests import Request, of_client_id_in_path
from mockserver.core.routing import get, post
from mockserver.core.server import Server
from mockserver.sessions import logout, refresh_cookies, service, tokens
from mockserver.sessions.models import Session
from mockserver.users.models import User


class RevokeSession(Body):
    session_id: NonEmpty


class LogoutQuery(Parameters, kw_only=True):
    session_id: NonEmpty
    return_to: str | None = None


@get("/user_management/users/{id}/sessions")
def list_sessions(env: Environment, id: str, query: Pagination) -> Page[Session]:
    return service.list_sessions(env, env.get(User, id).id, query)


@post("/user_management/sessions/revoke")
def revoke_session(env: Environment, body: RevokeSession) -> None:
    service.revoke_session(env, body.session_id)


def of_session(server: Server, request: Request) -> Environment:
    return logout.environment_of(server, request.parameter("session_id"), request.parameter("return_to"))


@get("/user_management/sessions/logout", environment=of_session, is_page=True)
def log_out(env: Environment, request: Request, query: LogoutQuery) -> Reply:
    url = logout.log_out(env, query.session_id, query.return_to)
    return redirect(url, headers=refresh_cookies.forget_ended(env, request))


@get("/sso/jwks/{client_id}", environment=of_client_id_in_path)
def get_jwks(env: Environment) -> JSON:
    return env.server.signing_key.jwks


@get("/user_management/{client_id}/.well-known/openid-configuration", environment=of_client_id_in_path)
def get_openid_configuration(env: Environment) -> JSON:
    return tokens.discovery(env)
