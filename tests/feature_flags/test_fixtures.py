"""Feature flags in fixture documents and states"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import state
from tests.conftest import Client

FLAG: dict[str, Any] = {"slug": "new-nav", "name": "New navigation", "enabled": True}


def refusal(client: Client, **flag: Any) -> str:
    response = client.post(
        "/_emulate/seed", json={"users": [{"email": "ada@example.com"}], "featureFlags": [{**FLAG, **flag}]}
    )
    assert response.status_code == 422
    message: str = response.json()["message"]
    return message


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        (["ada@example.com"], "featureFlags[0].targets: expected {users: […], organizations: […]}."),
        ({"user": []}, "featureFlags[0].targets.user: unknown key 'user'; did you mean 'users'?"),
        ({"users": "ada@example.com"}, "featureFlags[0].targets.users: expected a list, got 'ada@example.com'."),
        (
            {"users": ["adda@example.com"]},
            "featureFlags[0].targets.users[0]: no user is called 'adda@example.com'; did you mean 'ada@example.com'?",
        ),
        (
            {"users": [{"id": "ada@example.com", "enabled": "no"}]},
            "featureFlags[0].targets.users[0].enabled: expected true or false, got 'no'.",
        ),
        (
            {"users": [{"id": "ada@example.com", "on": True}]},
            "featureFlags[0].targets.users[0].on: unknown key 'on'; expected one of enabled, id.",
        ),
    ],
)
def test_wrong_target_is_refused(client: Client, targets: Any, message: str) -> None:
    assert refusal(client, targets=targets) == message


def test_tags_must_be_a_list(client: Client) -> None:
    assert refusal(client, tags="ui") == "featureFlags[0].tags: expected a list of texts, got 'ui'."


def test_state_loads_back(new_client: Callable[..., Client]) -> None:
    users = [{"id": "user_1", "email": "ada@example.com"}, {"id": "user_2", "email": "bob@example.com"}]
    targets = {"users": ["ada@example.com", {"id": "bob@example.com", "enabled": False}]}
    original = new_client(users=users, featureFlags=[{**FLAG, "targets": targets}])
    original.put("/feature-flags/new-nav/disable").raise_for_status()
    copy = new_client(**original.get("/_emulate/state").json())
    for name in ("featureFlags", "featureFlagTargets", "events"):
        assert state(copy, name) == state(original, name) != []
    copy.put("/feature-flags/new-nav/enable").raise_for_status()
    lists = [copy.get(f"/user_management/users/{user['id']}/feature-flags").json()["data"] for user in users]
    assert [len(flags) for flags in lists] == [1, 0]
