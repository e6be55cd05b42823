"""What the figures of `bench.py` are measured with: servers as processes, calls over a socket, CPU per call."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
QUICKSTART = ROOT / "fixtures" / "quickstart.yaml"
SERVE = [sys.executable, "-m", "mockserver", "serve", "--json"]
PASSWORD = "correct-horse-battery"


@dataclass
class Sizes:
    users: int = 100_000
    rounds: int = 15
    calls: int = 300
    starts: int = 21


@dataclass
class Table:
    is_over: bool = False
    rows: list[tuple[str, str, str, str]] = field(default_factory=list)

    def add(self, figure: str, measured: float, unit: str, limit: float | None = None) -> None:
        verdict = "" if limit is None else "ok" if measured <= limit else "over"
        self.is_over |= verdict == "over"
        self.rows.append((figure, f"{measured:.2f} {unit}", "" if limit is None else f"{limit:g} {unit}", verdict))
        print(".", end="", file=sys.stderr, flush=True)

    def __str__(self) -> str:
        rows = [("figure", "measured", "limit", ""), *self.rows]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


class Client:
    """One keep-alive connection, and as little as can be around it."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self.socket = socket.create_connection((host, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def call(self, request: bytes) -> bytes:
        """The body of the answer. Raises WrongAnswer when it isn't a 2xx."""
        self.send(request)
        status, body = self.answer()
        if not 200 <= status < 300:
            raise WrongAnswer(request, status, body)
        return body

    def send(self, request: bytes) -> None:
        self.socket.sendall(request)

    def answer(self) -> tuple[int, bytes]:
        """Status and body."""
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._receive()
        head, _, body = received.partition(b"\r\n\r\n")
        status, fields = int(head[9:12]), head.lower()
        if b"\r\ntransfer-encoding: chunked" in fields:
            return status, self._chunked(body)
        length = int(fields.partition(b"\r\ncontent-length:")[2].partition(b"\r")[0] or 0)
        parts, missing = [body], length - len(body)
        while missing > 0:
            parts.append(self._receive())
            missing -= len(parts[-1])
        return status, b"".join(parts)

    def _chunked(self, received: bytes) -> bytes:
        parts, end = [received], received[-5:]
        while end != b"0\r\n\r\n":
            parts.append(self._receive())
            end = (end + parts[-1])[-5:]
        content, position = b"".join(parts), 0
        body: list[bytes] = []
        while True:
            start = content.index(b"\r\n", position) + 2
            size = int(content[position : start - 2], 16)
            if not size:
                return b"".join(body)
            body.append(content[start : start + size])
            position = start + size + 2

    def _receive(self) -> bytes:
        received = self.socket.recv(1 << 20)
        if not received:
            raise RuntimeError("The server closed the connection.")
        return received


class WrongAnswer(RuntimeError):
    def __init__(self, request: bytes, status: int, body: bytes) -> None:
        super().__init__(f"{request[:100]!r} was answered {status}: {body[:300].decode(errors='replace')}")


def request_for(method: str, path: str, content: Any = None, *, api_key: str = "sk_test_default") -> bytes:
    body = b"" if content is None else json.dumps(content).encode()
    head = f"{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {api_key}\r\n"
    return f"{head}content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


@dataclass
class Process:
    """A running server."""

    pid: int
    client: Client

    @property
    def port(self) -> int:
        return int(self.client.socket.getpeername()[1])

    def cpu(self) -> float:
        """Seconds of CPU that the process, with all its threads, has used: the kernel's clock of another process."""
        return time.clock_gettime((~self.pid << 3) | 2)

    def clients(self, count: int) -> list[Client]:
        """Further connections; the one of its own when there is to be one only."""
        return [self.client] if count == 1 else [Client(self.port) for _ in range(count)]

    def send(self, method: str, path: str, content: Any = None, **options: str) -> Any:
        answer = self.client.call(request_for(method, path, content, **options))
        return json.loads(answer) if answer else None

    def resident(self) -> float:
        """MiB of resident memory."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


@contextmanager
def started(command: list[str], port_of: Callable[[str], int]) -> Iterator[Process]:
    with_log = "info" in command
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL if with_log else None,
        text=True,
        env=clean_environment(),
    )
    assert process.stdout is not None
    try:
        yield Process(process.pid, Client(port_of(process.stdout.readline())))
    finally:
        process.terminate()
        process.wait()


def mock_server(*arguments: str) -> Any:
    return started([*SERVE, "--port", "0", *arguments], lambda line: int(json.loads(line)["port"]))


def bare_server() -> Any:
    return started([sys.executable, str(ROOT / "scripts" / "bench_bare.py")], int)


def clean_environment() -> dict[str, str]:
    """Without what sets the server, and with bytecode kept, as it is for everybody who starts a second time."""
    unwanted = ("MOCKSERVER_", "WORKOS_", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}


def per_call(sizes: Sizes, *series: tuple[Process, bytes], connections: int = 1) -> list[float]:
    """Microseconds of the server's CPU per call of each series: medians of rounds taken in turns."""
    clients = [server.clients(connections) for server, _ in series]
    turns = max(sizes.calls // connections, 1)
    for connected, (_, request) in zip(clients, series, strict=True):
        volleys(connected, request, turns)
    found: list[list[float]] = [[] for _ in series]
    for _ in range(sizes.rounds):
        for costs, connected, (server, request) in zip(found, clients, series, strict=True):
            before = server.cpu()
            volleys(connected, request, turns)
            costs.append((server.cpu() - before) / (turns * connections) * 1e6)
    return [median(costs) for costs in found]


def volleys(clients: list[Client], request: bytes, turns: int) -> None:
    """The request on every connection at once, and the answers to all of them, so many times."""
    for _ in range(turns):
        for client in clients:
            client.send(request)
        for client in clients:
            status, body = client.answer()
            if not 200 <= status < 300:
                raise WrongAnswer(request, status, body)


def wall(action: Callable[[], Any]) -> float:
    """Milliseconds."""
    before = time.perf_counter()
    action()
    return (time.perf_counter() - before) * 1e3
