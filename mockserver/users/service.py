"""What may happen to users, and what follows."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa

from mockserver.core.environment import Environment
from mockserver.core.errors import ApiError, NotFound, RequestInvalid, field_error
from mockserver.core.metadata import merged_metadata
from mockserver.core.pagination import Listing, Page, Pagination
from mockserver.core.statements import Query
from mockserver.events import service as events
from mockserver.identities import service as identities
from mockserver.memberships.models import Membership
from mockserver.users import passwords
from mockserver.users.models import User, email_key

_columns = User.table.c
_BY_EMAIL = Query(User, _columns.email_key == sa.bindparam("email_key"))
_BY_EXTERNAL_ID = Query(User, _columns.external_id == sa.bindparam("external_id"))
_LISTING = Listing(
    User,
    email=_columns.email_key == sa.bindparam("email"),
)
# Active members only ("they are a member of"; one report, workos-node 1080): who is invited is none yet.
_members = Membership.table.c
_MEMBERS = Listing(
    User,
    position=(_members.user_created_at, _members.user_id),
    email=_columns.email_key == sa.bindparam("email"),
    organization_id=sa.and_(
        _members.organization_id == sa.bindparam("organization_id"),
        _members.status == "active",
        _members.user_id == _columns.id,
    ),
)
_FIRST = Query(User, order_by=(_columns.created_at, _columns.id), limit=sa.bindparam("first", type_=sa.Integer))
_EMAIL = re.compile(r"[^@\s\x00-\x1f,;<>\"]{1,64}@[^@\s\x00-\x1f.,;<>\"]+(\.[^@\s\x00-\x1f.,;<>\"]+)+")
_LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")


class UserCreationError(ApiError):
    """A taken address, in the form that production answers (contract: resources, section 3)."""

    status, code = 400, "user_creation_error"
    message = "Could not create user."


class EmailNotAvailable(ApiError):
    status, code = 400, "email_not_available"
    message = "This email is not available."


class ExternalIdTaken(ApiError):
    status, code = 400, "external_id_already_used"
    message = "The external_id provided has already been assigned to another user."


class InvalidLocale(ApiError):
    status, code = 400, "invalid_locale"


class InvalidEmail(ApiError):
    status, code = 400, "invalid_email"


class EmailAlreadyVerified(ApiError):
    status, code = 400, "email_already_verified"
    message = "The user email has already been verified and cannot be unverified."


def is_email(text: str) -> bool:
    return len(text) <= 254 and _EMAIL.fullmatch(text.strip()) is not None


def require_email(email: str) -> None:
    """Raises RequestInvalid for what is no e-mail address."""
    if not is_email(email):
        raise RequestInvalid([field_error("email", "invalid_email", "Email must be a valid email address.")])


def find_user_by_email(env: Environment, email: str) -> User | None:
    return env.first(_BY_EMAIL, email_key=email_key(email))


def get_user_by_external_id(env: Environment, external_id: str) -> User:
    """Raises NotFound."""
    user = env.first(_BY_EXTERNAL_ID, external_id=external_id)
    if user is None:
        raise NotFound(User.label, external_id)
    return user


def list_users(
    env: Environment, pagination: Pagination, *, email: str | None, organization_id: str | None
) -> Page[User]:
    filters = {}
    if email is not None:
        filters["email"] = email_key(email)
    if organization_id is None:
        return env.page(_LISTING, pagination, **filters)
    return env.page(_MEMBERS, pagination, organization_id=organization_id, **filters)


def first_users(env: Environment, *, limit: int) -> list[User]:
    """The oldest ones: those that a fixture document begins with."""
    return env.all(_FIRST, first=limit)


def create_user(env: Environment, *, email: str, **attributes: Any) -> User:
    """`attributes` are members of a user and of GivenPassword. Sends no mail; `email_verified` is trusted."""
    given = passwords.take_given(attributes)
    require_email(email)
    if find_user_by_email(env, email) is not None:
        refusal = EmailNotAvailable()
        raise UserCreationError(errors=[refusal.body()])
    require_free_external_id(env, attributes.get("external_id"))
    metadata = merged_metadata({}, attributes.pop("metadata", None) or {})
    passwords.require_acceptable(env, given)
    user = env.insert(new_user(env, email, metadata=metadata, **attributes))
    passwords.store_given(env, user, given)
    events.record(env, "user.created", user)
    return user


def new_user(env: Environment, email: str, **attributes: Any) -> User:
    """A user that is not stored yet, with the defaults for what `attributes` lacks."""
    now = env.clock.now()
    defaults = {
        "id": env.ids.new(User.prefix),
        "email": email.strip(),
        "email_key": email_key(email),
        "email_verified": False,
        "metadata": {},
        "created_at": now,
        "updated_at": now,
    }
    return User(**{**dict.fromkeys(User.__struct_fields__), **defaults, **attributes})


def update_user(env: Environment, user: User, **attributes: Any) -> User:
    """Changes the members named in `attributes`; a call that changes nothing records no event."""
    given = passwords.take_given(attributes)
    if attributes.get("email_verified") is None:
        attributes.pop("email_verified", None)
    if "metadata" in attributes:
        attributes["metadata"] = merged_metadata(user.metadata, attributes["metadata"])
    if "email" in attributes:
        attributes |= _email_changes(env, user, attributes["email"], attributes.get("email_verified"))
    elif user.email_verified and attributes.get("email_verified") is False:
        raise EmailAlreadyVerified
    if attributes.get("locale") is not None and not _LOCALE.fullmatch(attributes["locale"]):
        raise InvalidLocale(f"'{attributes['locale']}' is not a locale such as en or pt-BR.")
    if attributes.get("external_id") != user.external_id:
        require_free_external_id(env, attributes.get("external_id"))
    passwords.require_acceptable(env, given)
    has_new_password = passwords.store_given(env, user, given)
    changes = {name: value for name, value in attributes.items() if value != getattr(user, name)}
    if not changes and not has_new_password:
        return user
    user = env.update(user, **changes)
    if "email_key" in changes:
        identities.detach_foreign(env, user)
    events.record(env, "user.updated", user)
    return user


def _email_changes(env: Environment, user: User, email: str, email_verified: bool | None) -> dict[str, Any]:
    """Another address loses its verification unless the same call gives it; another spelling does not."""
    if not is_email(email):
        raise InvalidEmail(f"'{email}' is not an email address.")
    if email_key(email) == user.email_key:
        if user.email_verified and email_verified is False:
            raise EmailAlreadyVerified
        return {"email": email.strip()}
    require_free_email(env, email)
    return {"email": email.strip(), "email_key": email_key(email), "email_verified": bool(email_verified)}


def mark_email_verified(env: Environment, user: User) -> User:
    if user.email_verified:
        return user
    user = env.update(user, email_verified=True)
    events.record(env, "user.updated", user)
    return user


def require_free_email(env: Environment, email: str) -> None:
    if find_user_by_email(env, email) is not None:
        raise EmailNotAvailable


def require_free_external_id(env: Environment, external_id: str | None) -> None:
    """At most 128 ASCII characters (the OpenAPI document; the docs say 64), of one user only."""
    if external_id is None:
        return
    if not 1 <= len(external_id) <= 128 or not external_id.isascii():
        message = "External Id must have 1 to 128 ASCII characters."
        raise RequestInvalid([field_error("external_id", "external_id_invalid", message)])
    if env.first(_BY_EXTERNAL_ID, external_id=external_id) is not None:
        raise ExternalIdTaken
