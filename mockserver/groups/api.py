"""/organizations/{organization_id}/groups, and the groups of a membership"""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from mockserver.core.bodies import Body, NonEmpty
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.pagination import Page, Pagination
from mockserver.core.routing import delete, get, patch, post
from mockserver.groups import service
from mockserver.groups.models import Group
from mockserver.memberships.models import Membership
from mockserver.organizations.models import Organization


class CreateGroup(Body):
    name: NonEmpty
    description: str | None = None


class UpdateGroup(Body):
    name: NonEmpty | UnsetType = UNSET
    description: str | UnsetType | None = UNSET


class AddMember(Body):
    organization_membership_id: NonEmpty


def _group(env: Environment, organization_id: str, group_id: str) -> Group:
    return service.get_group(env, env.get(Organization, organization_id), group_id)


@post("/organizations/{organization_id}/groups", status=201)
def create_group(env: Environment, organization_id: str, body: CreateGroup) -> Group:
    return service.create_group(env, env.get(Organization, organization_id), **body.changes())


@get("/organizations/{organization_id}/groups")
def list_groups(env: Environment, organization_id: str, query: Pagination) -> Page[Group]:
    return service.list_groups(env, env.get(Organization, organization_id), query)


@get("/organizations/{organization_id}/groups/{group_id}")
def get_group(env: Environment, organization_id: str, group_id: str) -> Group:
    return _group(env, organization_id, group_id)


@patch("/organizations/{organization_id}/groups/{group_id}")
def update_group(env: Environment, organization_id: str, group_id: str, body: UpdateGroup) -> Group:
    return service.update_group(env, _group(env, organization_id, group_id), **body.changes())


@delete("/organizations/{organization_id}/groups/{group_id}", status=204)
def delete_group(env: Environment, organization_id: str, group_id: str) -> None:
    service.delete_group(env, _group(env, organization_id, group_id))


@post("/organizations/{organization_id}/groups/{group_id}/organization-memberships")
def add_member(env: Environment, organization_id: str, group_id: str, body: AddMember) -> Group:
    group = _group(env, organization_id, group_id)
    return service.add_member(env, group, service.get_membership(env, group, body.organization_membership_id))


@get("/organizations/{organization_id}/groups/{group_id}/organization-memberships")
def list_members(env: Environment, organization_id: str, group_id: str, query: Pagination) -> JSON:
    organization = env.get(Organization, organization_id)
    return service.list_members(env, organization, service.get_group(env, organization, group_id), query)


@delete("/organizations/{organization_id}/groups/{group_id}/organization-memberships/{membership_id}", status=204)
def remove_member(env: Environment, organization_id: str, group_id: str, membership_id: str) -> None:
    group = _group(env, organization_id, group_id)
    service.remove_member(env, group, service.get_membership(env, group, membership_id))


@get("/user_management/organization_memberships/{membership_id}/groups")
def list_groups_of_membership(env: Environment, membership_id: str, query: Pagination) -> Page[Group]:
    return service.list_groups_of_membership(env, env.get(Membership, membership_id), query)
