"""Profiles: what the identity provider behind a connection says of a person."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from mockserver.connections.models import Connection, Profile
from mockserver.connections.service import domains_of
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.statements import Query
from mockserver.users import service as users
from mockserver.users.models import email_key

_columns = Profile.table.c
_OF_CONNECTION = _columns.connection_id == sa.bindparam("connection_id")
_OLDEST_FIRST = (_columns.created_at, _columns.id)
_ALL = Query(Profile, _OF_CONNECTION, order_by=_OLDEST_FIRST)
_BY_IDP_ID = Query(Profile, _OF_CONNECTION, _columns.idp_id == sa.bindparam("idp_id"))
_BY_EMAIL = Query(
    Profile, _OF_CONNECTION, _columns.email_key == sa.bindparam("email_key"), order_by=_OLDEST_FIRST, limit=1
)


def profiles_of(env: Environment, connection: Connection) -> list[Profile]:
    """Oldest first."""
    return env.all(_ALL, connection_id=connection.id)


def find_profile_by_email(env: Environment, connection: Connection, email: str) -> Profile | None:
    """Of several with this address, the oldest."""
    return env.first(_BY_EMAIL, connection_id=connection.id, email_key=email_key(email))


def profile_who_signs_in(env: Environment, connection: Connection, login_hint: str | None) -> Profile:
    """Where nobody is asked: that of the hint, else the first there is, else a newcomer's of the first domain."""
    if login_hint and users.is_email(login_hint):
        return find_profile_by_email(env, connection, login_hint) or save_profile(env, connection, email=login_hint)
    known = profiles_of(env, connection)
    if known:
        return known[0]
    domains = [domain.domain for domain in domains_of(env, connection)]
    return save_profile(env, connection, email=f"user@{domains[0] if domains else 'example.com'}")


def save_profile(
    env: Environment,
    connection: Connection,
    *,
    email: str,
    first_name: str | None = None,
    last_name: str | None = None,
    idp_id: str | None = None,
    groups: list[str] | None = None,
    role_slug: str | None = None,
    custom_attributes: JSON | None = None,
    raw_attributes: JSON | None = None,
) -> Profile:
    """Of the person with this `idp_id` or, without one, this address. What is None stays as it was known.

    Raises RequestInvalid for what is no e-mail address.
    """
    users.require_email(email)
    given: dict[str, Any] = {
        "first_name": first_name,
        "last_name": last_name,
        "groups": groups,
        "role_slug": role_slug,
        "custom_attributes": custom_attributes,
        "raw_attributes": raw_attributes,
    }
    said = {name: value for name, value in given.items() if value is not None}
    said |= {"email": email.strip(), "email_key": email_key(email)}
    if idp_id is None:
        profile = find_profile_by_email(env, connection, email)
    else:
        profile = env.first(_BY_IDP_ID, connection_id=connection.id, idp_id=idp_id)
    if profile is None:
        profile = _new_profile(env, connection, idp_id=idp_id or env.codes.token(20), **said)
        if raw_attributes is None:
            profile.raw_attributes = _made_attributes_of(profile)
        return env.insert(profile)
    profile = env.update(profile, **said)
    if raw_attributes is None:
        profile = env.update(profile, raw_attributes={**profile.raw_attributes, **_made_attributes_of(profile)})
    return profile


def _new_profile(env: Environment, connection: Connection, **attributes: Any) -> Profile:
    """Not stored yet, with the defaults for what `attributes` lacks."""
    now = env.clock.now()
    defaults = {
        "id": env.ids.new(Profile.prefix),
        "connection_id": connection.id,
        "groups": [],
        "custom_attributes": {},
        "raw_attributes": {},
        "created_at": now,
        "updated_at": now,
    }
    return Profile(**{**dict.fromkeys(Profile.__struct_fields__), **defaults, **attributes})


def _made_attributes_of(profile: Profile) -> JSON:
    return made_attributes(profile.idp_id, profile.email, profile.first_name, profile.last_name, profile.groups)


def made_attributes(
    idp_id: str, email: str, first_name: str | None, last_name: str | None, groups: list[str] | None
) -> JSON:
    """`raw_attributes` as a provider might have sent them."""
    attributes = {"id": idp_id, "email": email, "firstName": first_name, "lastName": last_name}
    return {**attributes, "groups": groups} if groups else attributes
