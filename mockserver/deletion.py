"""Deleting something that much else hangs on."""

from __future__ import annotations

from mockserver.connections import service as connections
from mockserver.core.environment import Environment
from mockserver.core.errors import ApiError
from mockserver.events import service as events
from mockserver.groups import service as groups
from mockserver.memberships import service as memberships
from mockserver.organizations import domains
from mockserver.organizations import service as organizations
from mockserver.organizations.models import Organization
from mockserver.roles import service as roles
from mockserver.roles.models import Role
from mockserver.sessions import service as sessions
from mockserver.users.models import User


class RoleHasAssignments(ApiError):
    status, code = 409, "role_has_assignments"
    message = "The role is assigned to organization memberships."


def delete_user(env: Environment, user: User) -> None:
    """Live sessions and memberships end first, with their events; what else is the user's goes with the row."""
    env.deletion_may_take_long(user)
    sessions.revoke_sessions_of(env, user.id)
    for membership in memberships.memberships_of_user(env, user.id):
        memberships.delete_membership(env, membership)
    env.delete(user)
    events.record(env, "user.deleted", user)


def delete_organization(env: Environment, organization: Organization) -> None:
    """Connections, domains, groups, memberships and roles go first, with their events. Users stay."""
    env.deletion_may_take_long(organization)
    for connection in connections.connections_of(env, organization.id):
        connections.delete_connection(env, connection)
    last_domains = domains.domains_of(env, organization.id)
    for domain in last_domains:
        domains.delete_domain(env, domain)
    for group in groups.groups_of(env, organization.id):
        groups.delete_group(env, group)
    for membership in memberships.memberships_of_organization(env, organization.id):
        memberships.delete_membership(env, membership)
    for role in roles.organization_roles(env, organization.id):
        roles.delete_role(env, role)
    organizations.delete_organization(env, organization, last_domains)


def delete_role(env: Environment, role: Role) -> None:
    """One of an organization. Raises RoleHasAssignments."""
    if memberships.is_role_held(env, role):
        raise RoleHasAssignments
    roles.delete_role(env, role)
