"""Each answer of a test is held against the facts, and its cases must have happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.conformance import openapi
from tests.conformance.recorder import Exchange, exchange_of
from tests.conftest import Client
from tests.surface.world import World


@pytest.fixture
def client(
    new_client: Callable[[], Client], document: openapi.Document, request: pytest.FixtureRequest
) -> Iterator[Client]:
    client, exchanges = new_client(), list[Exchange]()
    for caller in (client, client.keyless):
        caller.event_hooks = {"response": [lambda response: exchanges.append(exchange_of(response))]}
    yield client
    answered = {(document.name_of(exchange), exchange.status) for exchange in exchanges}
    for mark in request.node.iter_markers("case"):
        assert mark.args in answered, f"the test never makes {mark.args[0]} answer {mark.args[1]}"
    violations = [str(violation) for exchange in exchanges for violation in document.violations(exchange)]
    if violations:
        pytest.fail(
            "Answers contradict what is known of the API:\n" + "\n".join(dict.fromkeys(violations)), pytrace=False
        )


@pytest.fixture
def world(client: Client) -> World:
    return World(client)
