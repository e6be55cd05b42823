"""A server behind a recorder, and for each test an environment whose answers are held against the facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from tests.conformance import openapi, sdk_calls
from tests.conformance.recorder import Exchange, Recorder
from tests.conformance.server import running_server
from tests.conftest import new_environment

FLAGS = ("--redirect-uri", "myapp://callback", "--sign-out-uri", "https://yourapp.com")


@dataclass(frozen=True)
class Environment:
    """What an SDK is pointed at, and what it has exchanged with the server so far."""

    url: str
    api_key: str
    client_id: str
    exchanges: list[Exchange]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh-sdk-calls", action="store_true", help="write tests/conformance/sdk_calls.json anew")


@pytest.fixture(scope="session")
def calls(pytestconfig: pytest.Config) -> Iterator[dict[str, str] | None]:
    """What --refresh-sdk-calls gathers."""
    calls: dict[str, str] | None = {} if pytestconfig.getoption("--refresh-sdk-calls") else None
    yield calls
    if calls is not None:
        sdk_calls.write(calls)


@pytest.fixture(scope="session")
def recorder() -> Iterator[Recorder]:
    """One server per test process. Its own links lead through the recorder too."""
    with Recorder() as recorder, running_server("--public-url", recorder.url, *FLAGS) as server:
        recorder.upstream = server.address
        yield recorder


@pytest.fixture
def environment(
    recorder: Recorder,
    document: openapi.Document,
    calls: dict[str, str] | None,
    control: httpx.Client,
    request: pytest.FixtureRequest,
) -> Iterator[Environment]:
    with new_environment(control, recorder.url, address=recorder.upstream) as client, recorder.recording() as exchanges:
        yield Environment(recorder.url, client.api_key, client.client_id, exchanges)
    violations = [str(violation) for exchange in exchanges for violation in document.violations(exchange)]
    if violations:
        pytest.fail(
            "Answers contradict what is known of the API:\n" + "\n".join(dict.fromkeys(violations)), pytrace=False
        )
    if unknown := sdk_calls.unknown(exchanges, document):
        pytest.fail("\n".join(["No operation is known for these calls:", *unknown]), pytrace=False)
    program, called = request.node.name, sdk_calls.operations_of(exchanges)
    if calls is not None:
        calls.update({operation: program for operation in called if operation not in calls})
    elif wrong := sdk_calls.wrong_with(program, called):
        pytest.fail("\n".join([f"{sdk_calls.FILE.name} is not current:", *wrong, sdk_calls.REFRESH]), pytrace=False)
