"""Single Logout: a token for a profile, and the link that spends it."""

from __future__ import annotations

from mockserver.connections.models import Connection, Profile
from mockserver.core.clock import later
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, NotFound, OAuthError
from mockserver.core.requests import Request
from mockserver.core.server import Server
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
    env = server.holder_of_live(token)
    if env is None:
        raise NotFound(SsoLogoutToken.label, token)
    return env


def log_out(env: Environment, token: str) -> str:
    """Spends the token and answers where to go; an identity provider's own page would come in between.

    Raises NotFound.
    """
    found = env.get(SsoLogoutToken, token)
    if found.expires_at <= env.clock.now() or not env.consume(found):  # by now
        raise NotFound(SsoLogoutToken.label, token)
    return default_destination(env)
