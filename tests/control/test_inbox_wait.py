from __future__ import annotations

import pytest

from mockserver.testing import MockServer
from tests.conftest import Client
from tests.control.builders import Waiting, environment_of, send_code


def test_a_message_that_is_there_already_is_answered_at_once(client: Client) -> None:
    message = send_code(client)
    response = client.get("/_emulate/inbox/wait", params={"to": "ADA@example.com", "timeout": 0})
    assert response.json() == message


def test_a_wait_is_answered_when_its_message_arrives(client: Client) -> None:
    waiting = Waiting(client, to="ada@example.com")
    message = send_code(client)
    assert waiting.answer() == (200, message)


def test_a_wait_overlooks_messages_to_others(client: Client) -> None:
    waiting = Waiting(client, to="ada@example.com")
    send_code(client, "alan@example.com")
    message = send_code(client)
    assert waiting.answer() == (200, message)


def test_a_wait_overlooks_messages_of_other_kinds(client: Client) -> None:
    waiting = Waiting(client, kind="password_reset")
    send_code(client)
    client.post("/user_management/password_reset", json={"email": "ada@example.com"}).raise_for_status()
    assert waiting.answer()[1]["kind"] == "password_reset"


def test_a_wait_after_a_message_overlooks_what_came_before(client: Client) -> None:
    seen = send_code(client)
    waiting = Waiting(client, to="ada@example.com", after=seen["id"])
    message = send_code(client)
    assert waiting.answer() == (200, message)


def test_a_wait_after_a_message_ends_though_the_clock_was_set_back(client: Client) -> None:
    seen = send_code(client)
    client.advance(-86400)
    waiting = Waiting(client, after=seen["id"])
    message = send_code(client)
    assert waiting.answer() == (200, message)


def test_a_wait_after_a_message_answers_the_first_that_came_since(client: Client) -> None:
    seen = send_code(client)
    second = send_code(client)
    send_code(client)
    response = client.get("/_emulate/inbox/wait", params={"after": seen["id"], "timeout": 0})
    assert response.json() == second


def test_one_message_ends_every_wait_for_it(client: Client) -> None:
    waits = [Waiting(client, to="ada@example.com") for _ in range(3)]
    message = send_code(client)
    assert [waiting.answer() for waiting in waits] == [(200, message)] * 3


def test_a_wait_that_was_in_vain_says_what_did_arrive(client: Client) -> None:
    before = send_code(client)
    other = send_code(client, "alan@example.com")
    parameters = {"to": "ada@example.com", "after": before["id"], "timeout": 0.02}
    response = client.get("/_emulate/inbox/wait", params=parameters)
    assert response.status_code == 404
    assert response.json() == {
        "code": "message_not_found",
        "message": "No message to 'ada@example.com' arrived within 0.02 s.",
        "arrived": [{"id": other["id"], "kind": "magic_auth", "to": "alan@example.com"}],
    }


def test_a_message_whose_sending_failed_ends_no_wait(client: Client) -> None:
    waiting = Waiting(client, timeout=0.1)
    assert client.post("/user_management/magic_auth", json={"email": "nobody"}).is_error
    assert waiting.answer()[0] == 404


@pytest.mark.parametrize("timeout", ["-1", "61", "soon"])
def test_a_timeout_lies_between_0_and_60_seconds(client: Client, timeout: str) -> None:
    response = client.get("/_emulate/inbox/wait", params={"timeout": timeout})
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "timeout"


def test_a_wait_ends_when_its_environment_is_deleted(client: Client) -> None:
    waiting = Waiting(client)
    client.delete(f"/_emulate/environments/{environment_of(client)}").raise_for_status()
    status, body = waiting.answer()
    assert (status, body["code"]) == (503, "wait_ended")


def test_a_wait_goes_on_over_a_reset(client: Client) -> None:
    waiting = Waiting(client, to="ada@example.com")
    client.post("/_emulate/reset").raise_for_status()
    message = send_code(client)
    assert waiting.answer() == (200, message)


def test_a_wait_ends_when_the_server_stops() -> None:
    with MockServer() as server, Client(server.url, server.api_key, server.client_id) as client:
        waiting = Waiting(client)
    assert waiting.answer()[0] == 503
