"""/user_management/organization_memberships"""

from __future__ import annotations

from mockserver.core.bodies import Body, NonEmpty
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.pagination import Pagination
from mockserver.core.routing import delete, get, post, put
from mockserver.memberships import service
from mockserver.memberships.models import Membership
from mockserver.organizations.models import Organization
from mockserver.users.models import User


class RoleMembers(Body):
    role_slug: NonEmpty | None = None
    role_slugs: list[NonEmpty] | None = None

    def slugs(self) -> list[str]:
        return service.requested_slugs(self.role_slug, self.role_slugs)


class CreateMembership(RoleMembers, kw_only=True):
    user_id: NonEmpty
    organization_id: NonEmpty


class MembershipsQuery(Pagination, kw_only=True):
    user_id: str | None = None
    organization_id: str | None = None
    statuses: list[str] | None = None


@post("/user_management/organization_memberships", status=201)
def create_membership(env: Environment, body: CreateMembership) -> JSON:
    user, organization = env.get(User, body.user_id), env.get(Organization, body.organization_id)
    return service.shown(env, service.create_membership(env, user, organization, slugs=body.slugs()))


@get("/user_management/organization_memberships")
def list_memberships(env: Environment, query: MembershipsQuery) -> JSON:
    return service.list_memberships(
        env,
        query,
        user_id=query.user_id,
        organization_id=query.organization_id,
        statuses=query.statuses or [],
    )


@get("/user_management/organization_memberships/{id}")
def get_membership(env: Environment, id: str) -> JSON:
    return service.shown(env, env.get(Membership, id))


@put("/user_management/organization_memberships/{id}")
def update_membership(env: Environment, id: str, body: RoleMembers) -> JSON:
    return service.shown(env, service.update_membership(env, env.get(Membership, id), slugs=body.slugs()))


@put("/user_management/organization_memberships/{id}/deactivate")
def deactivate_membership(env: Environment, id: str) -> JSON:
    return service.shown(env, service.deactivate(env, env.get(Membership, id)))


@put("/user_management/organization_memberships/{id}/reactivate")
def reactivate_membership(env: Environment, id: str) -> JSON:
    return service.shown(env, service.reactivate(env, env.get(Membership, id)))


@delete("/user_management/organization_memberships/{id}")
def delete_membership(env: Environment, id: str) -> None:
    service.delete_membership(env, env.get(Membership, id))
