"""Logout: a session ends by a visit to a link, which leads on to the app."""

from __future__ import annotations

import logging

from mockserver.core.environment import Environment
from mockserver.core.errors import ApiError
from mockserver.core.server import Server
from mockserver.core.urls import is_allowed, is_listed
from mockserver.sessions import browser_sessions, service
from mockserver.sessions.models import Session

log = logging.getLogger("mockserver.sessions")


class SessionIdShared(ApiError):
    """Copies of an environment share their session ids, and a logout link doesn't say which one it means."""

    status, code = 409, "session_id_shared"
    message = "Several environments have a session with this id, so none was ended."


class SignOutRedirectNotAllowed(ApiError):
    """The session ends, but nobody is led to an unknown address; only where the app has named no other one.

    Production documents no answer for this. Its users report that they land on the default redirect or the homepage
    (laravel/workos 10, authkit-remix 62).
    """

    status, code = 400, "sign_out_redirect_not_allowed"
    keeps_changes = True

    def __init__(self, return_to: str) -> None:
        super().__init__(f"You are signed out, but '{return_to}' is not among the sign-out redirects.")
        self.hint = f"allow '{return_to}' with --sign-out-uri or the setting sign_out_redirects"


def environment_of(server: Server, session_id: str, return_to: str) -> Environment:
    """The one that has the session. Raises SessionIdShared.

    A session that none has may be a stale cookie of any: then it is one that knows where to return to.
    """
    found = server.holders(session_id)
    if len(found) > 1:
        raise SessionIdShared
    if found:
        return found[0]
    listing = [environment for environment in server if environment.settings.sign_out_redirects]
    knowing = (environment for environment in listing if is_listed(return_to, environment.settings.sign_out_redirects))
    return next(knowing, server.default)


def log_out(env: Environment, session_id: str, return_to: str | None) -> str:
    """Ends the session, if it is a live one, and answers where to go. A stale session id is no error.

    The browser that it came from is signed out in any case. Raises SignOutRedirectNotAllowed.
    """
    session = env.find(Session, session_id)
    if session is not None and service.is_active(env, session):
        service.end_session(env, session)
    elif session is not None and session.browser_session_id is not None:
        browser_sessions.end(env, session.browser_session_id)
    if return_to is None:
        return default_destination(env)
    if is_allowed(return_to, env.settings.sign_out_redirects):
        return return_to
    refusal, default = SignOutRedirectNotAllowed(return_to), _named_destination(env)
    if default is None:
        raise refusal
    env.after_commit(lambda: log.warning("a logout leads to %s: %s", default, refusal.hint))
    return default


def default_destination(env: Environment) -> str:
    """Where to go after a logout that names no address."""
    return _named_destination(env) or f"{env.authkit_url}/signed-out"


def _named_destination(env: Environment) -> str | None:
    """What the settings say: the default sign-out redirect, or else the homepage."""
    settings = env.settings
    defaults = [uri for uri in settings.sign_out_redirects if "*" not in uri]
    return next(iter(defaults), None) or settings.app_homepage_url
