"""One server and one browser per test process, and an environment of its own for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mockserver.testing import MockServer
from tests.conformance import openapi

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def server() -> Iterator[MockServer]:
    with MockServer() as server:
        yield server


@pytest.fixture(scope="session")
def document(pytestconfig: pytest.Config) -> openapi.Document:
    return openapi.load(pytestconfig.cache.mkdir("openapi"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium. Most tests need none, so what drives it is imported late."""
    from tests.browser.chromium import launched

    with launched() as browser:
        yield browser


class Client(httpx.Client):
    """Calls one environment with its API key, and as `keyless` like a browser or a public client."""

    def __init__(self, url: str, api_key: str, client_id: str) -> None:
        # No certificates are loaded (verify), which costs 20 ms a client.
        super().__init__(base_url=url, headers={"Authorization": f"Bearer {api_key}"}, timeout=30, verify=False)
        self.keyless = httpx.Client(base_url=url, timeout=30, verify=False)
        self.api_key = api_key
        self.client_id = client_id

    def close(self) -> None:
        super().close()
        self.keyless.close()

    def __exit__(self, *details: Any) -> None:
        super().__exit__(*details)
        self.keyless.close()

    def authenticate(self, grant_type: str, **members: Any) -> httpx.Response:
        """`POST /user_management/authenticate` as a client with a secret."""
        credentials = {"client_id": self.client_id, "client_secret": self.api_key}
        return self.post("/user_management/authenticate", json={**credentials, "grant_type": grant_type, **members})

    def advance(self, seconds: float) -> None:
        self.post("/_emulate/clock/advance", json={"seconds": seconds}).raise_for_status()

    def change_settings(self, **settings: Any) -> None:
        self.patch("/_emulate/settings", json=settings).raise_for_status()

    def latest_message(self, to: str) -> dict[str, Any]:
        response = self.get("/_emulate/inbox/latest", params={"to": to}).raise_for_status()
        message: dict[str, Any] = response.json()
        return message

    def event_names(self) -> list[str]:
        """The names of all events so far, in order."""
        events = self.get("/_emulate/state").raise_for_status().json().get("events", [])
        return [event["event"] for event in events]


@pytest.fixture
def new_client(server: MockServer) -> Iterator[Callable[..., Client]]:
    """Makes environments, each with an optional fixture document, and answers a client of each."""
    clients: list[Client] = []

    def make(**fixtures: Any) -> Client:
        response = httpx.post(
            f"{server.url}/_emulate/environments", json={"fixtures": fixtures}, verify=False
        ).raise_for_status()
        made = response.json()
        clients.append(Client(server.url, made["api_key"], made["client_id"]))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def client(new_client: Callable[..., Client]) -> Client:
    return new_client()
