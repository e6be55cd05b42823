"""CORS origins: which pages may call from a browser."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import sqlalchemy as sa

from mockserver.configuration.models import CorsOrigin
from mockserver.core.environment import Environment
from mockserver.core.errors import ApiError
from mockserver.core.pagination import Listing, Page, Pagination
from mockserver.core.statements import Query

_LISTING = Listing(CorsOrigin)
_BY_ORIGIN = Query(CorsOrigin, CorsOrigin.table.c.origin == sa.bindparam("origin"))
_ALL = Query(CorsOrigin)
_ORIGIN = re.compile(r"https?://(?:[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?", re.I)


class DuplicateCorsOrigin(ApiError):
    status, code = 409, "duplicate_cors_origin"
    message = "CORS origin already exists."


class InvalidCorsOrigin(ApiError):
    """422 without a code, and with `errors` of a form of its own (contract: authentication, section 1.4)."""

    status = 422
    message = "Validation failed."

    def __init__(self, constraint: str, message: str) -> None:
        super().__init__(errors=[{"property": "origin", "constraints": {constraint: message}}])


def list_cors_origins(env: Environment, pagination: Pagination) -> Page[CorsOrigin]:
    return env.page(_LISTING, pagination)


def create_cors_origin(env: Environment, origin: Any) -> CorsOrigin:
    """Raises InvalidCorsOrigin, DuplicateCorsOrigin."""
    if not isinstance(origin, str) or not origin.strip():
        raise InvalidCorsOrigin("isString", "origin must be a string")
    if not is_origin(origin):
        raise InvalidCorsOrigin("isUrl", "origin must be a URL address without a path, such as https://example.com")
    origin = normal_origin(origin)
    if env.first(_BY_ORIGIN, origin=origin) is not None:
        raise DuplicateCorsOrigin
    now = env.clock.now()
    allow_when_committed(env, origin)
    return env.insert(CorsOrigin(env.ids.new(CorsOrigin.prefix), origin, now, now))


def allow_when_committed(env: Environment, origin: str) -> None:
    env.after_commit(partial(env.origins.add, origin))


def registered_origins(env: Environment) -> set[str]:
    return {item.origin for item in env.all(_ALL)}


def is_origin(text: str) -> bool:
    """A scheme, a host and perhaps a port; one slash at the end does no harm."""
    return _ORIGIN.fullmatch(normal_origin(text)) is not None


def normal_origin(text: str) -> str:
    """As browsers write it: in lower case, without a slash at the end."""
    return text.strip().lower().removesuffix("/")
