"""Device authorizations in fixtures and in the state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import create_user
from tests.conftest import Client
from tests.device_authorizations.builders import approve, authorize_device, deny, poll

PINNED = {"device_code": "d" * 64, "user_code": "bcdf-ghjk", "expires_at": "2100-01-01T00:00:00.000Z"}


def test_state_keeps_what_a_device_waits_for(client: Client, new_client: Callable[..., Client]) -> None:
    create_user(client)
    approved, denied, pending = (authorize_device(client) for _ in range(3))
    approve(client, approved, email="ada@example.com")
    deny(client, denied)
    document = client.get("/_emulate/state").json()
    copy = new_client(**document)
    assert copy.get("/_emulate/state").json() == document
    answers = [poll(copy, device).json() for device in (approved, denied, pending)]
    assert "access_token" in answers[0]
    assert [answer["error"] for answer in answers[1:]] == ["access_denied", "authorization_pending"]


def test_codes_can_be_pinned(new_client: Callable[..., Client]) -> None:
    client = new_client(users=[{"email": "ada@example.com"}], deviceAuthorizations=[PINNED])
    approve(client, {"user_code": "BCDF-GHJK"}, email="ada@example.com").raise_for_status()
    assert poll(client, PINNED).status_code == 200


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"user_code": "BCD"}, "expected eight letters, such as BCDF-GHJK"),
        ({"status": "aproved"}, "'aproved' is unknown; did you mean 'approved'?"),
        ({"status": "approved"}, "an approved device authorization has one, and no other has"),
        ({"status": "approved", "authorization_code": "missing"}, "no authorization code has the code 'missing'"),
    ],
)
def test_what_is_wrong_is_named(client: Client, members: dict[str, Any], problem: str) -> None:
    response = client.post("/_emulate/seed", json={"deviceAuthorizations": [{**PINNED, **members}]})
    assert response.status_code == 422
    assert problem in response.json()["message"]
