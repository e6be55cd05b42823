"""Making API keys, telling a valid one, and ending them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from msgspec import UNSET, UnsetType

from mockserver.api_keys.models import ApiKey
from mockserver.core.clock import to_ms, to_text
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, ApiError, RequestInvalid, field_error
from mockserver.core.pagination import Listing, Page, Pagination
from mockserver.core.statements import Query
from mockserver.events import service as events
from mockserver.memberships import service as memberships
from mockserver.organizations.models import Organization
from mockserver.roles.permissions import find_permission
from mockserver.users.models import User

_columns = ApiKey.table.c
_BY_VALUE = Query(ApiKey, _columns.value == sa.bindparam("value"))
_of_organization = _columns.organization_id == sa.bindparam("organization_id")
_OF_ORGANIZATION = Listing(ApiKey, organization_id=sa.and_(_of_organization, _columns.user_id.is_(None)))
_OF_USER = Listing(ApiKey, user_id=_columns.user_id == sa.bindparam("user_id"), organization_id=_of_organization)


class MembershipRequired(ApiError):
    """The OpenAPI document gives the shape of the refusal and says when; its code is a guess."""

    status = 400
    message = "Validation failed."

    def __init__(self) -> None:
        message = "The user must have an active membership in the organization."
        super().__init__(errors=[field_error("organization_id", "active_membership_required", message)])


class AlreadyExpired(ApiError):
    status, code = 409, "api_key_already_expired"
    message = "API key is already expired"


def list_organization_keys(env: Environment, organization: Organization, pagination: Pagination) -> Page[ApiKey]:
    """Its own, not those of its members."""
    return env.page(_OF_ORGANIZATION, pagination, organization_id=organization.id)


def list_user_keys(
    env: Environment, user: User, pagination: Pagination, *, organization_id: str | None
) -> Page[ApiKey]:
    filters = {} if organization_id is None else {"organization_id": organization_id}
    return env.page(_OF_USER, pagination, user_id=user.id, **filters)


def create_user_key(
    env: Environment,
    user: User,
    organization: Organization,
    *,
    name: str,
    permissions: Sequence[str] = (),
    expires_at: str | None = None,
) -> ApiKey:
    """Raises MembershipRequired, RequestInvalid."""
    if not memberships.is_active_member(env, user.id, organization.id):
        raise MembershipRequired
    return _create(env, user.id, organization.id, name, permissions, expires_at)


def create_organization_key(
    env: Environment,
    organization: Organization,
    *,
    name: str,
    permissions: Sequence[str] = (),
    expires_at: str | None = None,
) -> ApiKey:
    """Raises RequestInvalid."""
    return _create(env, None, organization.id, name, permissions, expires_at)


def _create(
    env: Environment,
    user_id: str | None,
    organization_id: str,
    name: str,
    permissions: Sequence[str],
    expires_at: str | None,
) -> ApiKey:
    now = env.clock.now()
    if expires_at is not None:
        expires_at = _moment(expires_at)
        if expires_at <= now:
            raise RequestInvalid([field_error("expires_at", "expires_at_invalid", "Expires At must lie ahead.")])
    _require_known(env, permissions)
    key = env.insert(
        ApiKey(
            id=env.ids.new(ApiKey.prefix),
            name=name,
            value=new_value(env),
            user_id=user_id,
            organization_id=organization_id,
            permissions=list(dict.fromkeys(permissions)),
            last_used_at=None,
            expires_at=expires_at,
            created_at=now,
            updated_at=now,
        )
    )
    events.record(env, "api_key.created", key, organization_id=organization_id)
    return key


def new_value(env: Environment) -> str:
    return f"sk_{env.codes.token(40)}"


def _require_known(env: Environment, permissions: Sequence[str]) -> None:
    """A permission that the environment doesn't have can't be given (a guess; production documents no code)."""
    unknown = [slug for slug in permissions if find_permission(env, slug) is None]
    if unknown:
        message = "The environment has no permission '{}'."
        raise RequestInvalid(
            [field_error("permissions", "permission_not_found", message.format(slug)) for slug in unknown]
        )


def _moment(text: str) -> str:
    try:
        return to_text(to_ms(text))
    except (ValueError, OverflowError):
        message = "Expires At must be an ISO 8601 moment, for example 2026-01-15T12:00:00.000Z."
        raise RequestInvalid([field_error("expires_at", "expires_at_invalid", message)]) from None


def validate(env: Environment, value: str) -> JSON:
    """A null for an unknown, expired or deleted key, and for that of a user who is no active member any longer.

    The last of these is a guess: such a key could not be made now.
    """
    key = env.first(_BY_VALUE, value=value)
    if key is None or is_expired(env, key) or not _may_be_used(env, key):
        return {"api_key": None}
    key = env.update(key, last_used_at=env.clock.now(), updated_at=key.updated_at)
    return {"api_key": key.shown()}


def is_expired(env: Environment, key: ApiKey) -> bool:
    return key.expires_at is not None and key.expires_at <= env.clock.now()


def _may_be_used(env: Environment, key: ApiKey) -> bool:
    return key.user_id is None or memberships.is_active_member(env, key.user_id, key.organization_id)


def expire(env: Environment, key: ApiKey, *, expires_at: str | UnsetType | None = UNSET) -> ApiKey:
    """At once when no moment is given or it has passed; None clears what was scheduled.

    Raises AlreadyExpired, RequestInvalid.
    """
    now = env.clock.now()
    moment = now if expires_at is UNSET else expires_at
    if moment is not None:
        moment = max(_moment(moment), now)
    if is_expired(env, key):
        raise AlreadyExpired
    if moment == key.expires_at:
        return key
    previous = {"expires_at": key.expires_at}
    key = env.update(key, expires_at=moment)
    data = {**key.shown(), "previous_attributes": previous}
    events.record(env, "api_key.updated", data, organization_id=key.organization_id)
    return key


def delete(env: Environment, key: ApiKey) -> None:
    env.delete(key)
    events.record(env, "api_key.revoked", key, organization_id=key.organization_id)
