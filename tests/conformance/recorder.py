"""A reverse proxy between SDK and server that records every exchange and alters none."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import httpx

# What belongs to one connection and not to the message: the proxy has two connections.
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding"}


@dataclass(frozen=True)
class Exchange:
    """A request and its answer. `headers` finds its members in any case."""

    method: str
    path: str
    query: str
    request_headers: Message | httpx.Headers
    request_body: bytes
    status: int
    headers: Message | httpx.Headers
    body: bytes


def exchange_of(response: httpx.Response) -> Exchange:
    """What a test asked by itself, without a recorder in between."""
    request = response.request
    path, _, query = request.url.raw_path.decode().partition("?")
    return Exchange(
        request.method,
        path,
        query,
        request.headers,
        request.content,
        response.status_code,
        response.headers,
        response.read(),
    )


class Recorder:
    """Listens on `url` and passes everything on to `upstream`, the address of a server, once that is set."""

    def __init__(self) -> None:
        self.upstream = ""
        self.exchanges: list[Exchange] = []
        recorder = self

        class BoundForwarder(Forwarder):
            def setup(self) -> None:
                self.recorder = recorder
                super().setup()

        self._listener = Listener(("127.0.0.1", 0), BoundForwarder)
        self.url = f"http://localhost:{self._listener.server_port}"
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Recorder:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._listener.shutdown()
        self._listener.server_close()
        self._thread.join()

    @contextmanager
    def recording(self) -> Iterator[list[Exchange]]:
        """The exchanges of a `with` block; the list grows while it runs."""
        self.exchanges = []
        yield self.exchanges


class Listener(ThreadingHTTPServer):
    daemon_threads = True  # a client may keep its connection open for longer than the proxy lives
    request_queue_size = 128


class Forwarder(BaseHTTPRequestHandler):
    """One connection of a client, and one to the server."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    recorder: Recorder

    def setup(self) -> None:
        super().setup()
        upstream = urlsplit(self.recorder.upstream)
        assert upstream.hostname, "the recorder has no upstream yet"
        self.connection_upstream = http.client.HTTPConnection(upstream.hostname, upstream.port, timeout=90)

    def finish(self) -> None:
        self.connection_upstream.close()
        super().finish()

    def forward(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answer, content = self.ask_upstream(body)
        path, _, query = self.path.partition("?")
        self.recorder.exchanges.append(
            Exchange(self.command, path, query, self.headers, body, answer.status, answer.headers, content)
        )
        self.reply(answer, content)

    def ask_upstream(self, body: bytes) -> tuple[http.client.HTTPResponse, bytes]:
        self.connection_upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in HOP_BY_HOP:
                self.connection_upstream.putheader(name, value)
        self.connection_upstream.endheaders(body or None)
        answer = self.connection_upstream.getresponse()
        return answer, answer.read()

    def reply(self, answer: http.client.HTTPResponse, content: bytes) -> None:
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.headers.items():
            if name.lower() not in HOP_BY_HOP | {"content-length"}:
                self.send_header(name, value)
        if answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = forward
