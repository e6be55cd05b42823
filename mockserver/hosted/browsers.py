"""A browser that visits the hosted pages: its cookies, and what protects its forms."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from mockserver.authentication.service import Device
from mockserver.authorization_sessions.browser_names import browser_cookie, browser_of, renamed
from mockserver.authorization_sessions.service import Step, Visitor
from mockserver.core.clock import to_ms
from mockserver.core.cookies import name_for, set_cookie
from mockserver.core.environment import Environment
from mockserver.core.errors import ApiError
from mockserver.core.replies import Reply, redirect
from mockserver.core.requests import Request
from mockserver.sessions import browser_sessions


class FormNotOurs(ApiError):
    """Double submit: a page of another site can neither read the cookie nor know what follows from it."""

    status, code = 403, "csrf_token_invalid"
    message = "The page was out of date, as after a sign-in in another tab. Send it once more; it needs cookies."


def session_cookie(env: Environment) -> str:
    return name_for(env.keys.client_id, "authkit-session")


def visitor_of(env: Environment, request: Request) -> Visitor:
    """`follow` and `with_cookies` tell a new browser its name."""
    return Visitor(
        browser=browser_of(env, request),
        session=browser_sessions.find_live(env, request.cookie(session_cookie(env))),
        device=Device(request.client, request.header(b"user-agent") or None),
    )


def csrf_token(visitor: Visitor) -> str:
    return sha256(f"form/{visitor.browser}".encode()).hexdigest()[:40]


def require_own_form(request: Request, visitor: Visitor) -> None:
    """Raises FormNotOurs."""
    if request.content.get("csrf") != csrf_token(visitor):
        raise FormNotOurs


def follow(env: Environment, visitor: Visitor, step: Step, *, status: int = 303) -> Reply:
    """The way there, by default as after a form.

    Pages are named without a host, so that a browser keeps the one that has its cookies. A browser in which somebody
    signs in gets a new name.
    """
    if step.browser_session is not None:
        visitor = replace(visitor, browser=renamed(env, visitor.browser))
    if step.url:
        url = step.url
    elif step.flow is not None:
        url = f"{env.authkit_path}/{step.flow.id}/{step.page}"
    else:
        url = f"{env.authkit_path}/{step.page}"
    reply = with_cookies(env, visitor, redirect(url, status=status))
    if step.browser_session is None:
        return reply
    seconds = max((to_ms(step.browser_session.expires_at) - env.clock.now_ms()) // 1000, 1)
    cookie = set_cookie(session_cookie(env), step.browser_session.id, max_age=seconds, is_secure=env.server.is_https)
    return Reply(reply.status, headers=(*reply.headers, cookie))


def with_cookies(env: Environment, visitor: Visitor, reply: Reply) -> Reply:
    cookie = browser_cookie(env, visitor.browser)
    return Reply(reply.status, reply.body, reply.content_type, (*reply.headers, cookie))
