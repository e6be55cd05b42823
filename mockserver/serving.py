"""Running the server: environments opened, sockets bound, signals heeded."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Any, Literal

import uvicorn

from mockserver import fixtures
from mockserver.app import create_app
from mockserver.configuration.cors_origins import registered_origins
from mockserver.core import data_files, making
from mockserver.core.environment import Keys
from mockserver.core.keys import DEVELOPMENT_KEY, load_signing_key
from mockserver.core.protocol import Protocol
from mockserver.core.server import DEFAULT, EnvironmentTaken, Server
from mockserver.settings import Settings, settings_from

log = logging.getLogger("mockserver")


class CannotStart(Exception):
    """Says what stands in the way and what to do."""


def bind(host: str, port: int) -> list[socket.socket]:
    """Port 0 takes a free one. On 127.0.0.1 the same port of ::1 is taken too, for clients to whom localhost is that.

    Raises CannotStart.
    """
    try:
        first = _listen(host, port)
    except OSError as error:
        raise CannotStart(f"Can't listen on {host}:{port}: {error.strerror}. Choose another --port, or 0.") from None
    sockets = [first]
    if host in ("127.0.0.1", "localhost"):
        with contextlib.suppress(OSError):
            sockets.append(_listen("::1", first.getsockname()[1]))
    return sockets


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns off Nagle's delay (40 ms a call) only on sockets that say they are TCP.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener


def open_server(
    keys: Keys,
    public_url: str,
    *,
    data_dir: Path | None = None,
    document: fixtures.Document | None = None,
    signing_key: Path = DEVELOPMENT_KEY,
    overrides: dict[str, Any] | None = None,
    argon2: str = "fast",
    control_token: str | None = None,
    allowed_hosts: Sequence[str] = (),
    control_origins: Sequence[str] = (),
) -> Server:
    """A server with its environments, to be closed by `close_server`.

    `overrides` are settings that win over those of fixtures and of stored data. Raises CannotStart and what
    `load_signing_key`, `Server.open`, `fixtures.start_with` and `settings_from` raise.
    """
    server = Server(
        public_url=public_url.rstrip("/"),
        signing_key=load_signing_key(signing_key),
        settings=settings_from(overrides or {}, base=Settings()),
        argon2=argon2,
        data_dir=data_dir,
        control_token=control_token,
        registered_origins=registered_origins,
        allowed_hosts=allowed_hosts,
        control_origins=control_origins,
    )
    if data_dir is not None:
        _locks[data_dir] = _lock(data_dir)
    try:
        _open_environments(server, keys, document, overrides or {})
    except BaseException:
        close_server(server)
        raise
    return server


def close_server(server: Server) -> None:
    """Lets others use its data directory."""
    server.close()
    if server.data_dir is not None:
        _locks.pop(server.data_dir).close()


def _open_environments(
    server: Server, keys: Keys, document: fixtures.Document | None, overrides: dict[str, Any]
) -> None:
    if data_dir := server.data_dir:
        data_files.clear(data_dir)
    kept = data_files.names(data_dir) if data_dir else []
    if DEFAULT in kept and (default := making.reopen(server, DEFAULT)):
        server.is_kept = True
        if document is not None:
            log.warning("the data directory holds an environment already, so the fixtures were not loaded")
        keys = keys.with_further(default.keys.further)
        server.require_free(DEFAULT, keys)
        default.change_keys(keys)
        server.register(default)
        fixtures.restart_with(default, overrides)
        default.commit()
    else:
        start = partial(fixtures.start_with, document=document or fixtures.Document({}), overrides=overrides)
        making.make(server, DEFAULT, keys, start)
    for name in kept:
        if name != DEFAULT and (environment := making.reopen(server, name)):
            try:
                server.require_free(name, environment.keys)
            except EnvironmentTaken:
                environment.db.close()
                raise CannotStart(
                    f"{environment.db.place} has the API key or client id of another environment. "
                    "Choose other ones for the default environment, or move the file away."
                ) from None
            server.register(environment)


_locks: dict[Path, IO[str]] = {}


def _lock(data_dir: Path) -> IO[str]:
    """Held until it is closed or the process ends, however it ends. Raises CannotStart."""
    import fcntl  # not on Windows, where servers without --data start all the same

    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = os.fdopen(os.open(data_dir / "lock", os.O_WRONLY | os.O_CREAT, 0o600), "w")
    except OSError as error:
        raise CannotStart(f"Can't write to the data directory {data_dir}: {error.strerror}.") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise CannotStart(
            f"Another server uses the data directory {data_dir}. Stop it, or choose another directory."
        ) from None
    return lock


class _Uvicorn(uvicorn.Server):
    """Ends waits when it stops, and exits 0 on SIGTERM where uvicorn would raise the signal again."""

    def __init__(self, config: uvicorn.Config, server: Server, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._server = server
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for environment in self._server:
            environment.arrivals.close()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(RuntimeError, ValueError):  # a thread that isn't the main one hears no signals
                loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


def http_server(
    server: Server,
    announce: Callable[[], None] = lambda: None,
    *,
    http: Literal["fast", "plain"] = "fast",
) -> uvicorn.Server:
    """`announce` is called once requests are answered and signals heeded.

    `plain` HTTP is uvicorn's own, to tell its faults from those of `core/protocol.py`. Requests in flight get a second
    to finish, once the server is told to stop.
    """
    app = create_app(server)
    dispatcher: Any = app.router.default
    fast: Any = partial(Protocol, dispatcher)  # uvicorn calls it, as it would a class
    config = uvicorn.Config(
        app,
        loop="asyncio",
        http=fast if http == "fast" else "httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )
    return _Uvicorn(config, server, announce)
