"""Every list of the API, and what SQLite does for a page of it: a few statements, each along an index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from mockserver.app import ENDPOINTS
from mockserver.core.database import Database
from mockserver.core.pagination import Pagination
from mockserver.testing import MockServer
from tests.conftest import Client

MANY = 110

# By function and path: what a page is asked for with. Ids are those of `crowd`.
LISTS: dict[tuple[str, str], list[str]] = {
    ("list_users", "/user_management/users"): [
        "/user_management/users",
        "/user_management/users?email=user-7@example.com",
        "/user_management/users?organization_id=org_0",
        "/user_management/users?organization_id=org_0&email=user-7@example.com",
    ],
    ("list_sessions", "/user_management/users/{id}/sessions"): ["/user_management/users/user_0/sessions"],
    ("list_user_factors", "/user_management/users/{id}/auth_factors"): ["/user_management/users/user_0/auth_factors"],
    ("list_identities", "/user_management/users/{id}/identities"): ["/user_management/users/user_0/identities"],
    ("list_redirect_uris", "/user_management/redirect_uris"): ["/user_management/redirect_uris"],
    ("list_cors_origins", "/user_management/cors_origins"): ["/user_management/cors_origins"],
    ("list_events", "/events"): [
        "/events?events=user.created",
        "/events?events=user.created,user.updated,user.deleted",
        "/events?events=user.created,user.updated,user.deleted&organization_id=org_0",
        "/events?events=user.created,user.updated&range_end=2099-01-01",
    ],
    ("list_organizations", "/organizations"): [
        "/organizations",
        "/organizations?search=organization",
        "/organizations?domains=d7.example.com,d8.example.com",
        "/organizations?domains=d7.example.com&search=organization",
    ],
    ("list_roles", "/authorization/roles"): ["/authorization/roles"],
    ("list_organization_roles", "/authorization/organizations/{organization_id}/roles"): [
        "/authorization/organizations/org_0/roles"
    ],
    ("list_roles_for_older_sdks", "/organizations/{organization_id}/roles"): ["/organizations/org_0/roles"],
    ("list_permissions", "/authorization/permissions"): ["/authorization/permissions"],
    ("list_memberships", "/user_management/organization_memberships"): [
        "/user_management/organization_memberships?organization_id=org_0",
        "/user_management/organization_memberships?organization_id=org_0&statuses=active,pending,inactive",
        "/user_management/organization_memberships?user_id=user_0",
        "/user_management/organization_memberships?user_id=user_0&organization_id=org_0",
    ],
    ("list_invitations", "/user_management/invitations"): [
        "/user_management/invitations",
        "/user_management/invitations?email=guest@example.com",
        "/user_management/invitations?organization_id=org_0",
        "/user_management/invitations?organization_id=org_0&email=guest@example.com",
    ],
    ("list_groups", "/organizations/{organization_id}/groups"): ["/organizations/org_0/groups"],
    ("list_members", "/organizations/{organization_id}/groups/{group_id}/organization-memberships"): [
        "/organizations/org_0/groups/group_0/organization-memberships"
    ],
    ("list_groups_of_membership", "/user_management/organization_memberships/{membership_id}/groups"): [
        "/user_management/organization_memberships/om_0/groups"
    ],
    ("list_flags", "/feature-flags"): ["/feature-flags"],
    ("list_flags_of_user", "/user_management/users/{id}/feature-flags"): [
        "/user_management/users/user_0/feature-flags"
    ],
    ("list_flags_of_organization", "/organizations/{id}/feature-flags"): ["/organizations/org_0/feature-flags"],
    ("list_organization_keys", "/organizations/{organization_id}/api_keys"): ["/organizations/org_0/api_keys"],
    ("list_user_keys", "/user_management/users/{user_id}/api_keys"): [
        "/user_management/users/user_0/api_keys",
        "/user_management/users/user_0/api_keys?organization_id=org_0",
    ],
    ("list_providers", "/user_management/users/{user_id}/data_providers"): [
        "/user_management/users/user_0/data_providers",
        "/user_management/users/user_0/data_providers?organization_id=org_0",
    ],
    ("list_of_user", "/user_management/users/{user_id}/authorized_applications"): [
        "/user_management/users/user_0/authorized_applications"
    ],
    ("list_of_organization", "/organizations/{organization_id}/authorized_applications"): [
        "/organizations/org_0/authorized_applications"
    ],
    ("list_connections", "/connections"): [
        "/connections",
        "/connections?connection_type=GenericSAML",
        "/connections?organization_id=org_0",
        "/connections?organization_id=org_0&connection_type=GenericSAML",
        "/connections?search=connection",
        "/connections?domain=d7.example.com",
    ],
    ("list_connections", "/_emulate/sso_connections"): ["/_emulate/sso_connections"],
    ("list_profiles", "/_emulate/sso_connections/{id}/profiles"): ["/_emulate/sso_connections/conn_0/profiles"],
    ("list_inbox", "/_emulate/inbox"): [
        "/_emulate/inbox",
        "/_emulate/inbox?to=ada@example.com",
        "/_emulate/inbox?kind=magic_auth",
        "/_emulate/inbox?kind=magic_auth&to=ada@example.com",
    ],
    ("list_environments", "/_emulate/environments"): [],  # in memory
    ("list_calls", "/_emulate"): [],
}
URLS = [url for urls in LISTS.values() for url in urls]

# Any name may have the text in it: an index that has the names is read, in the order of the list.
READ_THROUGH = ("search=",)
# What is found first and sorted then is little: what claims a domain, a page a status, the user of an address.
SORTED = ("domains=", "domain=", "statuses=", "organization_id=org_0&email=user", *READ_THROUGH)
# Production's lists of roles and providers have no pages.
WITHOUT_PAGES = ("/roles", "/data_providers")


def crowd() -> dict[str, Any]:
    """MANY of everything that is listed, and few else."""
    every = range(MANY)
    mail = {"subject": "", "text": "", "kind": "magic_auth", "to": "ada@example.com", "from": "a@example.com"}
    in_0 = {"organization_id": "org_0"}
    of_0 = {"user_id": "user_0"}
    organizations = [{"id": f"org_{i}", "name": f"Organization {i}"} for i in every]
    for i in every:
        organizations[i]["domains"] = [{"domain": f"d{i}.example.com", "state": "verified"}]  # type: ignore[assignment]
    return {
        "users": [{"id": f"user_{i}", "email": f"user-{i}@example.com"} for i in every],
        "organizations": organizations,
        "permissions": [{"slug": f"p{i}", "name": "P"} for i in every],
        "roles": [
            {"id": f"role_{i}", "slug": f"org-{i}", "name": "R", **in_0, "permissions": ["p1", "p2"]} for i in every
        ],
        "memberships": [{"id": "om_0", **of_0, **in_0, "role": "org-0"}]
        + [{"id": f"om_{i}", "user_id": f"user_{i}", **in_0, "role": f"org-{i}"} for i in every[1:]]
        + [{**of_0, "organization_id": f"org_{i}"} for i in every[1:]],
        "invitations": [{"email": "guest@example.com", "state": "revoked", **in_0} for _ in every],
        "groups": [{"id": "group_0", "name": "G", **in_0, "members": [f"om_{i}" for i in every]}]
        + [{"name": "G", **in_0, "members": ["om_0"]} for _ in every[1:]],
        "connections": [
            {
                "id": f"conn_{i}",
                "name": f"Connection {i}",
                "connection_type": "GenericSAML",
                "domains": [f"d{i}.example.com"],
                **in_0,
            }
            for i in every
        ],
        "profiles": [{"connection_id": "conn_0", "email": f"user-{i}@example.com", "idp_id": f"{i}"} for i in every],
        "redirectUris": [f"https://app.example.com/{i}" for i in every],
        "corsOrigins": [{"origin": f"https://app-{i}.example.com"} for i in every],
        "authenticationFactors": [{**of_0, "type": "generic_otp"} for _ in every],
        "sessions": [
            {
                **of_0,
                "method": "Password",
                "auth_method": "password",
                "authenticated_at": "2026-01-01",
                "refreshed_at": "2026-01-01",
                "expires_at": "2099-01-01",
            }
            for _ in every
        ],
        "identities": [
            {**of_0, "provider": "GoogleOAuth", "idp_id": f"{i}", "email": "user-0@example.com"} for i in every
        ],
        "featureFlags": [{"slug": f"flag-{i}", "name": "F", "enabled": True, "default_value": True} for i in every],
        "apiKeys": [{"name": "K", **in_0} for _ in every] + [{"name": "K", **in_0, **of_0} for _ in every],
        "dataIntegrations": [{"slug": f"provider-{i}", "name": "P"} for i in every],
        "connectedAccounts": [{**of_0, "slug": f"provider-{i}"} for i in every]
        + [{**of_0, **in_0, "slug": f"provider-{i}"} for i in every],
        "connectApplications": [{"id": f"conn_app_{i}", "name": "A"} for i in every],
        "authorizedApplications": [{**of_0, **in_0, "application_id": f"conn_app_{i}"} for i in every],
        "events": [
            {"event": name, "data": {}, "organization_id": "org_0"}
            for name in ("user.created", "user.updated", "user.deleted")
            for _ in every
        ],
        "messages": [mail for _ in every],
    }


class Crowd:
    def __init__(self, client: Client, database: Database) -> None:
        self.client = client
        self._connection = database._connection

    def page(self, url: str, **query: Any) -> list[dict[str, Any]]:
        answer = self.client.get(httpx.URL(url).copy_merge_params(query)).raise_for_status().json()
        page: list[dict[str, Any]] = answer if isinstance(answer, list) else answer["data"]
        return page

    @contextmanager
    def traced(self) -> Iterator[list[str]]:
        """What is asked of SQLite meanwhile, with the parameters in place."""
        statements: list[str] = []
        self._connection.set_trace_callback(statements.append)
        yield statements
        self._connection.set_trace_callback(None)

    def plan(self, statement: str) -> list[str]:
        return [row[3] for row in self._connection.execute(f"EXPLAIN QUERY PLAN {statement}")]


@pytest.fixture(scope="module")
def crowded(server: MockServer) -> Iterator[Crowd]:
    response = httpx.post(f"{server.url}/_emulate/environments", json={"fixtures": crowd()}, timeout=30)
    assert response.status_code == 201, response.text
    made = response.json()
    assert server._server is not None
    environment = server._server.environments[made["name"]]
    with Client(server.url, made["api_key"], made["client_id"]) as client:
        yield Crowd(client, environment.db)
        httpx.delete(f"{server.url}/_emulate/environments/{made['name']}").raise_for_status()


def test_every_list_stands_here() -> None:
    lists = {
        (endpoint.function.__name__, endpoint.path)
        for endpoint in ENDPOINTS
        if endpoint.method == "GET"
        and (
            endpoint.function.__name__.startswith("list_")
            or (endpoint.query is not None and issubclass(endpoint.query, Pagination))
        )
    }
    assert lists == set(LISTS)


@pytest.mark.fault("E8")
@pytest.mark.parametrize("url", URLS)
def test_page_of_a_hundred_takes_as_few_statements_as_one_of_ten(crowded: Crowd, url: str) -> None:
    with crowded.traced() as statements:
        crowded.page(url, limit=100)
    assert 1 <= len(statements) <= 8
    with crowded.traced() as fewer:
        crowded.page(url, limit=10)
    assert len(statements) <= len(fewer)


def test_lists_are_as_long_as_the_rules_about_them_need(crowded: Crowd) -> None:
    """But where a filter names what there is but one or two of."""
    short = [url for url in URLS if len(crowded.page(url, limit=100)) < 100]
    assert short == [
        "/user_management/users?email=user-7@example.com",
        "/user_management/users?organization_id=org_0&email=user-7@example.com",
        "/organizations?domains=d7.example.com,d8.example.com",
        "/organizations?domains=d7.example.com&search=organization",
        "/authorization/roles",  # those of no organization
        "/user_management/organization_memberships?user_id=user_0&organization_id=org_0",
        "/connections?domain=d7.example.com",
    ]


@pytest.mark.fault("E1", "E2")
@pytest.mark.parametrize("url", URLS)
def test_page_is_read_along_an_index(crowded: Crowd, url: str) -> None:
    """No table is read through, and nothing is sorted but few rows."""
    last = crowded.page(url, limit=5, order="asc")[-1].get("id")
    with crowded.traced() as statements:
        for cursor in ({}, {"after": last}, {"before": last}):
            crowded.page(url, limit=5, order="asc", **cursor)
    assert len(statements) >= 3
    for statement in statements:
        shows_page = "IN ('" in statement  # what the page's objects are shown with
        ends_with_page = "LIMIT" in statement or any(name in url for name in WITHOUT_PAGES)
        has_filter = "?" in url and not any(name in url for name in (*READ_THROUGH, *WITHOUT_PAGES))
        for step in crowded.plan(statement):
            if step.startswith("USE TEMP B-TREE"):
                assert shows_page or any(name in url for name in SORTED), f"{step} of {statement}"
            elif re.match(r"SCAN (?!\(|anon)", step):  # of a table, not of the few rows that a subquery found
                assert ends_with_page, f"{step} of {statement}"
                assert not has_filter, f"{step} of {statement}"
                assert "LIKE" not in statement or "COVERING INDEX" in step, f"{step} of {statement}"
