"""One server and one browser per test process, and an environment of its own for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import HealthCheck, settings

from mockserver.testing import MockServer
from tests.conformance import openapi

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytest_plugins = ["tests.memory"]

# An example may be a handful of requests, on a machine that is busy: nothing depends on how long one takes.
settings.register_profile(
    "tests",
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("tests")


@pytest.fixture(scope="session")
def server() -> Iterator[MockServer]:
    with MockServer() as server:
        yield server


@pytest.fixture(scope="session")
def document() -> openapi.Document:
    return openapi.load()


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
        self.api_key = api_key
        self.client_id = client_id
        self._others = ExitStack()

    @cached_property
    def keyless(self) -> httpx.Client:
        return self._others.enter_context(httpx.Client(base_url=self.base_url, timeout=30, verify=False))

    def close(self) -> None:
        super().close()
        self._others.close()

    def __exit__(self, *details: Any) -> None:
        super().__exit__(*details)
        self._others.close()

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


@pytest.fixture(scope="session")
def control() -> Iterator[httpx.Client]:
    """Makes and deletes environments, for all tests over one connection."""
    with httpx.Client(timeout=30, verify=False) as control:
        yield control


@pytest.fixture
def new_client(server: MockServer, control: httpx.Client) -> Iterator[Callable[..., Client]]:
    """Makes environments, each with an optional fixture document, and answers a client of each."""
    with ExitStack() as made:
        yield lambda **fixtures: made.enter_context(new_environment(control, server.url, fixtures))


@contextmanager
def new_environment(
    control: httpx.Client, url: str, fixtures: dict[str, Any] | None = None, address: str | None = None
) -> Iterator[Client]:
    """A client of an environment that is deleted at the end. `address` is where the server of that URL listens."""
    body = {"fixtures": fixtures or {}}
    environments = f"{address or url}/_emulate/environments"
    made = control.post(environments, json=body).raise_for_status().json()
    with Client(url, made["api_key"], made["client_id"]) as client:
        yield client
    deleted = control.delete(f"{environments}/{made['name']}")
    assert deleted.status_code in (204, 404), deleted.text  # Some tests have deleted it themselves.


@pytest.fixture
def client(new_client: Callable[..., Client]) -> Client:
    return new_client()
