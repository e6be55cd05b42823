"""What goes in the end, and what stays: mails, events, and all that is spent, has ended or expired."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mockserver.app import ENDPOINTS
from mockserver.core.database import Database
from mockserver.core.retention import BATCH, EVERY, KEPT
from mockserver.core.schema import Model
from mockserver.core.waiting import Signal
from mockserver.testing import MockServer
from tests.asynchronous import run
from tests.builders import create_code, create_user, state
from tests.conftest import Client
from tests.control.builders import EventStream, Waiting, environment_of, send_code

pytestmark = pytest.mark.fault("A7b")

MANY = KEPT + BATCH
INBOX = "/_emulate/inbox"
ENDED = "2026-01-01T00:00:00.000Z"


def mailed(client: Client, **query: Any) -> list[str]:
    """To whom, oldest first."""
    messages = client.get(INBOX, params={"limit": 100, **query}).raise_for_status().json()["data"]
    return [message["to"].partition("@")[0] for message in messages]


def send_codes(client: Client, names: str) -> list[str]:
    """A mail to each letter; their ids."""
    return [send_code(client, f"{name}@example.com")["id"] for name in names]


def database_of(server: MockServer, client: Client) -> Database:
    assert server._server is not None
    return server._server.environments[environment_of(client)].db


def let_days_pass(server: MockServer, client: Client, days: int = 2) -> None:
    """Of real time, as far as what is stored knows of it."""
    connection = database_of(server, client)._connection
    for model in fleeting_models():
        connection.execute(f"UPDATE {model.table.name} SET goes_ms = goes_ms - {days * 86_400_000}")


def client_of(server: MockServer) -> Client:
    return Client(server.url, server.api_key, server.client_id)


def models(kind: type[Model] = Model) -> Iterator[type[Model]]:
    for model in kind.__subclasses__():
        if "table" in vars(model):
            yield model
        yield from models(model)


def fleeting_models() -> list[type[Model]]:
    assert ENDPOINTS  # all of them are imported
    return [model for model in models() if model.is_fleeting]


# Mails and events


def test_inbox_keeps_the_newest_mails(client: Client) -> None:
    client.change_settings(mails_kept=3)
    send_codes(client, "abcdef")
    assert mailed(client) == ["d", "e", "f"]


def test_zero_keeps_all_mails(client: Client) -> None:
    client.change_settings(mails_kept=1)
    client.change_settings(mails_kept=0)
    send_codes(client, "abc")
    assert mailed(client) == ["a", "b", "c"]


def test_thousand_mails_are_kept_and_few_more(new_client: Callable[..., Client]) -> None:
    mail = {"subject": "", "text": "", "kind": "magic_auth", "to": "ada@example.com", "from": "a@example.com"}
    client = new_client(messages=[mail] * 1100)
    for _ in range(EVERY):
        send_code(client)
    assert 1000 <= len(state(client, "messages")) <= 1000 + EVERY


def test_dropped_mail_is_a_cursor_still(client: Client) -> None:
    client.change_settings(mails_kept=2)
    dropped, *_ = send_codes(client, "abcd")
    assert client.get(f"{INBOX}/{dropped}").status_code == 404
    assert mailed(client, after=dropped) == ["c", "d"]
    assert mailed(client, before=dropped) == []
    response = client.get(f"{INBOX}/wait", params={"after": dropped, "timeout": 0})
    assert response.json()["to"] == "c@example.com"


def test_stream_goes_on_after_a_dropped_mail(client: Client) -> None:
    client.change_settings(mails_kept=1)
    dropped, _ = send_codes(client, "ab")
    with EventStream(client, last_event_id=dropped) as stream:
        assert stream.next_message()["to"] == "b@example.com"


def test_wait_is_answered_by_a_mail_that_others_push_out(client: Client) -> None:
    client.change_settings(mails_kept=1)
    waiting = Waiting(client, to="a@example.com")
    send_codes(client, "abcd")
    assert waiting.answer()[1]["to"] == "a@example.com"


def test_waiter_is_given_what_it_wants_though_more_comes_before_its_turn() -> None:
    async def wait() -> Any:
        signal = Signal()
        with signal.listening(lambda item: item == "wanted") as heard:
            for item in ("other", "wanted", "later"):
                signal.give(item)
            return await heard

    assert run(wait()) == "wanted"


def test_newest_events_are_kept_and_a_dropped_one_is_a_cursor_still(client: Client) -> None:
    first = create_user(client)
    (event,) = client.get("/events", params={"events": "user.created"}).json()["data"]
    client.change_settings(events_kept=2)
    for name in ("Ada", "Bea", "Cyd"):
        client.put(f"/user_management/users/{first['id']}", json={"first_name": name}).raise_for_status()
    query = {"events": "user.created,user.updated", "after": event["id"]}
    listed = client.get("/events", params=query).raise_for_status().json()["data"]
    assert [event["data"]["first_name"] for event in listed] == ["Bea", "Cyd"]
    assert len(state(client, "events")) == 2


def test_what_may_go_goes_from_a_data_directory_at_the_first_call_of_a_start(tmp_path: Path) -> None:
    start: dict[str, Any] = {**world(magicAuths=codes(MANY, **SPENT)), "settings": {"mails_kept": 1, "events_kept": 1}}
    with MockServer(data=tmp_path, fixtures=start) as server, client_of(server) as client:
        let_days_pass(server, client)
    with MockServer(data=tmp_path) as server, client_of(server) as client:
        send_code(client)
        left = client.get("/_emulate/state").json()
    assert [len(left[name]) for name in ("magicAuths", "messages", "events")] == [MANY + 1 - BATCH, 1, 1]


# What is spent, has ended or expired


def world(**collections: Any) -> dict[str, Any]:
    return {"users": [{"id": "user_ada", "email": "ada@example.com"}], **collections}


def codes(count: int, **members: Any) -> list[dict[str, Any]]:
    return [{"user_id": "user_ada", "email": "ada@example.com", "code": "123456", **members} for _ in range(count)]


def sessions(count: int, **members: Any) -> list[dict[str, Any]]:
    times = {"authenticated_at": ENDED, "refreshed_at": ENDED, "expires_at": "2099-01-01T00:00:00.000Z"}
    return [
        {"user_id": "user_ada", "method": "Password", "auth_method": "password", **times, **members}
        for _ in range(count)
    ]


SPENT = {"expires_at": "2099-01-01T00:00:00Z", "consumed_at": ENDED}
EXPIRED = {"expires_at": ENDED}
LIVE = {"expires_at": "2099-01-01T00:00:00Z"}


def send_many(client: Client) -> None:
    for _ in range(EVERY):
        client.post("/user_management/magic_auth", json={"email": "ada@example.com"}).raise_for_status()


@pytest.mark.parametrize("members", [SPENT, EXPIRED])
def test_code_that_is_over_goes_a_day_later(
    server: MockServer, new_client: Callable[..., Client], members: dict[str, Any]
) -> None:
    client = new_client(**world(magicAuths=codes(MANY, **members)))
    let_days_pass(server, client)
    send_many(client)
    assert len(state(client, "magicAuths")) == MANY + EVERY - BATCH


def test_code_that_is_over_stays_for_a_day_wherever_the_clock_is_moved(new_client: Callable[..., Client]) -> None:
    client = new_client(**world(magicAuths=codes(MANY, **EXPIRED)))
    client.advance(30 * 86400)
    send_many(client)
    assert len(state(client, "magicAuths")) == MANY + EVERY


def test_thousand_codes_stay_that_are_over(server: MockServer, new_client: Callable[..., Client]) -> None:
    client = new_client(**world(magicAuths=codes(KEPT + BATCH - EVERY - 1, **SPENT)))
    let_days_pass(server, client)
    send_many(client)
    assert len(state(client, "magicAuths")) == KEPT + BATCH - 1


def test_code_that_the_clock_left_good_stays(server: MockServer, new_client: Callable[..., Client]) -> None:
    client = new_client(**world(magicAuths=codes(MANY, **LIVE)))
    let_days_pass(server, client, days=80 * 365)
    for _ in range(2):
        send_many(client)
    assert len(state(client, "magicAuths")) == MANY + 2 * EVERY


def test_session_that_ended_goes_and_its_tokens_and_a_live_one_stays(
    server: MockServer, new_client: Callable[..., Client]
) -> None:
    ended = sessions(MANY, ended_at=ENDED)
    ended[0]["id"] = "session_ended"
    token = {"token": "token", "session_id": "session_ended"}
    client = new_client(**world(sessions=[*ended, *sessions(10)], refreshTokens=[token]))
    let_days_pass(server, client)
    for _ in range(EVERY):
        client.authenticate("authorization_code", code=create_code(client, {"id": "user_ada"})).raise_for_status()
    left = state(client, "sessions")
    assert len(left) == MANY + 10 + EVERY - BATCH
    assert len([session for session in left if session["ended_at"] is None]) == 10 + EVERY


def test_live_session_goes_a_day_after_it_was_ended(server: MockServer, client: Client) -> None:
    client.authenticate("authorization_code", code=create_code(client, create_user(client))).raise_for_status()
    database = database_of(server, client)._connection
    (before,) = database.execute("SELECT goes_ms FROM sessions").fetchone()
    (session,) = state(client, "sessions")
    client.post("/user_management/sessions/revoke", json={"session_id": session["id"]}).raise_for_status()
    (after,) = database.execute("SELECT goes_ms FROM sessions").fetchone()
    assert 364 <= (before - after) / 86_400_000 <= 366


def test_sweep_finds_what_may_go_along_an_index(server: MockServer, client: Client) -> None:
    create_user(client)
    connection = database_of(server, client)._connection
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    send_many(client)
    connection.set_trace_callback(None)
    (due,) = (statement for statement in statements if "goes_ms <=" in statement)
    (step,) = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {due}")]
    assert step == "SEARCH magic_auths USING INDEX magic_auths_by_goes_ms (goes_ms<?)"


def test_object_whose_tombstone_is_gone_stands_where_its_id_says(
    server: MockServer, new_client: Callable[..., Client]
) -> None:
    client = new_client()
    gone = create_user(client, "gone@example.com")["id"]
    later = create_user(client, "later@example.com")["id"]
    client.delete(f"/user_management/users/{gone}").raise_for_status()
    database = database_of(server, client)._connection
    database.execute("DELETE FROM tombstones")
    page = client.get("/user_management/users", params={"after": gone, "order": "asc"}).raise_for_status().json()
    assert [user["id"] for user in page["data"]] == [later]


def test_everything_that_can_be_over_goes_one_day() -> None:
    """But what the API lists as an object of its own."""
    kept = {"api_keys", "connected_accounts", "invitations", "messages"}
    ends = {"consumed_at", "exchanged_at", "ended_at", "expires_at"}
    can_be_over = {model.table.name for model in models() if ends & {*model.__struct_fields__}}
    without_end = {"tombstones", "idempotent_answers"}
    assert {model.table.name for model in fleeting_models()} == (can_be_over - kept) | without_end
