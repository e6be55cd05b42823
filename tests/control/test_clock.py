from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.builders import PASSWORD, create_user, sign_in
from tests.conftest import Client
from tests.control.builders import send_code

NOON = "2030-01-15T12:00:00.000Z"


def clock(client: Client) -> dict[str, Any]:
    answer: dict[str, Any] = client.get("/_emulate/clock").raise_for_status().json()
    return answer


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_new_environment_has_the_real_time(client: Client) -> None:
    before, now = datetime.now(UTC), clock(client)
    assert {**now, "now": None} == {"now": None, "frozen": False, "offset_seconds": 0}
    assert before - timedelta(seconds=1) < moment(now["now"]) < datetime.now(UTC) + timedelta(seconds=1)


def test_a_clock_that_is_set_goes_on(client: Client) -> None:
    answer = client.put("/_emulate/clock", json={"now": NOON}).json()
    assert answer["frozen"] is False
    assert timedelta() <= moment(clock(client)["now"]) - moment(NOON) < timedelta(seconds=10)


def test_a_frozen_clock_stands(client: Client) -> None:
    client.put("/_emulate/clock", json={"now": NOON, "frozen": True})
    user = create_user(client)
    assert user["created_at"] == clock(client)["now"] == NOON


def test_the_moment_may_have_an_offset_or_none(client: Client) -> None:
    for text in ("2030-01-15T13:00:00+01:00", "2030-01-15T12:00:00", "2030-01-15 12:00", NOON):
        assert client.put("/_emulate/clock", json={"now": text, "frozen": True}).json()["now"] == NOON


def test_the_clock_can_be_frozen_where_it_is_and_let_go(client: Client) -> None:
    frozen = client.put("/_emulate/clock", json={"frozen": True}).json()
    assert clock(client) == {**frozen, "frozen": True}
    released = client.put("/_emulate/clock", json={"frozen": False}).json()
    assert released["frozen"] is False
    assert moment(released["now"]) >= moment(frozen["now"])


def test_a_frozen_clock_stays_frozen_when_it_is_set(client: Client) -> None:
    client.put("/_emulate/clock", json={"frozen": True})
    assert client.put("/_emulate/clock", json={"now": NOON}).json() == clock(client)


@pytest.mark.parametrize(("seconds", "now"), [(90.5, "2030-01-15T12:01:30.500Z"), (-60, "2030-01-15T11:59:00.000Z")])
def test_a_frozen_clock_can_be_advanced_both_ways(client: Client, seconds: float, now: str) -> None:
    client.put("/_emulate/clock", json={"now": NOON, "frozen": True})
    answer = client.post("/_emulate/clock/advance", json={"seconds": seconds}).json()
    assert (answer["now"], answer["frozen"]) == (now, True)


def test_advancing_adds_up(client: Client) -> None:
    client.advance(3600)
    client.advance(60)
    assert clock(client)["offset_seconds"] == 3660


def test_deleting_the_clock_goes_back_to_real_time(client: Client) -> None:
    client.put("/_emulate/clock", json={"now": NOON, "frozen": True})
    answer = client.delete("/_emulate/clock").json()
    assert (answer["frozen"], answer["offset_seconds"]) == (False, 0)


@pytest.mark.parametrize(
    "now", ["tomorrow", "", "1969-12-31T23:59:59Z", "2100-01-01T00:00:00Z", "0001-01-01T00:00:00Z"]
)
def test_a_moment_outside_1970_to_2099_is_refused(client: Client, now: str) -> None:
    response = client.put("/_emulate/clock", json={"now": now})
    assert response.status_code == 422
    assert response.json()["code"] == "invalid_time"
    assert "2030-01-15T12:00:00.000Z" in response.json()["message"]
    assert clock(client)["offset_seconds"] == 0


@pytest.mark.parametrize("seconds", [None, "soon", 1e10, -1e10])
def test_advancing_by_no_number_of_seconds_is_refused(client: Client, seconds: Any) -> None:
    response = client.post("/_emulate/clock/advance", json={"seconds": seconds})
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "seconds"


def test_advancing_beyond_2099_is_refused(client: Client) -> None:
    response = client.post("/_emulate/clock/advance", json={"seconds": 3.1e9})
    assert response.status_code == 422
    assert response.json() == {"code": "invalid_time", "message": "The clock can be set to the years 1970 to 2099."}


def test_ids_grow_though_the_clock_goes_back(client: Client) -> None:
    client.advance(86400)
    first = create_user(client, "a@example.com")
    client.delete("/_emulate/clock")
    second = create_user(client, "b@example.com")
    assert second["id"] > first["id"]
    assert second["created_at"] < first["created_at"]


def test_ids_grow_over_a_reset(client: Client) -> None:
    client.advance(86400)
    first = create_user(client)
    client.post("/_emulate/reset").raise_for_status()
    assert create_user(client)["id"] > first["id"]


def test_a_code_expires_when_its_time_is_up(client: Client) -> None:
    create_user(client)
    message = send_code(client)
    client.advance(601)
    response = client.authenticate(
        "urn:workos:oauth:grant-type:magic-auth:code", email=message["to"], code=message["code"]
    )
    assert response.status_code == 400


def test_a_session_of_a_year_ago_has_ended(client: Client) -> None:
    create_user(client, password=PASSWORD)
    token = sign_in(client)["refresh_token"]
    client.advance(366 * 86400)
    response = client.authenticate("refresh_token", refresh_token=token)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_grant")


def test_environments_have_clocks_of_their_own(new_client: Callable[..., Client]) -> None:
    one, other = new_client(), new_client()
    one.advance(3600)
    assert clock(other)["offset_seconds"] == 0
