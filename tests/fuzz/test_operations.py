"""Generated requests, right and wrong, to every supported operation: none breaks it or its description."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import hypothesis
import pytest
import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core import NotSet

from mockserver.app import ENDPOINTS
from scripts.supported import shape_of
from tests.conformance import openapi
from tests.conformance.recorder import exchange_of
from tests.conftest import Client
from tests.fuzz.known import KnownWorld

SUPPORTED = {shape_of(endpoint.method, endpoint.path) for endpoint in ENDPOINTS}
EXAMPLES = 20

Request = Callable[[KnownWorld], httpx.Response]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    document = openapi.load()
    names = [item.name for _, item in document.operations if shape_of(item.method, item.template) in SUPPORTED]
    metafunc.parametrize("name", sorted(names))


@pytest.fixture(scope="module")
def schema(document: openapi.Document) -> Any:
    return schemathesis.openapi.from_dict(openapi.as_openapi(document.facts))


@pytest.fixture(scope="module")
def client(server: Any) -> Iterator[Client]:
    with Client(server.url, server.api_key, server.client_id) as client:
        yield client


@st.composite
def requests(draw: st.DrawFn, operation: Any, mode: GenerationMode) -> Request:
    """A request that schemathesis makes up, in which some names are those of things that exist."""
    case = draw(operation.as_strategy(generation_mode=mode))
    knows = {name: draw(st.booleans()) for name in [*case.path_parameters, *members_of(case)]}

    def send(world: KnownWorld) -> httpx.Response:
        for name in case.path_parameters:
            if knows[name]:
                case.path_parameters[name] = world.named_in_path(case.path, name) or case.path_parameters[name]
        for members in (case.query, case.body):
            for name in members if isinstance(members, dict) else ():
                if knows.get(name):
                    members[name] = world.named(name) or members[name]
        headers = {"Content-Type": "application/json"}
        content = content_of(case.body)
        return world.client.request(
            case.method, case.formatted_path, params=case.query, headers=headers, content=content
        )

    return send


def content_of(body: Any) -> bytes | None:
    if isinstance(body, NotSet):
        return None
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def members_of(case: Any) -> list[str]:
    return [name for members in (case.query, case.body) if isinstance(members, dict) for name in members]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
def test_no_request_breaks_an_operation_or_its_description(
    name: str, mode: GenerationMode, schema: Any, client: Client, document: openapi.Document
) -> None:
    method, _, template = name.partition(" ")
    operation = schema[template][method]

    @hypothesis.settings(
        max_examples=EXAMPLES,
        phases=[hypothesis.Phase.generate],  # what schemathesis makes up shrinks far too slowly
        deadline=None,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(send=requests(operation, mode))
    def check(send: Request) -> None:
        client.post("/_emulate/reset").raise_for_status()
        exchange = exchange_of(send(KnownWorld(client)))
        violations = [str(violation) for violation in document.violations(exchange)]
        assert violations == [], f"{exchange.query} {exchange.request_body.decode(errors='replace')}"

    try:
        check()
    except hypothesis.errors.Unsatisfiable:
        pytest.skip("nothing of this can be wrong")
