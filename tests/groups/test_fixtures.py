"""Groups in fixture documents and in the state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.conftest import Client, MockServer
from tests.groups.test_members import group_ids, member_ids

USERS = [{"email": "ada@acme.test"}, {"id": "user_01HSAMPLE000000000000000B2", "email": "ben@acme.test"}]


def organization(*groups: Any) -> dict[str, Any]:
    memberships = [{"id": "om_01HSAMPLE000000000000000C1", "email": user["email"]} for user in USERS[:1]]
    memberships += [{"email": user["email"]} for user in USERS[1:]]
    return {"id": "org_01HSAMPLE000000000000000A1", "name": "Acme", "memberships": memberships, "groups": list(groups)}


def groups_of(client: Client) -> list[dict[str, Any]]:
    path = "/organizations/org_01HSAMPLE000000000000000A1/groups"
    groups: list[dict[str, Any]] = client.get(path, params={"order": "asc"}).raise_for_status().json()["data"]
    return groups


def test_groups_stand_in_their_organization(new_client: Callable[..., Client]) -> None:
    engineering = {"name": "Engineering", "description": "Builders", "members": ["ben@acme.test"]}
    client = new_client(users=USERS, organizations=[organization(engineering, {"name": "Empty"})])
    first, second = groups_of(client)
    assert (first["name"], first["description"]) == ("Engineering", "Builders")
    assert (second["name"], second["description"]) == ("Empty", None)
    assert (len(member_ids(client, first)), member_ids(client, second)) == (1, [])
    assert client.event_names() == []


def test_groups_may_stand_in_a_list_of_their_own(new_client: Callable[..., Client]) -> None:
    group = {"organization": "Acme", "name": "Engineering", "members": ["ada@acme.test"]}
    client = new_client(users=USERS, organizations=[organization()], groups=[group])
    (loaded,) = groups_of(client)
    assert member_ids(client, loaded) == ["om_01HSAMPLE000000000000000C1"]


@pytest.mark.parametrize(
    "member", ["ada@acme.test", "ADA@acme.test", "om_01HSAMPLE000000000000000C1", "user_01HSAMPLE000000000000000B2"]
)
def test_member_is_named_by_address_or_id(new_client: Callable[..., Client], member: str) -> None:
    client = new_client(users=USERS, organizations=[organization({"name": "Engineering", "members": [member]})])
    (group,) = groups_of(client)
    assert len(member_ids(client, group)) == 1


def test_state_loads_back_to_the_same_answers(new_client: Callable[..., Client]) -> None:
    engineering = {"name": "Engineering", "members": ["ada@acme.test", "ben@acme.test"]}
    client = new_client(users=USERS, organizations=[organization(engineering, {"name": "Empty"})])
    state = client.get("/_emulate/state").json()
    copy = new_client(**state)
    assert groups_of(copy) == groups_of(client)
    assert member_ids(copy, groups_of(copy)[0]) == member_ids(client, groups_of(client)[0])
    membership = {"id": "om_01HSAMPLE000000000000000C1"}
    assert group_ids(copy, membership) == group_ids(client, membership)
    assert copy.get("/_emulate/state").json() == state


PLACE = "organizations[0].groups[0]"


@pytest.mark.parametrize(
    ("group", "message"),
    [
        ({}, f"{PLACE}: 'name' is missing."),
        ({"name": "n" * 257}, f"{PLACE}.name: A group's name has at most 256 characters."),
        (
            {"name": "a", "description": "d" * 151},
            f"{PLACE}.description: A group's description has at most 150 characters.",
        ),
        ({"name": "a", "members": "ada@acme.test"}, f"{PLACE}.members: expected a list, got 'ada@acme.test'."),
        ({"name": "a", "members": [5]}, f"{PLACE}.members[0]: expected text, got 5."),
        (
            {"name": "a", "members": ["add@acme.test"]},
            f"{PLACE}.members[0]: no user is called 'add@acme.test'; did you mean 'ada@acme.test'?",
        ),
        ({"name": "a", "member": []}, f"{PLACE}.member: unknown key 'member'; did you mean 'members'?"),
    ],
)
def test_wrong_group_is_refused_with_its_place(server: MockServer, group: dict[str, Any], message: str) -> None:
    fixtures = {"users": USERS, "organizations": [organization(group)]}
    response = httpx.post(f"{server.url}/_emulate/environments", json={"fixtures": fixtures}, verify=False)
    assert (response.status_code, response.json()["message"]) == (422, message)


def test_member_must_belong_to_the_organization(server: MockServer) -> None:
    users = [*USERS, {"email": "eve@other.test"}]
    acme = organization({"name": "Engineering", "members": ["eve@other.test"]})
    body = {"fixtures": {"users": users, "organizations": [acme]}}
    response = httpx.post(f"{server.url}/_emulate/environments", json=body, verify=False)
    message = f"{PLACE}.members[0]: 'eve@other.test' is no member of the group's organization."
    assert (response.status_code, response.json()["message"]) == (422, message)
