"""The name that a browser keeps in a cookie: what was begun in it goes on there alone."""

from __future__ import annotations

import re

from mockserver.core.cookies import set_cookie
from mockserver.core.environment import Environment
from mockserver.core.requests import Request

COOKIE = "mockserver-browser"
_LENGTH = 32
_NAME = re.compile(f"[0-9A-Za-z]{{{_LENGTH}}}")
_A_DAY = 86400


def browser_of(env: Environment, request: Request) -> str:
    """A browser without a cookie of ours gets a name of its own, which `browser_cookie` tells it."""
    named = request.cookie(COOKIE)
    return named if _NAME.fullmatch(named) else env.codes.token(_LENGTH)


def browser_cookie(env: Environment, browser: str) -> tuple[str, str]:
    """The header that sets it."""
    return set_cookie(COOKIE, browser, max_age=_A_DAY, is_secure=env.server.is_https)
