"""/user_management/users"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import UNSET, UnsetType

from mockserver import deletion
from mockserver.core.bodies import Body, NonEmpty
from mockserver.core.environment import Environment
from mockserver.core.pagination import Page, Pagination
from mockserver.core.routing import delete, get, post, put
from mockserver.users import service
from mockserver.users.models import User

HashType = Literal["bcrypt", "firebase-scrypt", "ssha", "ssha256", "scrypt", "pbkdf2", "argon2"]


class CreateUser(Body):
    email: NonEmpty
    email_verified: bool = False
    first_name: str | None = None
    last_name: str | None = None
    name: str | None = None
    external_id: str | None = None
    metadata: dict[str, Any] | None = None
    password: str | None = None
    password_hash: str | None = None
    password_hash_type: HashType | None = None
    password_salt_position: Literal["prefix", "suffix"] | None = None


class UpdateUser(Body):
    email: NonEmpty | UnsetType = UNSET
    email_verified: bool | UnsetType = UNSET
    first_name: str | UnsetType | None = UNSET
    last_name: str | UnsetType | None = UNSET
    name: str | UnsetType | None = UNSET
    external_id: str | UnsetType | None = UNSET
    metadata: dict[str, Any] | UnsetType | None = UNSET
    locale: str | UnsetType | None = UNSET
    password: str | UnsetType = UNSET
    password_hash: str | UnsetType = UNSET
    password_hash_type: HashType | UnsetType = UNSET
    password_salt_position: Literal["prefix", "suffix"] | UnsetType = UNSET


class UsersQuery(Pagination, kw_only=True):
    """`organization` is the deprecated name of `organization_id`."""

    email: str | None = None
    organization_id: str | None = None
    organization: str | None = None


@post("/user_management/users", status=201)
def create_user(env: Environment, body: CreateUser) -> User:
    return service.create_user(env, **body.changes())


@get("/user_management/users")
def list_users(env: Environment, query: UsersQuery) -> Page[User]:
    organization_id = query.organization_id or query.organization
    return service.list_users(env, query, email=query.email, organization_id=organization_id)


@get("/user_management/users/{id}")
def get_user(env: Environment, id: str) -> User:
    return env.get(User, id)


@get("/user_management/users/external_id/{external_id}")
def get_user_by_external_id(env: Environment, external_id: str) -> User:
    return service.get_user_by_external_id(env, external_id)


@put("/user_management/users/{id}")
def update_user(env: Environment, id: str, body: UpdateUser) -> User:
    return service.update_user(env, env.get(User, id), **body.changes())


@delete("/user_management/users/{id}")
def delete_user(env: Environment, id: str) -> None:
    deletion.delete_user(env, env.get(User, id))
