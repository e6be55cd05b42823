"""How the server ends: soon, and without leaving anyone in the middle."""

from __future__ import annotations

import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from mockserver.core.long_work import Workers
from mockserver.testing import MockServer
from tests.asynchronous import run
from tests.builders import create_user
from tests.cli.process import serving
from tests.control.builders import EventStream, Waiting

SOON = 30  # seconds; it is two where the machine has nothing else to do, and what it must not wait for lasts sixty


def test_a_server_that_is_terminated_ends_soon_and_with_0() -> None:
    with serving() as process, process.client() as client:
        create_user(client)  # and the connection stays open
        assert process.terminate() < SOON


def test_ctrl_c_ends_it_with_0_too() -> None:
    with serving() as process:
        process.process.send_signal(signal.SIGINT)
        assert process.process.wait(SOON) == 0
        assert "Traceback" not in process.log()


def test_a_wait_for_mail_is_answered_when_the_server_stops() -> None:
    with serving() as process, process.client() as client:
        waiting = Waiting(client, timeout=60)
        assert process.terminate() < SOON
        status, body = waiting.answer()
        assert (status, body["code"]) == (503, "wait_ended")


def test_streams_end_when_the_server_stops() -> None:
    with serving() as process, process.client() as client, EventStream(client) as one, EventStream(client) as other:
        assert process.terminate() < SOON
        assert [one.next(), other.next()] == [None, None]
        assert "Traceback" not in process.log()


def test_a_request_in_flight_is_answered_when_the_server_stops() -> None:
    body = b'{"email": "ada@example.com"}'
    with serving("--log-level", "debug") as process, process.client() as client:
        with socket.create_connection(("127.0.0.1", process.start["port"])) as connection:
            connection.sendall(
                b"POST /user_management/users HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer sk_test_default\r\n"
                b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body[:10]
            )
            for _ in range(5):
                client.get("/health").raise_for_status()  # by now the server has begun with the request above
            process.process.send_signal(signal.SIGTERM)
            connection.sendall(body[10:])
            assert connection.makefile("rb").readline() == b"HTTP/1.1 201 Created\r\n"
        assert process.process.wait(SOON) == 0


def test_a_request_that_never_ends_does_not_hold_the_server_up() -> None:
    with (
        serving() as process,
        process.client() as client,
        socket.create_connection(("127.0.0.1", process.start["port"])) as connection,
    ):
        connection.sendall(b"POST /user_management/users HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n")
        for _ in range(5):
            client.get("/health").raise_for_status()
        assert process.terminate() < SOON


@pytest.mark.fault("A4c")
def test_work_that_takes_long_does_not_hold_the_server_up() -> None:
    may_end = threading.Event()

    async def occupy(workers: Workers) -> None:
        for _ in range(2):  # all its threads
            workers.run(may_end.wait)

    http = MockServer().start()
    server = http._server
    assert server is not None
    run(occupy(server.workers))
    with httpx.Client(base_url=http.url) as client, ThreadPoolExecutor() as threads:
        answer = threads.submit(client.post, "/_emulate/reset", json={})
        with httpx.Client(base_url=http.url) as other:
            while not server.default.turns.is_taken:
                other.get("/health").raise_for_status()
        started = time.monotonic()
        http.stop()
        assert time.monotonic() - started < SOON
        assert answer.result().json()["code"] == "server_stops"
    may_end.set()
