"""Sequences of calls: nothing that was done before makes a call fail in a way the description doesn't know.

A state that is exported and loaded answers every GET as its origin does, and the sequence goes on in the copy.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from mockserver.testing import MockServer
from tests.conformance import openapi
from tests.conformance.recorder import exchange_of
from tests.conftest import Client
from tests.fixtures.generated_worlds import answers
from tests.fuzz.calls import CALLS

COPY = "go on in a copy"
EXAMPLES, STEPS = 60, 60
SECRETS = ("code", "token", "refresh_token", "pending_authentication_token", "password_reset_token")
number = st.integers(0, 11)


class Sequence(RuleBasedStateMachine):
    """An environment, and every id, code and token that its answers have shown."""

    server: MockServer
    document: openapi.Document

    def __init__(self) -> None:
        super().__init__()
        self.seen: dict[str, list[str]] = {}
        self.client = self.new_client({})

    def new_client(self, fixtures: dict[str, Any]) -> Client:
        made = httpx.post(f"{self.server.url}/_emulate/environments", json={"fixtures": fixtures}, verify=False)
        keys = made.raise_for_status().json()
        self.name = keys["name"]
        return Client(self.server.url, keys["api_key"], keys["client_id"])

    def teardown(self) -> None:
        self.client.delete(f"/_emulate/environments/{self.name}").raise_for_status()
        self.client.close()

    def any(self, kind: str, index: int) -> str:
        """One that was seen, the newest for 0."""
        seen = self.seen.get(kind)
        return seen[-1 - index % len(seen)] if seen else f"{kind}_none"

    def note(self, answer: Any) -> None:
        for value in answer if isinstance(answer, list) else ():
            self.note(value)
        if isinstance(answer, dict):
            if isinstance(answer.get("id"), str) and "object" in answer:
                self.remember(answer["object"], answer["id"])
            for name in SECRETS:
                if isinstance(answer.get(name), str):
                    self.remember(name, answer[name])
            for value in answer.values():
                self.note(value)

    def remember(self, kind: str, value: str) -> None:
        seen = self.seen.setdefault(kind, [])
        if value not in seen:
            seen.append(value)

    @rule(name=st.sampled_from([*sorted(CALLS), COPY]), first=number, second=number)
    def call(self, name: str, first: int, second: int) -> None:
        if name == COPY:
            return self.go_on_in_a_copy()
        method, path, body = CALLS[name](self.any, first, second)
        if path == "/user_management/authenticate":
            body = {"client_id": self.client.client_id, "client_secret": self.client.api_key, **body}
        response = self.client.request(method, path, json=body)
        assert response.status_code < 500, f"{method} {path} {body}: {response.text}"
        exchange = exchange_of(response)
        violations = [str(violation) for violation in self.document.violations(exchange)]
        assert violations == [], f"{method} {path} {body}"
        if response.content and response.headers["content-type"].startswith("application/json"):
            self.note(response.json())
        return None

    def go_on_in_a_copy(self) -> None:
        self.client.put("/_emulate/clock", json={"frozen": True}).raise_for_status()
        state = self.client.get("/_emulate/state").raise_for_status().json()
        expected = answers(self.client, state)
        self.teardown()
        self.client = self.new_client(state)
        assert answers(self.client, state) == expected


@pytest.fixture
def sequence(document: openapi.Document) -> Iterator[type[Sequence]]:
    with MockServer() as server:
        Sequence.server, Sequence.document = server, document
        yield Sequence


def test_no_sequence_of_calls_breaks_a_description_or_a_copy(sequence: type[Sequence]) -> None:
    bounds = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # Phase.shrink finds the shortest sequence, in some minutes
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(sequence, settings=bounds)
