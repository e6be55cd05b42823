"""API keys of organizations and users"""

from __future__ import annotations

from msgspec import UNSET, UnsetType, field

from mockserver.api_keys import service
from mockserver.api_keys.models import ApiKey
from mockserver.core.bodies import Body, NonEmpty
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.pagination import Page, Pagination
from mockserver.core.routing import delete, get, post
from mockserver.organizations.models import Organization
from mockserver.users.models import User


class CreateOrganizationKey(Body):
    name: NonEmpty
    permissions: list[str] = field(default_factory=list)
    expires_at: str | None = None


class CreateUserKey(CreateOrganizationKey, kw_only=True):
    organization_id: NonEmpty


class ValidateKey(Body):
    value: NonEmpty


class ExpireKey(Body):
    expires_at: str | UnsetType | None = UNSET


class UserKeysQuery(Pagination, kw_only=True):
    organization_id: str | None = None


@post("/organizations/{organization_id}/api_keys", status=201)
def create_organization_key(env: Environment, organization_id: str, body: CreateOrganizationKey) -> JSON:
    organization = env.get(Organization, organization_id)
    return service.create_organization_key(env, organization, **body.changes()).shown_once()


@get("/organizations/{organization_id}/api_keys")
def list_organization_keys(env: Environment, organization_id: str, query: Pagination) -> Page[ApiKey]:
    return service.list_organization_keys(env, env.get(Organization, organization_id), query)


@post("/user_management/users/{user_id}/api_keys", status=201)
def create_user_key(env: Environment, user_id: str, body: CreateUserKey) -> JSON:
    user = env.get(User, user_id)
    attributes = body.changes()
    organization = env.get(Organization, attributes.pop("organization_id"))
    return service.create_user_key(env, user, organization, **attributes).shown_once()


@get("/user_management/users/{user_id}/api_keys")
def list_user_keys(env: Environment, user_id: str, query: UserKeysQuery) -> Page[ApiKey]:
    return service.list_user_keys(env, env.get(User, user_id), query, organization_id=query.organization_id)


@post("/api_keys/validations")
def validate_key(env: Environment, body: ValidateKey) -> JSON:
    return service.validate(env, body.value)


@post("/api_keys/{id}/expire")
def expire_key(env: Environment, id: str, body: ExpireKey) -> ApiKey:
    return service.expire(env, env.get(ApiKey, id), **body.changes())


@delete("/api_keys/{id}", status=204)
def delete_key(env: Environment, id: str) -> None:
    service.delete(env, env.get(ApiKey, id))
