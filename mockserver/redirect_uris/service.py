"""Registering redirect URIs, and whether one is allowed."""

from __future__ import annotations

import sqlalchemy as sa

from mockserver.core.environment import Environment
from mockserver.core.errors import ApiError, RequestInvalid, field_error
from mockserver.core.pagination import Listing, Page, Pagination
from mockserver.core.statements import Query
from mockserver.core.urls import InvalidUri, is_allowed, require_uri
from mockserver.redirect_uris.models import RedirectUri

_columns = RedirectUri.table.c
_ALL = Query(RedirectUri, order_by=(_columns.created_at, _columns.id))
_BY_URI = Query(RedirectUri, _columns.uri == sa.bindparam("uri"))
_LISTING = Listing(RedirectUri)


class AlreadyRegistered(ApiError):
    """422 without a code (contract: resources, section 8)."""

    status = 422

    def __init__(self, uri: str) -> None:
        super().__init__(f"Redirect URI '{uri}' already exists.")


class DefaultNotDeletable(ApiError):
    status = 409
    message = "Cannot delete the default redirect URI."


class RedirectUriNotAllowed(ApiError):
    """Where production shows an error page: nobody is led to an unknown address."""

    status, code = 400, "redirect_uri_invalid"

    def __init__(self, uri: str) -> None:
        super().__init__(f"The redirect URI '{uri}' is not registered.")
        self.hint = (
            f"register '{uri}' with --redirect-uri, POST /user_management/redirect_uris or the setting redirect_uris"
        )


def list_redirect_uris(env: Environment, pagination: Pagination) -> Page[RedirectUri]:
    return env.page(_LISTING, pagination)


def register(env: Environment, uri: str) -> RedirectUri:
    """The first one without a wildcard becomes the default."""
    try:
        require_uri(uri)
    except InvalidUri as error:
        raise RequestInvalid([field_error("uri", "uri_invalid", str(error))]) from None
    if env.first(_BY_URI, uri=uri) is not None:
        raise AlreadyRegistered(uri)
    has_default = any(registered.is_default for registered in env.all(_ALL))
    now = env.clock.now()
    is_default = not has_default and "*" not in uri
    return env.insert(RedirectUri(env.ids.new(RedirectUri.prefix), uri, is_default, now, now))


def delete_redirect_uri(env: Environment, redirect_uri: RedirectUri) -> None:
    if redirect_uri.is_default:
        raise DefaultNotDeletable
    env.delete(redirect_uri)


def redirect_targets(env: Environment) -> list[str]:
    """The registered ones and those of the setting that name an address, the default one first."""
    registered = sorted(env.all(_ALL), key=lambda redirect_uri: not redirect_uri.is_default)
    uris = [*(redirect_uri.uri for redirect_uri in registered), *env.settings.redirect_uris]
    return [uri for uri in dict.fromkeys(uris) if "*" not in uri]


def require_allowed(env: Environment, uri: str) -> None:
    """Registered, listed in the setting `redirect_uris`, or loopback. Raises RedirectUriNotAllowed."""
    registered = [redirect_uri.uri for redirect_uri in env.all(_ALL)]
    if not is_allowed(uri, [*registered, *env.settings.redirect_uris]):
        raise RedirectUriNotAllowed(uri)
