"""A folder of files, served the way a host of static pages does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class Handler(SimpleHTTPRequestHandler):
    def __init__(self, *arguments: Any, config: dict[str, Any], **options: Any) -> None:
        self.config = config
        super().__init__(*arguments, **options)

    def do_GET(self) -> None:
        if self.path != "/config.json":
            return super().do_GET()
        body = json.dumps(self.config).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return None

    def log_message(self, format: str, *arguments: object) -> None:
        """Tests have no use for a log of requests."""


@contextmanager
def served(folder: Path, config: dict[str, Any]) -> Iterator[str]:
    """Yields the URL; `config` is what /config.json answers."""
    handler = partial(Handler, directory=str(folder), config=config)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as listener:
        listener.daemon_threads = True
        thread = threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"http://localhost:{listener.server_port}"
        finally:
            listener.shutdown()
            thread.join()
