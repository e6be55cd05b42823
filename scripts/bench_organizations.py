"""Organizations: lists and sign-ins as data grows."""

from __future__ import annotations

from functools import partial

from bench_tools import PASSWORD, Process, Sizes, Table, mock_server, per_call, request_for

PERMISSIONS = [f"things:{number}" for number in range(50)]


def organizations(table: Table, sizes: Sizes) -> None:
    """A hundredth as many organizations as users; who signs in has a role of 50 permissions."""
    with mock_server("--log-level", "warning") as server:
        few, many = filled(server, 100, 10), filled(server, sizes.users, sizes.users // 100)
        for figure in few:
            calls = Sizes(rounds=sizes.rounds, calls=sizes.calls // 6) if figure == "sign-in" else sizes
            in_few, in_many = per_call(calls, (server, few[figure]), (server, many[figure]))
            name = f"{figure}: {sizes.users:,} / 100 users in {sizes.users // 100:,} / 10 organizations"
            # An organization itself grows tenfold here, and its users are sorted for each page.
            table.add(name, in_many / in_few, "x", None if "users" in figure else 1.3)
            table.add("  among 100 users", in_few, "us")


def filled(server: Process, users: int, count: int) -> dict[str, bytes]:
    """The requests of a new environment whose users belong to an organization each, in turns."""
    made = server.send("POST", "/_emulate/environments", {"fixtures": world(users, count)})
    key = made["api_key"]
    listing = partial(request_for, "GET", api_key=key)
    first = server.send("GET", "/organizations?limit=1&order=asc", api_key=key)["data"][0]["id"]
    credentials = {
        "grant_type": "password",
        "client_id": made["client_id"],
        "client_secret": key,
        "email": "user-0@example.com",
        "password": PASSWORD,
    }
    return {
        "list organizations": listing("/organizations?limit=10"),
        "list memberships": listing(f"/user_management/organization_memberships?limit=10&organization_id={first}"),
        "list users of an organization": listing(f"/user_management/users?limit=10&organization_id={first}"),
        "sign-in": request_for("POST", "/user_management/authenticate", credentials),
    }


def world(users: int, count: int) -> dict[str, object]:
    members: list[list[dict[str, str]]] = [[] for _ in range(count)]
    for number in range(users):
        members[number % count].append({"email": f"user-{number}@example.com", "role": "owner"})
    return {
        "permissions": [{"slug": slug, "name": slug} for slug in PERMISSIONS],
        "roles": [{"slug": "owner", "name": "Owner", "permissions": PERMISSIONS}],
        "users": [
            {
                "email": f"user-{number}@example.com",
                "email_verified": True,
                **({"password": PASSWORD} if not number else {}),
            }
            for number in range(users)
        ],
        "organizations": [
            {"name": f"Organization {number}", "memberships": members[number]} for number in range(count)
        ],
    }
