"""Apps in a browser, such as those of authkit-js, that leave their refresh token to a cookie of this server."""

from __future__ import annotations

from mockserver.authentication.clients import is_confidential
from mockserver.authentication.token_request import requested_grant
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, OAuthError
from mockserver.core.replies import Reply, json_reply
from mockserver.core.requests import Request
from mockserver.sessions import refresh_cookies
from mockserver.sessions.service import InvalidGrant


class OriginNotAllowed(OAuthError):
    """The cookie is sent whichever page calls, so a page that may not call has nothing exchanged for it."""

    status, code = 403, "access_denied"

    def __init__(self, origin: str) -> None:
        super().__init__(f"Pages of {origin} may not use the session of this browser.")
        self.hint = f"register '{origin}' with POST /user_management/cors_origins or the fixtures' corsOrigins"


def authenticate(env: Environment, request: Request) -> Reply:
    """The answer of the grant that is asked for; a browser gets cookies with it, or loses those that are refused."""
    if not _is_browser_client(request):
        return json_reply(200, requested_grant(request, request.content).authenticate(env))
    try:
        answer = requested_grant(request, _members(env, request)).authenticate(env)
    except InvalidGrant as refusal:
        refusal.headers = refresh_cookies.forget(env, request)
        raise
    if not _is_allowed(env, request):
        return json_reply(200, answer)
    return json_reply(200, answer, headers=refresh_cookies.keep(env, request, answer["refresh_token"]))


def _is_browser_client(request: Request) -> bool:
    """Browsers, and no programs else, say which page calls; only these grants are for apps that run in them."""
    grant_type = request.content.get("grant_type")
    is_browser = bool(request.header(b"origin")) and not is_confidential(request)
    return is_browser and grant_type in ("authorization_code", "refresh_token")


def _members(env: Environment, request: Request) -> JSON:
    """Of the body, where a refresh token that is left out is that of the cookie. Raises OriginNotAllowed."""
    members = request.content
    if members["grant_type"] != "refresh_token" or members.get("refresh_token"):
        return members
    sent = refresh_cookies.sent_refresh_token(env, request)
    if sent and not _is_allowed(env, request):
        raise OriginNotAllowed(request.header(b"origin"))
    return {**members, "refresh_token": sent}


def _is_allowed(env: Environment, request: Request) -> bool:
    return env.server.allows_origin(env, request.header(b"origin"))
