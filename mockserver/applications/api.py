"""Authorized applications of users and organizations"""

from __future__ import annotations

from mockserver.applications import service
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.pagination import Pagination
from mockserver.core.routing import delete, get
from mockserver.organizations.models import Organization
from mockserver.users.models import User


@get("/user_management/users/{user_id}/authorized_applications")
def list_of_user(env: Environment, user_id: str, query: Pagination) -> JSON:
    return service.list_of_user(env, env.get(User, user_id), query)


@delete("/user_management/users/{user_id}/authorized_applications/{application_id}", status=204)
def revoke(env: Environment, user_id: str, application_id: str) -> None:
    service.revoke(env, env.get(User, user_id), application_id)


@get("/organizations/{organization_id}/authorized_applications")
def list_of_organization(env: Environment, organization_id: str, query: Pagination) -> JSON:
    return service.list_of_organization(env, env.get(Organization, organization_id), query)
