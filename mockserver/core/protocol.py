"""HTTP on a connection, in less time and with limits: a subclass of uvicorn's protocol.

uvicorn makes a task of each request, which an event wakes again when the body has come. That takes as long as the call
itself: most requests come whole, and nothing in them waits. Those are answered here as soon as they have been read, in
one write; all others go uvicorn's way. `mockserver --http plain` has all of them go there.

And uvicorn, with httptools, takes heads of any size, and keeps connections that say nothing more. Here a head has
64 KiB, and a minute to arrive; a body may not pause for longer than that. A client that waits for its answer may wait.
A refusal comes after the answers to what came before, and an offer of another protocol costs no body.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from mockserver.core.calls import Call
from mockserver.core.http import Dispatcher
from mockserver.core.replies import Reply
from mockserver.core.wire import Receive, Scope, Send

LARGEST_HEAD = 1 << 16
PATIENCE = 60.0  # seconds

_NO_HTTP = "Invalid HTTP request received."
_TOO_LARGE = b'{"message":"The head of the request is larger than 64 KiB."}'


class HeadTooLarge(Exception):
    pass


class Protocol(HttpToolsProtocol):
    def __init__(self, dispatcher: Dispatcher, **of_uvicorn: Any) -> None:
        super().__init__(**of_uvicorn)
        self._dispatcher = dispatcher
        self._is_reading = False
        self._read: tuple[Any, Any] | None = None
        """The first request of what is being read just now: others get their turn before the next one is answered."""
        self._running: Any = None
        """The cycle that was begun last: `cycle` is the one that was read last."""
        self._refusal: Callable[[], None] | None = None
        """What is still to be said when all before it is answered. Nothing more is read."""
        self._is_read_on = False
        self._is_in_head = False
        self._head_size = 0  # without the piece in which it began
        self._newest_size = 0
        self._since = 0.0
        """The time from which the client's silence counts."""

    # The connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        super().connection_made(transport)
        self._since = self.loop.time()
        self._timer = self.loop.call_later(PATIENCE, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        self._timer.cancel()
        super().connection_lost(exc)
        if self._running is not None:  # others may have come after it
            self._running.disconnected = not self._running.response_complete
            self._running.message_event.set()

    def data_received(self, data: bytes) -> None:
        if self._refusal is not None:
            return
        self._newest_size = len(data)
        if self._is_in_head:
            self._head_size += len(data)
        self._is_reading = True
        self._parse(data)
        self._is_reading = False
        self._answer_what_was_read()
        if self._is_in_head:
            if self._head_size > LARGEST_HEAD and not self.transport.is_closing():
                self._refuse(self._refuse_head)
        elif self.cycle is not None and self.cycle.more_body:
            self._since = self.loop.time()

    def eof_received(self) -> bool | None:  # type: ignore[override]  # as asyncio has it
        """A client that has said its last word still gets an answer that hasn't begun."""
        if not self._is_answer_due() or self.cycle.response_started:
            return None
        self.cycle.keep_alive = False
        return True

    def _look(self) -> None:
        """Closes the connection if the client has been silent for too long, and else looks again."""
        is_idle = self.cycle is not None and not self._is_in_head and not self.cycle.more_body
        patience = self.timeout_keep_alive if is_idle else PATIENCE
        remaining = patience - (self.loop.time() - self._since)
        if self._is_answer_due() or self.flow.read_paused:
            remaining = PATIENCE
        if remaining > 0:
            self._timer = self.loop.call_later(remaining, self._look)
        else:
            self.transport.close()

    def _is_answer_due(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete and not self.cycle.more_body

    # What the parser finds

    def _parse(self, data: bytes) -> None:
        while True:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as offer:
                data = self._declined() + data[offer.args[0] :]
            except httptools.HttpParserError:
                self.logger.warning(_NO_HTTP)
                self.send_400_response(_NO_HTTP)
                return
            else:
                return

    def _declined(self) -> bytes:
        """After an offer of another protocol, as Java's HttpClient makes it with each request, the parser takes nothing
        more for HTTP, not even the body. Nobody takes up the offer, so another parser reads on: from this head, which
        nobody hears of, and which says the same of the body.
        """
        of_body = [line for line in self.headers if line[0] in (b"content-length", b"transfer-encoding")]
        self.parser = httptools.HttpRequestParser(self)
        self.cycle.more_body = self._is_read_on = True
        return b"POST / HTTP/1.1\r\n%s\r\n" % b"".join(b"%s: %s\r\n" % line for line in of_body)

    def on_url(self, url: bytes) -> None:
        if not self._is_read_on:
            super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._is_read_on:
            super().on_header(name, value)

    def on_message_begin(self) -> None:
        if self._is_read_on:
            return
        super().on_message_begin()
        self._is_in_head, self._head_size, self._since = True, 0, self.loop.time()

    def on_headers_complete(self) -> None:
        if self._is_read_on:
            self._is_read_on = False
            return
        if self._head_size + self._newest_size > LARGEST_HEAD and self._is_head_too_large():
            raise HeadTooLarge  # uvicorn answers what is raised here by `send_400_response`
        self._is_in_head = False
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        self._answer_what_was_read()
        if self._is_in_head and self._is_head_too_large():
            self._refuse(self._refuse_head)
        else:
            self._refuse(partial(super().send_400_response, msg))

    def _refuse(self, refusal: Callable[[], None]) -> None:
        """Once what came before is answered."""
        comes_later = len(self.pipeline) > 0 or self._is_answer_due()
        if self.pipeline and self.cycle.more_body:
            self.pipeline.popleft()  # its body is what is refused
        if comes_later:
            self._refusal = refusal
        else:
            refusal()

    def _is_head_too_large(self) -> bool:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > LARGEST_HEAD

    def _refuse_head(self) -> None:
        headers = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", b"%d" % len(_TOO_LARGE))]
        self._write(431, headers, _TOO_LARGE, keep_alive=False)
        self.transport.close()

    # Answers

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        if self._is_reading and self._read is None:
            self._read = cycle, app
        else:
            self._start_task(cycle, app)

    def _start_task(self, cycle: Any, app: Any) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def _answer_what_was_read(self) -> None:
        if self._read is None:
            return
        (cycle, app), self._read = self._read, None
        if cycle.more_body or self.flow.write_paused:
            self._start_task(cycle, app)
            return
        dispatcher, call = self._dispatcher, Call(cycle.scope)
        answer = dispatcher.admit(call) or dispatcher.begin(call, (bytes(cycle.body),))
        if isinstance(answer, Reply):
            body = b"" if call.request.method == "HEAD" else answer.body
            self._write(answer.status, dispatcher.headers(call, answer), body, keep_alive=cycle.keep_alive)
            dispatcher.log(call, answer)
            cycle.response_started = cycle.response_complete = True
            if not cycle.keep_alive:
                self.transport.close()
            self.on_response_complete()
        else:
            finish: Any = partial(self._finish, call, answer)
            self._start_task(cycle, finish)

    async def _finish(self, call: Call, answer: Any, _: Scope, receive: Receive, send: Send) -> None:
        await self._dispatcher.finish(call, answer, receive, send)

    def _write(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes, *, keep_alive: bool) -> None:
        parts = [STATUS_LINE[status]]
        for name, value in (*self.server_state.default_headers, *headers):
            parts += (name, b": ", value, b"\r\n")
        parts += (b"\r\n" if keep_alive else b"connection: close\r\n\r\n", body)
        self.transport.write(b"".join(parts))

    def on_response_complete(self) -> None:
        """As uvicorn's, without a timer for each answer."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self._since = self.loop.time()
        self.flow.resume_reading()
        if self.pipeline:
            self._start_task(*self.pipeline.pop())
        elif self._refusal is not None:
            self._refusal()
