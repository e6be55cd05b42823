"""Connecting users' accounts with providers, without ever calling one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from mockserver.connected_accounts.models import ConnectedAccount, DataIntegration
from mockserver.core.clock import to_ms, to_text
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, ApiError, NotFound, RequestInvalid, field_error
from mockserver.core.statements import Query
from mockserver.events import service as events
from mockserver.organizations.models import Organization
from mockserver.users.models import User

_columns = ConnectedAccount.table.c
_of_user = _columns.user_id == sa.bindparam("user_id")
_is_personal = _columns.organization_id.is_(None)
_is_in_organization = _columns.organization_id == sa.bindparam("organization_id")
_ALL_PERSONAL = Query(ConnectedAccount, _of_user, _is_personal)
_ALL_IN_ORGANIZATION = Query(ConnectedAccount, _of_user, _is_in_organization)
_of_slug = _columns.slug == sa.bindparam("slug")
_PERSONAL = Query(ConnectedAccount, _of_user, _of_slug, _is_personal)
_IN_ORGANIZATION = Query(ConnectedAccount, _of_user, _of_slug, _is_in_organization)
_integrations = DataIntegration.table.c
_ENABLED = Query(DataIntegration, _integrations.enabled, order_by=(_integrations.created_at, _integrations.id))

_EVENTS = {
    "connected": "pipes.connected_account.connected",
    "needs_reauthorization": "pipes.connected_account.reauthorization_needed",
}


class AlreadyConnected(ApiError):
    status = 409
    message = "A connected account already exists for this user, integration and organization."


class IntegrationNotUsable(ApiError):
    status = 422
    message = "The data integration is not in a valid state."


class InvalidTokens(ApiError):
    """Not a token, and no state either: nothing says whether the account is connected."""

    status = 422
    message = "The token combination is invalid."


def find_account(env: Environment, user: User, slug: str, organization_id: str | None) -> ConnectedAccount | None:
    """Without an organization, only an account that belongs to none. Raises NotFound for an unknown organization."""
    if organization_id is None:
        return env.first(_PERSONAL, user_id=user.id, slug=slug)
    organization = env.get(Organization, organization_id)
    return env.first(_IN_ORGANIZATION, user_id=user.id, slug=slug, organization_id=organization.id)


def get_account(env: Environment, user: User, slug: str, organization_id: str | None) -> ConnectedAccount:
    """Raises NotFound."""
    account = find_account(env, user, slug, organization_id)
    if account is None:
        raise NotFound(ConnectedAccount.label, slug)
    return account


def connect(
    env: Environment,
    user: User,
    slug: str,
    organization_id: str | None,
    *,
    scopes: Sequence[str] | None = None,
    state: str | None = None,
    **tokens: str | None,
) -> ConnectedAccount:
    """`tokens`: access_token, refresh_token, expires_at; the state follows from them when none is given.

    Raises NotFound, AlreadyConnected, IntegrationNotUsable, InvalidTokens, RequestInvalid.
    """
    integration = env.get(DataIntegration, slug)
    if find_account(env, user, slug, organization_id) is not None:
        raise AlreadyConnected
    if not integration.enabled or integration.state != "valid":
        raise IntegrationNotUsable
    columns = _token_columns(tokens)
    _require_access_token(columns, columns.get("access_token"))
    if state is None and columns.get("access_token") is None:
        raise InvalidTokens
    state = state or _state_of(env, columns.get("refresh_token"), columns.get("token_expires_at"))
    now = env.clock.now()
    account = env.insert(
        ConnectedAccount(
            id=env.ids.new(ConnectedAccount.prefix),
            slug=slug,
            user_id=user.id,
            organization_id=organization_id,
            scopes=list(integration.scopes if scopes is None else scopes),
            auth_method="oauth",
            state=state,
            access_token=columns.get("access_token"),
            refresh_token=columns.get("refresh_token"),
            token_expires_at=columns.get("token_expires_at"),
            created_at=now,
            updated_at=now,
        )
    )
    _record(env, _EVENTS[state], account)
    return account


def update(env: Environment, account: ConnectedAccount, **changes: Any) -> ConnectedAccount:
    """Tokens without a state decide it anew. A change of state is told. Raises RequestInvalid."""
    tokens: dict[str, str | None] = {
        name: changes.pop(name) for name in ("access_token", "refresh_token", "expires_at") if name in changes
    }
    columns = _token_columns(tokens)
    _require_access_token(columns, columns.get("access_token", account.access_token))
    if columns and "state" not in changes:
        refresh_token = columns.get("refresh_token", account.refresh_token)
        changes["state"] = _state_of(env, refresh_token, columns.get("token_expires_at", account.token_expires_at))
    changes = {name: value for name, value in (changes | columns).items() if value != getattr(account, name)}
    if not changes:
        return account
    account = env.update(account, **changes)
    if "state" in changes:
        _record(env, _EVENTS[account.state], account)
    return account


def _state_of(env: Environment, refresh_token: str | None, expires_at: str | None) -> str:
    """What the tokens say: an expired one that nothing can refresh needs the user again (the SDK's docstring)."""
    is_expired = expires_at is not None and expires_at <= env.clock.now()
    return "needs_reauthorization" if is_expired and refresh_token is None else "connected"


def disconnect(env: Environment, account: ConnectedAccount) -> None:
    env.delete(account)
    _record(env, "pipes.connected_account.disconnected", account)


def list_providers(env: Environment, user: User, organization_id: str | None) -> JSON:
    """Every provider that users can connect to, each with the user's account there or null. Raises NotFound."""
    if organization_id is None:
        accounts = env.all(_ALL_PERSONAL, user_id=user.id)
    else:
        organization = env.get(Organization, organization_id)
        accounts = env.all(_ALL_IN_ORGANIZATION, user_id=user.id, organization_id=organization.id)
    by_slug = {account.slug: account for account in accounts}
    providers = [integration.shown_as_provider(by_slug.get(integration.slug)) for integration in env.all(_ENABLED)]
    return {"object": "list", "data": providers}


def ensure_integration(env: Environment, slug: str) -> DataIntegration:
    """The one with this slug, made when there is none: for fixtures that name accounts only."""
    integration = env.find(DataIntegration, slug)
    if integration is not None:
        return integration
    now = env.clock.now()
    return env.insert(
        DataIntegration(
            id=env.ids.new(DataIntegration.prefix),
            slug=slug,
            name=slug.replace("-", " ").title(),
            description=None,
            scopes=[],
            auth_methods=["oauth"],
            enabled=True,
            state="valid",
            created_at=now,
            updated_at=now,
        )
    )


def _token_columns(tokens: dict[str, str | None]) -> dict[str, str | None]:
    """Raises RequestInvalid."""
    columns = {"token_expires_at" if name == "expires_at" else name: value for name, value in tokens.items()}
    moment = columns.get("token_expires_at")
    if moment is not None:
        try:
            columns["token_expires_at"] = to_text(to_ms(moment))
        except (ValueError, OverflowError):
            message = "Expires At must be an ISO 8601 moment, for example 2026-01-15T12:00:00.000Z."
            raise RequestInvalid([field_error("expires_at", "expires_at_invalid", message)]) from None
    return columns


def _require_access_token(columns: dict[str, str | None], access_token: str | None) -> None:
    """A refresh token or an expiry says nothing without an access token (the document: "the token combination")."""
    if access_token is None and any(value is not None for value in columns.values()):
        message = "Access Token must be sent along with a refresh token or an expiry."
        raise RequestInvalid([field_error("access_token", "access_token_string_required", message)])


def _record(env: Environment, name: str, account: ConnectedAccount) -> None:
    events.record(env, name, account.event_data_with(env.get(DataIntegration, account.slug)))
