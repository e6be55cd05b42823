"""Every list leads from its first page to its last and back, in every order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from tests.builders import create_user, enroll_totp, sign_in
from tests.conftest import Client
from tests.organization_builders import add_member, create_organization, send_invitation
from tests.surface.cases import case
from tests.surface.world import World

COUNT = 5
Make = Callable[[World, int], Any]


def posted(path: str, **members: str) -> Make:
    """Posts to a path that names things of the world; `#` in a member becomes the object's number."""

    def make(world: World, number: int) -> None:
        body = {name: text.replace("#", str(number)) for name, text in members.items()}
        world.made(path_of(world, path), **body)

    return make


def path_of(world: World, path: str) -> str:
    return "/".join(str(getattr(world, part[1:])) if part.startswith(":") else part for part in path.split("/"))


def a_user(world: World, number: int) -> dict[str, Any]:
    return create_user(world.client, f"user-{number}@acme.example")


def a_session(world: World, _: int) -> None:
    sign_in(world.client, world.user["email"])


def a_membership(world: World, number: int) -> dict[str, Any]:
    return add_member(world.client, a_user(world, number), world.organization)


def a_group_member(world: World, number: int) -> None:
    members = path_of(world, "/organizations/:organization_id/groups/:group_id/organization-memberships")
    world.made(members, organization_membership_id=a_membership(world, number)["id"])


def a_group_of_a_member(world: World, number: int) -> None:
    groups = path_of(world, "/organizations/:organization_id/groups")
    group = world.made(groups, name=f"Group {number}")
    world.made(f"{groups}/{group['id']}/organization-memberships", organization_membership_id=world.membership_id)


def a_key_of_a_member(world: World, number: int) -> None:
    world.prepare("membership_id")
    path = path_of(world, "/user_management/users/:user_id/api_keys")
    world.made(path, name=f"Key {number}", organization_id=world.organization_id)


def a_flag(world: World, number: int) -> None:
    world.seed(featureFlags=[{"slug": f"flag-{number}", "name": f"Flag {number}", "enabled": True}])


def an_authorized_application(world: World, number: int) -> None:
    application = {"id": f"conn_app_{number}", "name": f"App {number}", "redirect_uris": ["https://app.example"]}
    owner = {"user_id": world.user_id, "organization_id": world.organization_id}
    world.seed(
        connectApplications=[application], authorizedApplications=[{**owner, "application_id": application["id"]}]
    )


# What is listed: the operation, how one of its objects is made, and where they are listed.
LISTS: tuple[tuple[str, Make, str], ...] = (
    ("GET /user_management/users", a_user, "/user_management/users"),
    ("GET /user_management/users/{id}/sessions", a_session, "/user_management/users/:user_id/sessions"),
    (
        "GET /user_management/users/{userlandUserId}/auth_factors",
        lambda world, _: enroll_totp(world.client, world.user_id),
        "/user_management/users/:user_id/auth_factors",
    ),
    (
        "GET /user_management/redirect_uris",
        posted("/user_management/redirect_uris", uri="https://app.example/#"),
        "/user_management/redirect_uris",
    ),
    (
        "GET /user_management/cors_origins",
        posted("/user_management/cors_origins", origin="https://app-#.example"),
        "/user_management/cors_origins",
    ),
    ("GET /organizations", lambda world, number: create_organization(world.client, f"Acme {number}"), "/organizations"),
    (
        "GET /user_management/organization_memberships",
        a_membership,
        "/user_management/organization_memberships?organization_id=/:organization_id",
    ),
    (
        "GET /authorization/permissions",
        posted("/authorization/permissions", slug="posts:#", name="Posts #"),
        "/authorization/permissions",
    ),
    (
        "GET /user_management/invitations",
        lambda world, number: send_invitation(world.client, f"guest-{number}@acme.example"),
        "/user_management/invitations",
    ),
    (
        "GET /organizations/{organizationId}/groups",
        posted("/organizations/:organization_id/groups", name="Group #"),
        "/organizations/:organization_id/groups",
    ),
    (
        "GET /organizations/{organizationId}/groups/{groupId}/organization-memberships",
        a_group_member,
        "/organizations/:organization_id/groups/:group_id/organization-memberships",
    ),
    (
        "GET /user_management/organization_memberships/{omId}/groups",
        a_group_of_a_member,
        "/user_management/organization_memberships/:membership_id/groups",
    ),
    (
        "GET /organizations/{organizationId}/api_keys",
        posted("/organizations/:organization_id/api_keys", name="Key #"),
        "/organizations/:organization_id/api_keys",
    ),
    ("GET /user_management/users/{userId}/api_keys", a_key_of_a_member, "/user_management/users/:user_id/api_keys"),
    ("GET /feature-flags", a_flag, "/feature-flags"),
    ("GET /user_management/users/{userId}/feature-flags", a_flag, "/user_management/users/:user_id/feature-flags"),
    (
        "GET /organizations/{organizationId}/feature-flags",
        a_flag,
        "/organizations/:organization_id/feature-flags",
    ),
    (
        "GET /user_management/users/{user_id}/authorized_applications",
        an_authorized_application,
        "/user_management/users/:user_id/authorized_applications",
    ),
    (
        "GET /organizations/{organization_id}/authorized_applications",
        an_authorized_application,
        "/organizations/:organization_id/authorized_applications",
    ),
)


