"""The identities of a user, and when they come loose."""

from __future__ import annotations

import sqlalchemy as sa

from mockserver.core.environment import Environment
from mockserver.core.statements import Query
from mockserver.identities.models import Identity
from mockserver.users.models import User, email_key

PROVIDERS = (
    "AppleOAuth",
    "BitbucketOAuth",
    "DiscordOAuth",
    "GitHubOAuth",
    "GitLabOAuth",
    "GoogleOAuth",
    "GrokOAuth",
    "IntuitOAuth",
    "LinkedInOAuth",
    "MicrosoftOAuth",
    "SalesforceOAuth",
    "SlackOAuth",
    "VercelMarketplaceOAuth",
    "VercelOAuth",
    "XOAuth",
    "XeroOAuth",
)

_columns = Identity.table.c
_OF_USER = Query(Identity, _columns.user_id == sa.bindparam("user_id"), order_by=(_columns.created_at, _columns.id))
_AT_PROVIDER = Query(
    Identity, _columns.provider == sa.bindparam("provider"), order_by=(_columns.created_at, _columns.id), limit=20
)
_BY_ACCOUNT = Query(Identity, _columns.provider == sa.bindparam("provider"), _columns.idp_id == sa.bindparam("idp_id"))


def identities_of(env: Environment, user: User) -> list[Identity]:
    """Oldest first."""
    return env.all(_OF_USER, user_id=user.id)


def find_identity(env: Environment, provider: str, idp_id: str) -> Identity | None:
    return env.first(_BY_ACCOUNT, provider=provider, idp_id=idp_id)


def identities_at(env: Environment, provider: str) -> list[Identity]:
    """Everybody's at a provider, oldest first."""
    return env.all(_AT_PROVIDER, provider=provider)


def link(env: Environment, user: User, *, provider: str, idp_id: str, email: str) -> Identity:
    now = env.clock.now()
    return env.insert(Identity(env.ids.new(Identity.prefix), user.id, provider, idp_id, email, now, now))


def detach_foreign(env: Environment, user: User) -> None:
    """After the user's address has changed: an identity with another one doesn't prove it."""
    for identity in identities_of(env, user):
        if email_key(identity.email) != user.email_key:
            env.delete(identity)
