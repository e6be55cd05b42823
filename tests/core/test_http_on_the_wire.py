"""HTTP as bytes, in both ways that `--http` names: what clients of all kinds may send."""

from __future__ import annotations

import asyncio
import json
import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

import pytest

from mockserver import serving
from mockserver.core.environment import Keys

pytestmark = pytest.mark.fault("E6")

KEY = "sk_test_wire"
GET = f"GET /user_management/users HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\n\r\n".encode()
HEALTH = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self._file = self.socket.makefile("rb")

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def ask(self, data: bytes) -> tuple[int, dict[str, str], bytes]:
        self.send(data)
        return self.answer()

    def answer(self, *, is_head: bool = False) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body."""
        status = int(self._file.readline().split()[1])
        headers = {}
        while (line := self._file.readline().strip()) != b"":
            name, _, value = line.decode().partition(": ")
            headers[name] = value
        if headers.get("transfer-encoding") == "chunked":
            return status, headers, b"".join(self._chunks())
        return status, headers, b"" if is_head else self._file.read(int(headers.get("content-length", 0)))

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self._file.readline(), 16):
            yield self._file.read(size)
            self._file.readline()
        self._file.readline()

    def read_until(self, expected: bytes) -> None:
        """Of an answer without end."""
        received = b""
        while expected not in received:
            part = self.socket.recv(1 << 16)
            assert part != b"", "it was closed"
            received += part

    def is_readable(self) -> bool:
        """Whether the server has sent something, or closed it."""
        return bool(select.select([self.socket], [], [], 0)[0])

    def is_closed(self) -> bool:
        """Waits until the server closes it; False if it sends something instead."""
        try:
            return self._file.read(1) == b""
        except ConnectionResetError:
            return True


Http = Literal["fast", "plain"]


class Loop(asyncio.SelectorEventLoop):
    """One whose time can be moved."""

    moved = 0.0

    def time(self) -> float:
        return super().time() + self.moved

    def let_pass(self, seconds: float) -> None:
        """For another thread; returns when what was due by then has been done."""
        self.call_soon_threadsafe(self._move, seconds)
        for _ in range(2):  # timers that are due run in the turn after the one that finds them
            asyncio.run_coroutine_threadsafe(asyncio.sleep(0), self).result(20)

    def _move(self, seconds: float) -> None:
        self.moved += seconds


@contextmanager
def listening(http: Http, loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop) -> Iterator[int]:
    """The port of a server."""
    sockets = serving.bind("127.0.0.1", 0)
    server = serving.open_server(Keys(KEY, "client_wire"), "http://localhost")
    web = serving.http_server(server, http=http)

    def serve() -> None:
        with asyncio.Runner(loop_factory=loop) as runner:
            runner.run(web.serve(sockets=sockets))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield sockets[0].getsockname()[1]
    finally:
        web.should_exit = True
        thread.join()
        serving.close_server(server)


@pytest.fixture(scope="module", params=["fast", "plain"])
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    with listening(request.param) as port:
        yield port


@pytest.fixture(scope="module")
def fast_port() -> Iterator[int]:
    with listening("fast") as port:
        yield port


@pytest.fixture
def fast(fast_port: int) -> Iterator[Connection]:
    with Connection(fast_port) as connection:
        yield connection


@pytest.fixture(scope="module")
def timed() -> Iterator[tuple[int, Loop]]:
    """The port of a server, and the loop whose time is its."""
    loop = Loop()
    with listening("fast", lambda: loop) as port:
        yield port, loop


@pytest.fixture
def watched(timed: tuple[int, Loop]) -> Iterator[Connection]:
    with Connection(timed[0]) as connection:
        yield connection


@pytest.fixture
def loop(timed: tuple[int, Loop]) -> Loop:
    return timed[1]


@pytest.fixture
def connection(port: int) -> Iterator[Connection]:
    with Connection(port) as connection:
        yield connection


def post(path: str, body: bytes, *headers: str) -> bytes:
    """`headers` in the place of `Content-Length`."""
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {KEY}"]
    lines += ["Content-Type: application/json", *(headers or (f"Content-Length: {len(body)}",)), "", ""]
    return "\r\n".join(lines).encode() + body


def user(email: str) -> bytes:
    return json.dumps({"email": email}).encode()


@pytest.mark.fault("E6")
def test_a_connection_is_kept(connection: Connection) -> None:
    assert [connection.ask(GET)[0] for _ in range(3)] == [200, 200, 200]


def test_answers_to_pipelined_requests_come_in_order(connection: Connection) -> None:
    paths = [f"/user_management/users/user_{number}" for number in range(50)]
    head = f"HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\n\r\n"
    connection.send("".join(f"GET {path} {head}" for path in paths).encode())
    answers = [json.loads(connection.answer()[2]) for _ in paths]
    assert [answer["entity_id"] for answer in answers] == [path.rpartition("/")[2] for path in paths]


def test_what_is_pipelined_behind_a_call_that_waits_waits_too(connection: Connection) -> None:
    wait = GET.replace(b"/user_management/users", b"/_emulate/inbox/wait?timeout=0.05")
    connection.send(wait + HEALTH + GET)
    assert [connection.answer()[0] for _ in range(3)] == [404, 200, 200]


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_a_request_may_come_in_pieces_of_any_size(connection: Connection, size: int) -> None:
    request = post("/user_management/users", user(f"pieces{size}@example.com"))
    for start in range(0, len(request), size):
        connection.send(request[start : start + size])
    assert connection.answer()[0] == 201


def test_a_body_may_come_in_chunks(connection: Connection) -> None:
    body = user("chunks@example.com")
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:5], body[5:])) + b"0\r\n\r\n"
    request = post("/user_management/users", b"", "Transfer-Encoding: chunked")
    assert connection.ask(request + chunks)[0] == 201
    connection.send(request + chunks[:9])
    connection.send(chunks[9:])
    assert json.loads(connection.answer()[2])["code"] == "user_creation_error"  # taken


def test_a_client_that_expects_it_is_told_to_continue(connection: Connection) -> None:
    body = user("expecting@example.com")
    head = post("/user_management/users", b"", f"Content-Length: {len(body)}", "Expect: 100-continue")
    assert connection.ask(head)[0] == 100
    assert connection.ask(body)[0] == 201


@pytest.mark.fault("A6")
def test_who_is_refused_needn_t_send_the_body(connection: Connection) -> None:
    head = post("/_emulate/seed", b"", f"Content-Length: {60 << 20}", "Expect: 100-continue")
    assert connection.ask(head.replace(KEY.encode(), b"sk_test_nobody"))[0] == 404
    connection.send(b"{")  # the first of it


def test_a_large_body_is_one_object(connection: Connection) -> None:
    users = [{"email": f"large{number}@example.com", "metadata": {"text": "x" * 500}} for number in range(3000)]
    assert connection.ask(post("/_emulate/seed", json.dumps({"users": users}).encode()))[0] == 204
    assert connection.ask(GET.replace(b"users", b"users?email=large2999@example.com"))[0] == 200


def test_a_large_answer_waits_for_a_slow_reader(connection: Connection) -> None:
    users = [{"email": f"slow{number}@example.com", "metadata": {"text": "x" * 500}} for number in range(100)]
    connection.ask(post("/_emulate/seed", json.dumps({"users": users}).encode()))
    request = GET.replace(b"users", b"users?limit=100")
    connection.send(request * 100)
    assert all(connection.answer()[0] == 200 for _ in range(100))


def test_head_has_the_headers_of_get_and_no_body(connection: Connection) -> None:
    _, expected, body = connection.ask(GET)
    connection.send(GET.replace(b"GET", b"HEAD"))
    status, headers, _ = connection.answer(is_head=True)
    assert (status, headers["content-length"]) == (200, str(len(body)))
    assert headers.keys() == expected.keys()
    assert connection.ask(HEALTH)[0] == 200


def test_an_answer_has_the_headers_that_it_should(connection: Connection) -> None:
    _, headers, _ = connection.ask(HEALTH)
    assert sorted(headers) == [
        "access-control-allow-credentials", "content-length", "content-type", "date", "vary", "x-request-id",
    ]  # fmt: skip


def test_no_content_has_no_length(connection: Connection) -> None:
    status, headers, _ = connection.ask(post("/_emulate/reset", b"{}"))
    assert status == 204
    assert not headers.keys() & {"content-length", "content-type", "transfer-encoding"}


@pytest.mark.parametrize(
    "request_", [HEALTH.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), HEALTH.replace(b"1.1", b"1.0")]
)
def test_who_asks_for_it_is_closed(connection: Connection, request_: bytes) -> None:
    status, headers, _ = connection.ask(request_)
    assert (status, headers["connection"]) == (200, "close")
    assert connection.is_closed()


def test_an_upgrade_to_something_else_is_overlooked(connection: Connection) -> None:
    upgrade = b"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    assert connection.ask(HEALTH.replace(b"\r\n\r\n", upgrade))[0] == 200


@pytest.mark.parametrize("pieces", [1, 2, 40])
def test_an_offer_of_http_2_costs_no_body_and_no_later_request(fast: Connection, pieces: int) -> None:
    """Java's HttpClient makes it with every request by http."""
    offer = b"\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAA\r\n\r\n"
    plain = post("/user_management/users", b'{"email": "not an address"}') + GET
    data = plain.replace(b"\r\n\r\n", offer)
    size = -(-len(data) // pieces)
    for start in range(0, len(data), size):
        fast.send(data[start : start + size])
    status, _, body = fast.answer()
    assert (status, json.loads(body)["errors"][0]["field"]) == (422, "email")
    assert fast.answer()[0] == 200
    assert fast.ask(HEALTH)[0] == 200


def test_an_offer_of_http_2_costs_no_body_in_chunks(fast: Connection) -> None:
    head = post("/user_management/users", b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    offer = head.replace(b"\r\n\r\n", b"\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
    assert fast.ask(offer + b"3\r\n[1]\r\n0\r\n\r\n")[0] == 400  # no object
    assert fast.ask(HEALTH)[0] == 200


@pytest.mark.parametrize(
    "request_",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS
        b"G@T /health HTTP/1.1\r\n\r\n",
        b"GET /health HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST /health HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"POST /health HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_what_is_no_http_is_refused(connection: Connection, request_: bytes) -> None:
    assert connection.ask(request_)[0] == 400
    assert connection.is_closed()


def test_a_client_may_close_its_side_after_the_request(connection: Connection) -> None:
    connection.send(GET)
    connection.socket.shutdown(socket.SHUT_WR)
    assert connection.answer()[0] == 200
    assert connection.is_closed()


def test_a_client_that_leaves_in_the_middle_harms_nobody(port: int) -> None:
    request = post("/user_management/users", user("left@example.com"))
    for end in (10, len(request) - 5, len(request)):
        with Connection(port) as leaving:
            leaving.send(request[:end])
    with Connection(port) as staying:
        assert staying.ask(GET)[0] == 200


@pytest.mark.fault("A4c")
def test_nothing_more_is_sent_to_a_client_that_leaves_a_long_answer(
    port: int, caplog: pytest.LogCaptureFixture
) -> None:
    users = [
        {"email": f"long{number}@example.com", "metadata": dict.fromkeys("abcdefghi", "x" * 590)}
        for number in range(1500)
    ]
    with Connection(port) as staying:
        assert staying.ask(post("/_emulate/seed", json.dumps({"users": users}).encode()))[0] == 204
        with Connection(port) as leaving:
            leaving.send(GET.replace(b"/user_management/users", b"/_emulate/state"))
            assert leaving.socket.recv(1000)
        assert staying.ask(GET.replace(b"/user_management/users", b"/_emulate/state"))[0] == 200
    assert [record.message for record in caplog.records if record.name == "asyncio"] == []


# What only the fast one does


def test_a_good_request_before_a_bad_one_is_answered(fast: Connection) -> None:
    assert fast.ask(HEALTH + b"G@T / HTTP/1.1\r\n\r\n")[0] == 200
    assert fast.answer()[0] == 400


@pytest.mark.parametrize(
    ("bad", "refusal"),
    [
        (b"no HTTP\r\n\r\n", 400),
        (b"POST /health HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nno length\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 200_000, 431),
    ],
)
@pytest.mark.parametrize("others", [0, 2])
def test_a_refusal_comes_after_the_answers_to_what_came_before(
    fast: Connection, bad: bytes, refusal: int, others: int
) -> None:
    waiting = GET.replace(b"/user_management/users", b"/_emulate/inbox/wait?timeout=0.1&to=nobody")
    fast.send(waiting + GET * others)
    fast.send(bad)
    answers = [fast.answer()[0] for _ in range(others + 2)]
    assert answers == [404, *[200] * others, refusal]
    assert fast.is_closed()


def test_a_stream_ends_when_its_client_leaves_though_more_was_asked(
    fast: Connection, fast_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    with Connection(fast_port) as leaving:
        leaving.send(GET.replace(b"/user_management/users", b"/_emulate/inbox/stream") + GET)
        assert leaving.socket.recv(1000)
    for number in range(20):
        assert fast.ask(post("/user_management/magic_auth", user(f"stream{number}@example.com")))[0] == 201
    fast.ask(post("/_emulate/reset", b"{}"))
    assert [record.message for record in caplog.records if record.name == "asyncio"] == []


def test_a_call_that_waits_is_answered_to_a_client_that_has_closed_its_side(fast: Connection) -> None:
    fast.send(GET.replace(b"/user_management/users", b"/_emulate/inbox/wait?timeout=0.05"))
    fast.socket.shutdown(socket.SHUT_WR)
    assert fast.answer()[0] == 404
    assert fast.is_closed()


@pytest.mark.fault("A15")
@pytest.mark.parametrize("end", [b"\r\n\r\n", b""], ids=["whole", "without end"])
def test_a_head_over_64_kib_is_refused(fast: Connection, fast_port: int, end: bytes) -> None:
    fast.send(HEALTH[:-2] + b"X: ")
    with Connection(fast_port) as other:
        other.ask(HEALTH)  # by now the beginning has been read
    fast.send(b"x" * 66_000 + end)
    status, _, body = fast.answer()
    assert (status, "64 KiB" in json.loads(body)["message"]) == (431, True)
    assert fast.is_closed()


@pytest.mark.fault("A15")
def test_a_head_under_64_kib_is_taken_behind_a_large_body(fast: Connection) -> None:
    long = HEALTH[:-2] + b"X: " + b"x" * 60_000 + b"\r\n\r\n"
    fast.send(post("/user_management/users", b"{" + b" " * 200_000 + b"}") + long)
    assert [fast.answer()[0] for _ in range(2)] == [422, 200]


@pytest.mark.fault("A15")
@pytest.mark.parametrize(
    "beginning",
    [b"", b"\r\n", HEALTH[:20], GET + HEALTH[:20], post("/user_management/users", b"", "Content-Length: 9") + b"{"],
    ids=["nothing", "a blank line", "half a head", "half a second head", "half a body"],
)
def test_who_falls_silent_is_closed_after_a_minute(watched: Connection, loop: Loop, beginning: bytes) -> None:
    watched.send(beginning)
    if beginning.startswith(GET):
        assert watched.answer()[0] == 200
    pass_until(loop, watched.is_readable, 30)
    assert watched.is_closed()


@pytest.mark.fault("A15")
def test_who_waits_for_an_answer_is_not_closed(watched: Connection, loop: Loop, timed: tuple[int, Loop]) -> None:
    watched.send(GET.replace(b"/user_management/users", b"/_emulate/inbox/stream"))
    watched.read_until(b"retry:")
    for _ in range(3):
        loop.let_pass(80)
    with Connection(timed[0]) as other:
        assert other.ask(post("/user_management/magic_auth", user("awaited@example.com")))[0] == 201
    watched.read_until(b"awaited@example.com")


@pytest.mark.fault("A15")
def test_who_has_had_an_answer_may_be_silent_for_longer(watched: Connection, loop: Loop) -> None:
    watched.ask(HEALTH)
    loop.let_pass(70)
    assert watched.ask(HEALTH)[0] == 200
    loop.let_pass(76)
    assert watched.is_closed()


def pass_until(loop: Loop, is_over: Callable[[], bool], seconds: float) -> None:
    """Steps of time: what was sent may not have been read at the first ones."""
    for _ in range(100):
        loop.let_pass(seconds)
        if is_over():
            return
    raise AssertionError("nothing happened for an hour")
