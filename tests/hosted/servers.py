"""Servers that believe to be somewhere else than on this machine."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mockserver import serving
from mockserver.core.environment import Keys
from tests.conftest import Client


@contextmanager
def serve_as(public_url: str, **options: Any) -> Iterator[Client]:
    """A client of the only environment of a server with this `--public-url`; `options` are those of open_server."""
    sockets = serving.bind("127.0.0.1", 0)
    server = serving.open_server(Keys("sk_test_elsewhere", "client_elsewhere"), public_url, **options)
    http = serving.http_server(server)
    thread = threading.Thread(target=asyncio.run, args=(http.serve(sockets=sockets),), daemon=True)
    thread.start()
    try:
        with Client(
            f"http://localhost:{sockets[0].getsockname()[1]}", "sk_test_elsewhere", "client_elsewhere"
        ) as client:
            yield client
    finally:
        http.should_exit = True
        thread.join()
        serving.close_server(server)
