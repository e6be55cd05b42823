"""Single Logout: a token for a profile, and the link that spends it."""

from __future__ import annotations

from mockserver.connections.models import Connection, Profile
from mockserver.core.clock import later
from mockserver.core.environment import Environment, Server
from mockserver.core.errors import JSON, NotFound, OAuthError
from mockserver.core.requests import Request
from mockserver.core.urls import with_query
from mockserver.sessions.logout import default_destination
from mockserver.sso.models import SsoLogoutToken

TOKEN_SECONDS = 600  # "short-lived", say the docs


class LogoutNotSupported(OAuthError):
    status, code = 400, "connection_invalid"
    message = "Single Logout is only supported for GenericOIDC connections."


def authorize_logout(env: Environment, profile: Profile) -> JSON:
    """Raises LogoutNotSupported."""
    if env.get(Connection, profile.connection_id).connection_type != "GenericOIDC":
        raise LogoutNotSupported
    now, token = env.clock.now(), env.codes.token(40)
    env.insert(SsoLogoutToken(token, profile.id, later(now, TOKEN_SECONDS), None, now))
    url = with_query(f"{env.server.public_url}/sso/logout", {"token": token})
    return {"logout_url": url, "logout_token": token}


def of_logout_token(server: Server, request: Request) -> Environment:
    """The environment that gave out the token; of copies, one where it is good. Raises NotFound without any."""
    token = request.parameter("token")
    for env in server:
        if is_live(env, token):
            return env
    raise NotFound(SsoLogoutToken.label, token)


def is_live(env: Environment, token: str) -> bool:
    found = env.find(SsoLogoutToken, token)
    return found is not None and found.consumed_at is None and found.expires_at > env.clock.now()


def log_out(env: Environment, token: str) -> str:
    """Spends the token and answers where to go; an identity provider's own page would come in between."""
    env.consume(env.get(SsoLogoutToken, token))
    return default_destination(env)
