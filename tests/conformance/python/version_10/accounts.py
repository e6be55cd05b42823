"""What fixtures give users: feature flags, identities, authorized applications, connected accounts."""

from __future__ import annotations

from workos import BadRequestError, ConflictError, NotFoundError, UnprocessableEntityError
from world import World, raises

from version_10 import ADA, client_of, create_user
from version_10.organizations import create_organization


def check_feature_flags(world: World) -> None:
    client = client_of(world)
    user, organization = create_user(client), create_organization(client)
    world.control("POST", "seed", {"featureFlags": [{"slug": "beta", "name": "Beta", "default_value": False}]})
    flags = client.feature_flags
    assert [flag.slug for flag in flags.list_feature_flags().data] == ["beta"]
    assert flags.enable_feature_flag("beta").enabled
    for target in (user.id, organization.id):
        flags.add_flag_target(target, "beta")
    assert [flag.slug for flag in flags.list_user_feature_flags(user.id).data] == ["beta"]
    assert [flag.slug for flag in flags.list_organization_feature_flags(organization.id).data] == ["beta"]
    flags.remove_flag_target(user.id, "beta")
    assert flags.list_user_feature_flags(user.id).data == []
    assert not flags.disable_feature_flag("beta").enabled
    assert flags.list_organization_feature_flags(organization.id).data == []
    with raises(BadRequestError) as refusal:
        flags.add_flag_target("nobody", "beta")
    assert refusal.error.code == "invalid_resource_id_format"
    with raises(NotFoundError):
        flags.get_feature_flag("unknown")


def check_identities(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    world.control(
        "POST", "seed", {"identities": [{"user": ADA, "provider": "GitHubOAuth", "idp_id": "1", "email": ADA}]}
    )
    (identity,) = client.user_management.get_user_identities(user.id)
    assert (identity.idp_id, identity.provider.value) == ("1", "GithubOAuth")
    with raises(NotFoundError):
        client.user_management.get_user_identities("user_unknown")


def check_authorized_applications(world: World) -> None:
    client = client_of(world)
    user, organization = create_user(client), create_organization(client)
    names = ["Notes", "Calendar"]
    world.control(
        "POST",
        "seed",
        {
            "connectApplications": [{"name": name, "client_id": f"client_{name.lower()}"} for name in names],
            "authorizedApplications": [
                {"user": ADA, "application": name, "organization": organization.id} for name in names
            ],
        },
    )
    users = client.user_management
    listed = list(users.list_user_authorized_applications(user.id, limit=1, order="asc").auto_paging_iter())
    assert [found.application.name for found in listed] == names
    of_organization = client.organizations.list_authorized_applications(organization.id).data
    assert {found.id for found in of_organization} == {found.id for found in listed}
    assert users.delete_user_authorized_application("client_notes", user.id) is None
    (left,) = users.list_user_authorized_applications(user.id).data
    assert left.application.name == "Calendar"
    with raises(NotFoundError):
        users.delete_user_authorized_application("client_notes", user.id)


def check_connected_accounts(world: World) -> None:
    client = client_of(world)
    user, pipes = create_user(client), client.pipes
    world.control("POST", "seed", {"dataIntegrations": [{"slug": "github", "name": "GitHub", "scopes": ["repo"]}]})
    made = pipes.create_user_connected_account(user.id, "github", access_token="token")
    assert (made.user_id, made.scopes, made.state.value) == (user.id, ["repo"], "connected")
    with raises(ConflictError):
        pipes.create_user_connected_account(user.id, "github", access_token="token")
    changed = pipes.update_user_connected_account(user.id, "github", state="needs_reauthorization")
    assert (changed.id, changed.state.value) == (made.id, "needs_reauthorization")
    with raises(UnprocessableEntityError):
        pipes.update_user_connected_account(user.id, "github", expires_at="never")
    (provider,) = pipes.list_user_data_providers(user.id).data
    assert (provider.slug, provider.connected_account.id) == ("github", made.id)
    assert pipes.delete_user_connected_account(user.id, "github") is None
    with raises(NotFoundError):
        pipes.get_user_connected_account(user.id, "github")
    (provider,) = pipes.list_user_data_providers(user.id).data
    assert provider.connected_account is None
