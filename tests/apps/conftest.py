"""Applications with the official AuthKit packages, and the server that they are pointed at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.browser.conftest import new_page as new_page
from tests.conformance import openapi
from tests.conformance.recorder import Recorder
from tests.conformance.server import running_server
from tests.conftest import Client, new_environment


@pytest.fixture(scope="session")
def recorder() -> Iterator[Recorder]:
    """One server per test process. Its own links lead through the recorder too."""
    with Recorder() as recorder, running_server("--public-url", recorder.url) as server:
        recorder.upstream = server.address
        yield recorder


@pytest.fixture
def client(recorder: Recorder, document: openapi.Document, control: httpx.Client) -> Iterator[Client]:
    """Of an environment whose API answers, at the end, are held against the facts."""
    with new_environment(control, recorder.url, address=recorder.upstream) as client, checked(recorder, document):
        yield client


@contextmanager
def checked(recorder: Recorder, document: openapi.Document) -> Iterator[None]:
    """Holds the API's answers of a `with` block, at its end, against the facts."""
    with recorder.recording() as exchanges:
        yield
    of_the_api = [exchange for exchange in exchanges if document.operation_of(exchange) is not None]
    violations = [str(violation) for exchange in of_the_api for violation in document.violations(exchange)]
    assert list(dict.fromkeys(violations)) == []
