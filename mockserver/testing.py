"""A server in a thread, for tests in Python.

with MockServer(fixtures={"users": [{"email": "ada@example.com", "password": "pw"}]}) as server:
    workos = WorkOSClient(api_key=server.api_key, client_id=server.client_id, base_url=server.url + "/")
"""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

from mockserver import fixtures as fixture_documents
from mockserver import serving
from mockserver.core.environment import Keys
from mockserver.core.server import Server


class MockServer:
    """Listens on a free port of this machine from `start` to `stop`.

    `fixtures` is a fixture document or the path of one, `settings` win over its settings, `data` is a directory that
    keeps everything.
    """

    def __init__(
        self,
        *,
        fixtures: dict[str, Any] | Path | str | None = None,
        settings: dict[str, Any] | None = None,
        data: Path | str | None = None,
        api_key: str = "sk_test_default",
        client_id: str = "client_default",
    ) -> None:
        self.api_key = api_key
        self.client_id = client_id
        self._fixtures = fixtures
        self._settings = settings
        self._data = None if data is None else Path(data)
        self._server: Server | None = None
        self._http: Any = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Without a trailing slash. Raises RuntimeError before `start`."""
        if self._server is None:
            raise RuntimeError("The server has not been started: call start(), or use it in a with statement.")
        return self._server.public_url

    def start(self) -> MockServer:
        """Returns as soon as connections are accepted.

        Raises what is wrong with fixtures (FixtureError), settings (InvalidSetting) or the directory (CannotStart).
        """
        document = self._document()
        sockets = serving.bind("127.0.0.1", 0)
        try:
            self._server = serving.open_server(
                self._keys(document),
                f"http://localhost:{sockets[0].getsockname()[1]}",
                data_dir=self._data,
                document=document,
                overrides=self._settings,
            )
        except BaseException:
            for listener in sockets:
                listener.close()
            raise
        self._http = serving.http_server(self._server)
        self._thread = threading.Thread(target=asyncio.run, args=(self._http.serve(sockets=sockets),), daemon=True)
        self._thread.start()
        return self

    def _document(self) -> fixture_documents.Document | None:
        if isinstance(self._fixtures, Path | str):
            return fixture_documents.parse_file(Path(self._fixtures))
        return None if self._fixtures is None else fixture_documents.Document(self._fixtures)

    def _keys(self, document: fixture_documents.Document | None) -> Keys:
        keys = Keys(self.api_key, self.client_id)
        if document is None:
            return keys
        return fixture_documents.with_listed_keys(keys, document, is_made_up=False)

    def stop(self) -> None:
        """Ends waits, lets requests in flight finish, and frees the data directory. May be called twice."""
        if self._thread is not None and self._server is not None:
            self._http.should_exit = True
            self._thread.join()
            serving.close_server(self._server)
            self._thread = self._server = None

    def __enter__(self) -> MockServer:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
