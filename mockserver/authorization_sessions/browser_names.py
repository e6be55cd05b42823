"""The name that a browser keeps in a cookie: what was begun in it goes on there alone."""

from __future__ import annotations

import re

import sqlalchemy as sa

from mockserver.authorization_sessions.models import AuthorizationSession, PendingStart
from mockserver.core.cookies import name_for, set_cookie
from mockserver.core.environment import Environment
from mockserver.core.requests import Request
from mockserver.core.statements import Statement

_LENGTH = 32
_NAME = re.compile(f"[0-9A-Za-z]{{{_LENGTH}}}")
_A_DAY = 86400
_RENAME = [
    Statement(sa.update(table).where(table.c.browser == sa.bindparam("old")).values(browser=sa.bindparam("new")))
    for table in (AuthorizationSession.table, PendingStart.table)
]


def cookie_name(env: Environment) -> str:
    return name_for(env.keys.client_id, "mockserver-browser")


def browser_of(env: Environment, request: Request) -> str:
    """A browser without a cookie of ours gets a name of its own, which `browser_cookie` tells it."""
    named = request.cookie(cookie_name(env))
    return named if _NAME.fullmatch(named) else env.codes.token(_LENGTH)


def browser_cookie(env: Environment, browser: str) -> tuple[str, str]:
    """The header that sets it."""
    return set_cookie(cookie_name(env), browser, max_age=_A_DAY, is_secure=env.server.is_https)


def renamed(env: Environment, browser: str) -> str:
    """The browser's new name at a sign-in: whoever planted the old one there (session fixation) knows it no longer.

    What waits in other tabs goes on under the new one.
    """
    name = env.codes.token(_LENGTH)
    for statement in _RENAME:
        env.execute(statement, old=browser, new=name)
    return name