def page(client: Client, path: str, **query: Any) -> tuple[list[str], str | None, str | None]:
    """The ids, and the cursors `before` and `after`."""
    path, _, filters = path.partition("?")
    params = dict([filters.replace("/", "").split("=")]) if filters else {}
    answer = client.get(path, params={"limit": 2, **params, **query}).raise_for_status().json()
    metadata = answer["list_metadata"]
    return [item["id"] for item in answer["data"]], metadata["before"], metadata["after"]


def walk(client: Client, path: str, direction: str, **query: Any) -> Iterable[list[str]]:
    """The ids of each page, following the cursor called `direction` until there is none."""
    while True:
        ids, before, after = page(client, path, **query)
        yield ids
        cursor = before if direction == "before" else after
        if cursor is None:
            return
        query[direction] = cursor


@pytest.mark.parametrize("order", ["asc", "desc", "normal"])
@pytest.mark.parametrize(
    ("operation", "make", "path"), [pytest.param(*row, marks=case(row[0], 200), id=row[0]) for row in LISTS]
)
def test_a_list_pages_forward_and_backward(world: World, operation: str, make: Make, path: str, order: str) -> None:
    path = path_of(world, path)
    for number in range(COUNT):
        make(world, number)
    (everything,) = walk(world.client, path, "after", order="asc", limit=100)
    assert everything == sorted(everything)
    assert len(everything) == COUNT
    wanted = everything if order == "asc" else everything[::-1]
    onward, back = ("before", "after") if order == "normal" else ("after", "before")
    pages = list(walk(world.client, path, onward, order=order))
    assert pages == [wanted[0:2], wanted[2:4], wanted[4:]]
    backwards = list(walk(world.client, path, back, order=order, **{back: wanted[-1]}))
    assert backwards == [wanted[2:4], wanted[0:2]]


@case("GET /events", 200)
@pytest.mark.parametrize("order", ["asc", "desc", "normal"])
def test_events_page_forward_and_backward_from_the_oldest(world: World, order: str) -> None:
    for number in range(COUNT):
        a_user(world, number)
    path = "/events?events=user.created"
    (everything,) = walk(world.client, path, "after", limit=100)
    assert len(everything) == COUNT
    assert everything == sorted(everything)
    assert list(walk(world.client, path, "after", order=order)) == [everything[0:2], everything[2:4], everything[4:]]
    backwards = list(walk(world.client, path, "before", order=order, before=everything[-1]))
    assert backwards == [everything[2:4], everything[0:2]]
