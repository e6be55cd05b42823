"""A user's connected accounts and data providers"""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, UnsetType

from mockserver.connected_accounts import service
from mockserver.connected_accounts.models import ConnectedAccount
from mockserver.core.bodies import Body, Parameters
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.routing import delete, get, post, put
from mockserver.users.models import User

_ACCOUNT = "/user_management/users/{user_id}/connected_accounts/{slug}"


class AccountMembers(Body):
    access_token: str | UnsetType = UNSET
    refresh_token: str | UnsetType = UNSET
    expires_at: str | UnsetType = UNSET
    scopes: list[str] | UnsetType = UNSET
    state: Literal["connected", "needs_reauthorization"] | UnsetType = UNSET


class OfOrganization(Parameters):
    organization_id: str | None = None


@get(_ACCOUNT)
def get_account(env: Environment, user_id: str, slug: str, query: OfOrganization) -> ConnectedAccount:
    return service.get_account(env, env.get(User, user_id), slug, query.organization_id)


@post(_ACCOUNT, status=201)
def connect_account(
    env: Environment, user_id: str, slug: str, query: OfOrganization, body: AccountMembers
) -> ConnectedAccount:
    return service.connect(env, env.get(User, user_id), slug, query.organization_id, **body.changes())


@put(_ACCOUNT)
def update_account(
    env: Environment, user_id: str, slug: str, query: OfOrganization, body: AccountMembers
) -> ConnectedAccount:
    account = service.get_account(env, env.get(User, user_id), slug, query.organization_id)
    return service.update(env, account, **body.changes())


@delete(_ACCOUNT, status=204)
def disconnect_account(env: Environment, user_id: str, slug: str, query: OfOrganization) -> None:
    service.disconnect(env, service.get_account(env, env.get(User, user_id), slug, query.organization_id))


@get("/user_management/users/{user_id}/data_providers")
def list_providers(env: Environment, user_id: str, query: OfOrganization) -> JSON:
    return service.list_providers(env, env.get(User, user_id), query.organization_id)
