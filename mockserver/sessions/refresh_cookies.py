"""The cookies of browsers that keep no refresh token themselves (contract: authentication, section 1.4).

One holds the refresh token, and only this server sees it; production's name for it is not public. The other tells
authkit-js that there is a session to take up, which it reads as the client ids, joined by dots.
"""

from __future__ import annotations

from urllib.parse import quote

from mockserver.core.clock import to_ms
from mockserver.core.cookies import clear_cookie, name_for, set_cookie
from mockserver.core.environment import Environment
from mockserver.core.requests import Request
from mockserver.sessions.models import RefreshToken, Session
from mockserver.sessions.service import is_active

HAS_SESSION = "workos-has-session"
_PATH = "/user_management"  # authenticate and logout

Headers = tuple[tuple[str, str], ...]


def sent_refresh_token(env: Environment, request: Request) -> str:
    """That of the browser's cookie, or "" without it."""
    return request.cookie(_name(env))


def keep(env: Environment, request: Request, refresh_token: str) -> Headers:
    """The headers that make the browser keep a new token for as long as its session may last."""
    session = env.get(Session, env.get(RefreshToken, refresh_token).session_id)
    max_age = max((to_ms(session.expires_at) - env.clock.now_ms()) // 1000, 1)
    token = set_cookie(_name(env), refresh_token, max_age=max_age, path=_PATH, is_secure=env.server.is_https)
    return token, _has_session(env, [*_other_clients(env, request), _client(env)], max_age)


def forget(env: Environment, request: Request) -> Headers:
    """The headers that make the browser forget the token, and nothing of its sessions with other clients."""
    token = clear_cookie(_name(env), path=_PATH, is_secure=env.server.is_https)
    others = _other_clients(env, request)
    return token, _has_session(env, others, env.settings.session_length if others else 0)


def forget_ended(env: Environment, request: Request) -> Headers:
    """`forget` for a browser whose cookie is of no use any more; none for one without it, or whose session lives on."""
    sent = sent_refresh_token(env, request)
    if not sent:
        return ()
    known = env.find(RefreshToken, sent)
    is_live = known is not None and is_active(env, env.get(Session, known.session_id))
    return () if is_live else forget(env, request)


def _name(env: Environment) -> str:
    return name_for(env.keys.client_id, "workos-refresh-token")


def _has_session(env: Environment, clients: list[str], max_age: int) -> tuple[str, str]:
    return set_cookie(
        HAS_SESSION, ".".join(clients), max_age=max_age, is_http_only=False, is_secure=env.server.is_https
    )


def _other_clients(env: Environment, request: Request) -> list[str]:
    return [client for client in request.cookie(HAS_SESSION).split(".") if client and client != _client(env)]


def _client(env: Environment) -> str:
    """As it stands in the cookie. Production's ids need no quoting, and a chosen one may hold anything."""
    return quote(env.keys.client_id, safe="").replace(".", "%2E")
