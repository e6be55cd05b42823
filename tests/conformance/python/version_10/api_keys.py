"""API keys of organizations and users."""

from __future__ import annotations

from datetime import timedelta

from workos import BadRequestError, ConflictError, NotFoundError, UnprocessableEntityError, WorkOSClient
from world import World, raises

from version_10 import client_of, create_user
from version_10.memberships import join
from version_10.organizations import create_organization


def is_valid(client: WorkOSClient, value: str) -> bool:
    return client.api_keys.create_validation(value=value).api_key is not None


def check_life_of_an_organization_key(world: World) -> None:
    client = client_of(world)
    organization = create_organization(client)
    client.authorization.create_permission(slug="deploy", name="Deploy")
    made = client.api_keys.create_organization_api_key(organization.id, name="CI", permissions=["deploy"])
    (listed,) = client.api_keys.list_organization_api_keys(organization.id).data
    assert (listed.id, listed.permissions, listed.owner.id) == (made.id, ["deploy"], organization.id)
    assert listed.obfuscated_value.endswith(made.value[-4:])
    assert listed.last_used_at is None
    assert is_valid(client, made.value)
    assert client.api_keys.list_organization_api_keys(organization.id).data[0].last_used_at is not None
    assert client.api_keys.delete_api_key(made.id) is None
    assert not is_valid(client, made.value)
    with raises(NotFoundError) as refusal:
        client.api_keys.delete_api_key(made.id)
    assert refusal.error.message == f"API Key not found: '{made.id}'."


def check_key_expires(world: World) -> None:
    client = client_of(world)
    made = client.api_keys.create_organization_api_key(create_organization(client).id, name="CI")
    expire, soon = client.api_keys.create_api_key_expire, world.now() + timedelta(minutes=1)
    assert expire(made.id, expires_at=soon).expires_at is not None
    assert expire(made.id, expires_at=None).expires_at is None
    assert is_valid(client, made.value)
    expire(made.id)
    assert not is_valid(client, made.value)
    with raises(ConflictError) as refusal:
        expire(made.id)
    assert refusal.error.code == "api_key_already_expired"


def check_life_of_a_user_key(world: World) -> None:
    client = client_of(world)
    user, organization = create_user(client), create_organization(client)
    create, users = client.user_management.create_user_api_key, client.user_management
    with raises(BadRequestError):
        create(user.id, name="Mine", organization_id=organization.id)
    join(client, user, organization)
    made = create(user.id, name="Mine", organization_id=organization.id, expires_at=world.now() + timedelta(minutes=1))
    assert (made.owner.id, made.owner.organization_id) == (user.id, organization.id)
    assert [key.id for key in users.list_user_api_keys(user.id, organization_id=organization.id).data] == [made.id]
    assert users.list_user_api_keys(user.id, organization_id=create_organization(client).id).data == []
    assert is_valid(client, made.value)
    world.advance(60)
    assert not is_valid(client, made.value)


def check_refused_keys(world: World) -> None:
    client = client_of(world)
    organization = create_organization(client)
    with raises(UnprocessableEntityError):
        client.api_keys.create_organization_api_key(organization.id, name="")
    with raises(NotFoundError):
        client.api_keys.create_organization_api_key("org_unknown", name="CI")
    assert not is_valid(client, "sk_unknown")
