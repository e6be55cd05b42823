from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from mockserver import serving
from mockserver.core.environment import Keys
from mockserver.testing import MockServer
from tests.asynchronous import run
from tests.builders import create_user
from tests.conftest import Client
from tests.control.builders import EventStream, environment_of, send_code, send_verification

CHANGED = "event: changed\ndata: {}"
Open = Callable[..., EventStream]


@pytest.fixture
def open_stream(client: Client) -> Iterator[Open]:
    """Opens streams of the environment that `client` calls, closed at the end."""
    with ExitStack() as streams:
        yield lambda **parameters: streams.enter_context(EventStream(client, **parameters))


def test_a_stream_is_one_of_events_that_nobody_keeps(open_stream: Open) -> None:
    headers = open_stream().response.headers
    assert headers["content-type"] == "text/event-stream"
    assert headers["cache-control"] == "no-store"
    assert "content-length" not in headers


def test_a_mail_comes_as_an_event_with_its_id_and_itself(open_stream: Open, client: Client) -> None:
    stream = open_stream()
    message = send_code(client)
    assert stream.next_message() == message


def test_a_stream_begins_with_what_arrives_from_now_on(open_stream: Open, client: Client) -> None:
    send_code(client)
    stream = open_stream()
    message = send_code(client)
    assert stream.next_message() == message


def test_a_stream_after_a_message_begins_with_what_came_since(open_stream: Open, client: Client) -> None:
    first, *later = [send_code(client) for _ in range(3)]
    stream = open_stream(after=first["id"])
    assert [stream.next_message() for _ in later] == later


def test_a_browser_that_comes_back_gets_what_it_missed(open_stream: Open, client: Client) -> None:
    first, second, third = [send_code(client) for _ in range(3)]
    stream = open_stream(last_event_id=second["id"], after=first["id"])
    assert stream.next_message() == third


def test_mails_to_others_and_of_other_kinds_make_no_event(open_stream: Open, client: Client) -> None:
    user = create_user(client, email_verified=False)
    stream = open_stream(to="ADA@example.com", kind="email_verification")
    send_code(client)
    assert stream.next() == ": still there"
    send_code(client, "alan@example.com")
    assert stream.next() == ": still there"
    send_verification(client, user["id"])
    assert stream.next_message()["kind"] == "email_verification"


def test_deletions_and_resets_are_told(open_stream: Open, client: Client) -> None:
    message = send_code(client)
    stream = open_stream()
    for method, path in (("DELETE", f"inbox/{message['id']}"), ("DELETE", "inbox"), ("POST", "reset")):
        client.request(method, f"/_emulate/{path}").raise_for_status()
        assert stream.next() == CHANGED


def test_a_stream_goes_on_over_a_reset(open_stream: Open, client: Client) -> None:
    stream = open_stream()
    client.post("/_emulate/reset").raise_for_status()
    message = send_code(client)
    assert stream.next() == CHANGED
    assert stream.next_message() == message


def test_several_streams_get_the_same(open_stream: Open, client: Client) -> None:
    streams = [open_stream() for _ in range(3)]
    message = send_code(client)
    assert [stream.next_message() for stream in streams] == [message] * 3


def test_a_stream_ends_with_its_environment(open_stream: Open, client: Client) -> None:
    stream = open_stream()
    client.delete(f"/_emulate/environments/{environment_of(client)}").raise_for_status()
    assert stream.next() is None


def test_a_stream_ends_when_the_server_stops() -> None:
    with (
        MockServer() as server,
        Client(server.url, server.api_key, server.client_id) as client,
        EventStream(client) as stream,
    ):
        server.stop()
        assert stream.next() is None


@pytest.mark.parametrize("parameters", [{"kind": "magic_link"}, {"client_id": "client_nobody"}])
def test_a_stream_of_nothing_that_exists_is_refused(client: Client, parameters: dict[str, str]) -> None:
    response = client.get("/_emulate/inbox/stream", params=parameters)
    assert response.status_code in (404, 422)
    assert response.headers["content-type"] == "application/json; charset=utf-8"


def test_head_does_not_begin_a_stream(client: Client) -> None:
    response = client.head("/_emulate/inbox/stream")
    assert response.headers["content-type"] == "text/event-stream"


def test_a_client_that_leaves_leaves_no_task_behind() -> None:
    run(_leave_a_stream())


async def _leave_a_stream() -> None:
    (listener,) = serving.bind("0.0.0.0", 0)
    port = listener.getsockname()[1]
    server = serving.open_server(Keys("sk_test_default", "client_default"), f"http://localhost:{port}")
    started = asyncio.Event()
    http = serving.http_server(server, announce=started.set)
    serve = asyncio.create_task(http.serve(sockets=[listener]))
    await started.wait()
    before = asyncio.all_tasks()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /_emulate/inbox/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await reader.readuntil(b"retry: 1000\n\n")
    assert len(asyncio.all_tasks()) > len(before)
    writer.close()
    async with asyncio.timeout(5):
        while asyncio.all_tasks() != before:
            await asyncio.sleep(0)
    http.should_exit = True
    await serve
    serving.close_server(server)
