"""Every list of the API as data grows: its first page, or a poll, among many rows and among 100."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from bench_tools import PASSWORD, Process, Sizes, Table, mock_server, per_call, request_for

FEW = 100
IN_A_SEED = 10_000
PERMISSIONS = [f"things:{number}" for number in range(50)]
EVENTS = ["user.created", "user.updated", "organization.created", "session.created", "role.created", "group.created"]
MEMBERSHIPS = "/user_management/organization_memberships"
EMAIL = "user-7@example.com"

Objects = list[dict[str, Any]]


@dataclass(frozen=True)
class World:
    """A collection that grows, beside one organization, one user and a role; `lists` are read of it, by name.

    `{user}` and `{organization}` in a path are the ids of those two, `{middle}` and `{last}` those of rows.
    """

    collection: str
    row: Callable[[int], dict[str, Any]]
    lists: dict[str, str]


def _user(number: int) -> dict[str, Any]:
    return {"email": f"user-{number}@example.com"}


WORLDS = (
    World(
        "users",
        _user,
        {
            "users": "/user_management/users",
            "users by e-mail": f"/user_management/users?email={EMAIL}",
            "users behind a deep cursor": "/user_management/users?after={middle}",
        },
    ),
    World(
        "organizations",
        lambda number: {"name": f"Of {number}", "domains": [f"of-{number}.test"]},
        {
            "organizations": "/organizations",
            "organizations by domain": "/organizations?domains=of-7.test",
        },
    ),
    World(
        "invitations",
        lambda number: {**_user(number), "organization": "Acme"},
        {
            "invitations": "/user_management/invitations",
            "invitations by e-mail": f"/user_management/invitations?email={EMAIL}",
            "invitations of an organization": "/user_management/invitations?organization_id={organization}",
        },
    ),
    World(
        "events",
        lambda number: {"event": EVENTS[number % 6], "data": {"object": "user", "id": f"user_{number}"}},
        {
            f"events with {count} name{'s' if count > 1 else ''}{', a poll' if is_poll else ''}": (
                "/events?"
                + "&".join(f"events={name}" for name in EVENTS[:count])
                + ("&after={last}" if is_poll else "")
            )
            for count in range(1, 7)
            for is_poll in (False, True)
        },
    ),
    World(
        "groups",
        lambda number: {"name": f"Group {number}", "organization": "Acme"},
        {
            "groups of an organization": "/organizations/{organization}/groups",
        },
    ),
    World(
        "permissions",
        lambda number: {"slug": f"grown:{number}", "name": f"Grown {number}"},
        {
            "permissions": "/authorization/permissions",
        },
    ),
    World(
        "featureFlags",
        lambda number: {"slug": f"flag-{number}", "name": f"Flag {number}"},
        {
            "feature flags": "/feature-flags",
        },
    ),
    World(
        "connections",
        lambda number: {"name": f"Of {number}", "type": "GenericSAML", "organization": "Acme"},
        {
            "connections": "/connections",
            "connections of an organization": "/connections?organization_id={organization}",
            "connections of a type": "/connections?connection_type=GenericSAML",
        },
    ),
    World(
        "apiKeys",
        lambda number: {"name": f"Key {number}", "organization": "Acme"},
        {
            "API keys of an organization": "/organizations/{organization}/api_keys",
        },
    ),
    World(
        "redirectUris",
        lambda number: {"uri": f"https://app.example.com/{number}"},
        {
            "redirect URIs": "/user_management/redirect_uris",
        },
    ),
    World(
        "corsOrigins",
        lambda number: {"origin": f"https://app-{number}.example.com"},
        {
            "CORS origins": "/user_management/cors_origins",
        },
    ),
)


def lists(table: Table, sizes: Sizes) -> None:
    """Each list in an environment with many rows and in one with 100, in one process."""
    for world in (*WORLDS, *_worlds_of_one()):
        with mock_server("--log-level", "warning") as server:
            few, many = _filled(server, world, FEW), _filled(server, world, sizes.users)
            for name in world.lists:
                in_few, in_many = per_call(sizes, (server, few[name]), (server, many[name]))
                table.add(f"list of {name}: {sizes.users:,} / {FEW}", in_many / in_few, "x", 1.3)
                table.add(f"  among {FEW}", in_few, "us")


def sign_in_growth(table: Table, sizes: Sizes) -> None:
    """A sign-in to an organization whose role has 50 permissions, as users and organizations grow."""
    world = World("users", _user, {})
    calls = Sizes(rounds=sizes.rounds, calls=max(sizes.calls // 6, 10))
    with mock_server("--log-level", "warning") as server:
        requests = []
        for count in (FEW, sizes.users):
            made = _start(server)
            _seed(server, made["api_key"], world.collection, (_user(number) for number in range(count)))
            credentials = {
                "grant_type": "password",
                "client_id": made["client_id"],
                "client_secret": made["api_key"],
                "email": "ada@acme.test",
                "password": PASSWORD,
            }
            requests.append((server, request_for("POST", "/user_management/authenticate", credentials)))
        in_few, in_many = per_call(calls, *requests)
    table.add(f"sign-in to an organization: {sizes.users:,} / {FEW} users", in_many / in_few, "x", 1.3)
    table.add(f"  among {FEW} users", in_few, "us")


def _worlds_of_one() -> Iterator[World]:
    """What one organization and one user have much of."""
    yield World(
        "members",
        _user,
        {
            "memberships of an organization": f"{MEMBERSHIPS}?organization_id={{organization}}",
            "users of an organization": "/user_management/users?organization_id={organization}",
        },
    )
    yield World(
        "sessions",
        lambda _: {
            "user_id": "user_01JZ0000000000000000000001",
            "method": "Password",
            "auth_method": "password",
            "authenticated_at": "2026-01-15T12:00:00.000Z",
            "refreshed_at": "2026-01-15T12:00:00.000Z",
            "created_at": "2026-01-15T12:00:00.000Z",
            "updated_at": "2026-01-15T12:00:00.000Z",
            "expires_at": "2099-01-15T12:00:00.000Z",
        },
        {"sessions of a user": "/user_management/users/{user}/sessions"},
    )
    yield World(
        "messages",
        lambda number: {
            "kind": "magic_auth",
            "to": f"user-{number}@example.com",
            "from": "no-reply@example.com",
            "subject": "Your code",
            "text": "123456",
            "html": "<p>123456</p>",
            "code": "123456",
        },
        {"mails": "/_emulate/inbox", "mails to an address": f"/_emulate/inbox?to={EMAIL}"},
    )


ADA = "user_01JZ0000000000000000000001"
ACME = "org_01JZ0000000000000000000001"


def _start(server: Process) -> dict[str, str]:
    """A new environment with one organization, and in it one user with a role."""
    fixtures = {
        "settings": {"mails_kept": 0, "events_kept": 0},
        "permissions": [{"slug": slug, "name": slug} for slug in PERMISSIONS],
        "roles": [{"slug": "owner", "name": "Owner", "permissions": PERMISSIONS}],
        "users": [{"id": ADA, "email": "ada@acme.test", "email_verified": True, "password": PASSWORD}],
        "organizations": [
            {"id": ACME, "name": "Acme", "memberships": [{"email": "ada@acme.test", "role": "owner"}]},
        ],
    }
    made: dict[str, str] = server.send("POST", "/_emulate/environments", {"fixtures": fixtures})
    return made


def _filled(server: Process, world: World, count: int) -> dict[str, bytes]:
    """The requests for the lists of a new environment with so many rows."""
    made = _start(server)
    key = made["api_key"]
    if world.collection == "members":
        _seed(server, key, "users", (_user(number) for number in range(count)))
        members = ({"email": f"user-{number}@example.com", "organization": "Acme"} for number in range(count))
        _seed(server, key, "memberships", members)
    else:
        _seed(server, key, world.collection, (world.row(number) for number in range(count)))
    known = {"user": ADA, "organization": ACME, **_cursors(server, key, world, count)}
    requests = {}
    for name, path in world.lists.items():
        separator = "&" if "?" in path else "?"
        requests[name] = request_for("GET", f"{path.format(**known)}{separator}limit=10", api_key=key)
    return requests


def _seed(server: Process, key: str, collection: str, rows: Iterator[dict[str, Any]]) -> None:
    pending: Objects = []
    send = partial(server.send, "POST", "/_emulate/seed", api_key=key)
    for row in rows:
        pending.append(row)
        if len(pending) == IN_A_SEED:
            send({collection: pending})
            pending = []
    if pending:
        send({collection: pending})


def _cursors(server: Process, key: str, world: World, count: int) -> dict[str, str]:
    """Of the row in the middle, of the newest one."""
    if world.collection == "events":
        path = "/events?" + "&".join(f"events={name}" for name in EVENTS) + "&limit=1&order=desc"
        return {"last": server.send("GET", path, api_key=key)["data"][0]["id"]}
    if world.collection != "users":
        return {}
    found = server.send("GET", f"/user_management/users?email=user-{count // 2}%40example.com", api_key=key)
    return {"middle": found["data"][0]["id"]}
