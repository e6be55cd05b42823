"""Memberships and groups."""

from __future__ import annotations

from typing import Any

from workos import BadRequestError, ConflictError, NotFoundError, UnprocessableEntityError, WorkOSClient
from workos._errors import OrganizationSelectionRequiredError
from workos.organization_membership import RoleMultiple, RoleSingle
from world import World, raises

from version_10 import client_of, create_user, sign_in
from version_10.organizations import create_organization


def join(client: WorkOSClient, user: Any, organization: Any, **attributes: Any) -> Any:
    return client.organization_membership.create_organization_membership(
        user_id=user.id, organization_id=organization.id, **attributes
    )


def check_membership_is_created_and_read(world: World) -> None:
    client = client_of(world)
    user, organization = create_user(client), create_organization(client)
    made = join(client, user, organization)
    assert (made.user_id, made.organization_id, made.status.value) == (user.id, organization.id, "active")
    assert (made.role.slug, [role.slug for role in made.roles]) == ("member", ["member"])
    read = client.organization_membership.get_organization_membership(made.id)
    assert (read.id, read.user.id, read.organization_name) == (made.id, user.id, "Acme")


def check_roles_of_a_membership(world: World) -> None:
    client = client_of(world)
    for slug in ("editor", "viewer"):
        client.authorization.create_environment_role(slug=slug, name=slug.title())
    made = join(client, create_user(client), create_organization(client), role=RoleSingle("editor"))
    assert made.role.slug == "editor"
    update = client.organization_membership.update_organization_membership
    both = RoleMultiple(["viewer", "editor"])
    with raises(UnprocessableEntityError) as refusal:
        update(made.id, role=both)
    assert refusal.error.code == "multiple_roles_not_enabled"
    world.change_settings(multiple_roles="on")
    assert [role.slug for role in update(made.id, role=both).roles] == ["editor", "viewer"]
    with raises(UnprocessableEntityError) as refusal:
        update(made.id, role=RoleSingle("unknown"))
    assert refusal.error.code == "invalid_role"


def check_memberships_are_listed(world: World) -> None:
    client = client_of(world)
    ada, acme, globex = create_user(client), create_organization(client), create_organization(client, "Globex")
    first, second = join(client, ada, acme), join(client, ada, globex)
    client.organization_membership.deactivate_organization_membership(second.id)

    def listed(**filters: Any) -> list[str]:
        page = client.organization_membership.list_organization_memberships(order="asc", **filters)
        return [membership.id for membership in page.auto_paging_iter()]

    assert listed(user_id=ada.id) == [first.id]
    assert listed(user_id=ada.id, statuses=["active", "inactive"], limit=1) == [first.id, second.id]
    assert listed(organization_id=globex.id, statuses=["inactive"]) == [second.id]
    with raises(BadRequestError) as refusal:
        listed()
    assert refusal.error.code == "missing_user_id_or_organization_id"


def check_life_of_a_membership(world: World) -> None:
    client = client_of(world)
    user, organization = create_user(client), create_organization(client)
    made, memberships = join(client, user, organization), client.organization_membership
    with raises(ConflictError) as refusal:
        join(client, user, organization)
    assert refusal.error.code == "organization_membership_already_exists"
    assert memberships.deactivate_organization_membership(made.id).status.value == "inactive"
    assert join(client, user, organization).id == made.id
    assert memberships.deactivate_organization_membership(made.id).status.value == "inactive"
    assert memberships.reactivate_organization_membership(made.id).status.value == "active"
    assert memberships.delete_organization_membership(made.id) is None
    with raises(NotFoundError):
        memberships.get_organization_membership(made.id)


def check_pending_membership_waits_for_its_invitation(world: World) -> None:
    client = client_of(world)
    user, organization = create_user(client), create_organization(client)
    client.user_management.send_invitation(email=user.email, organization_id=organization.id)
    memberships = client.organization_membership
    (pending,) = memberships.list_organization_memberships(user_id=user.id, statuses=["pending"]).data
    with raises(BadRequestError) as refusal:
        memberships.reactivate_organization_membership(pending.id)
    assert refusal.error.code == "cannot_reactivate_pending_organization_membership"
    with raises(BadRequestError) as refusal:
        memberships.deactivate_organization_membership(pending.id)
    assert refusal.error.code == "cannot_deactivate_pending_organization_membership"


def check_organization_is_chosen_and_switched(world: World) -> None:
    client = client_of(world)
    user, acme, globex = create_user(client), create_organization(client), create_organization(client, "Globex")
    join(client, user, acme)
    membership = join(client, user, globex)
    with raises(OrganizationSelectionRequiredError) as step:
        sign_in(client)
    chosen = client.user_management.authenticate_with_organization_selection(
        pending_authentication_token=step.error.pending_authentication_token, organization_id=acme.id
    )
    switched = client.user_management.authenticate_with_refresh_token(
        refresh_token=chosen.refresh_token, organization_id=globex.id
    )
    assert (chosen.organization_id, switched.organization_id) == (acme.id, globex.id)
    client.organization_membership.deactivate_organization_membership(membership.id)
    with raises(BadRequestError) as refusal:
        client.user_management.authenticate_with_refresh_token(refresh_token=switched.refresh_token)
    assert refusal.error.error == "invalid_grant"


def check_life_of_a_group(world: World) -> None:
    client = client_of(world)
    organization, groups = create_organization(client), client.groups
    membership = join(client, create_user(client), organization)
    made = groups.create_organization_group(organization.id, name="Engineers", description="They build")
    changed = groups.update_organization_group(organization.id, made.id, name="Builders")
    assert (changed.id, changed.name, changed.description) == (made.id, "Builders", "They build")
    assert [group.id for group in groups.list_organization_groups(organization.id).data] == [made.id]
    groups.create_group_organization_membership(organization.id, made.id, organization_membership_id=membership.id)
    members = groups.list_group_organization_memberships(organization.id, made.id).data
    assert [member.id for member in members] == [membership.id]
    shown = client.organization_membership.list_organization_membership_groups(membership.id).data
    assert [group.id for group in shown] == [made.id]
    groups.delete_group_organization_membership(organization.id, made.id, membership.id)
    assert groups.list_group_organization_memberships(organization.id, made.id).data == []
    with raises(BadRequestError) as refusal:
        groups.update_organization_group(organization.id, made.id, name="a" * 257)
    assert refusal.error.code == "bad_request"
    groups.delete_organization_group(organization.id, made.id)
    with raises(NotFoundError):
        groups.get_organization_group(organization.id, made.id)
