"""What the tables of this folder are made of: operations that succeed, and those that are refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pytest

from tests.surface.world import World


def case(operation: str, status: int) -> pytest.MarkDecorator:
    """The test makes this operation, named as in the OpenAPI document, answer with this status, and reads it back."""
    return pytest.mark.case(operation, status)


@dataclass(frozen=True)
class Refusal:
    """A call that is refused. Ids, members and parameters may be things of the World; an id left out names nothing."""

    operation: str
    status: int
    code: str | None
    ids: Mapping[str, Any]
    json: Any = None
    query: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None
    given: Any = None

    def __str__(self) -> str:
        return f"{self.operation} {self.status} {self.code or ''}".strip()

    def check(self, world: World) -> None:
        if callable(self.given):
            self.given(world)
        else:
            resolved(world, self.given)
        method, _, template = self.operation.partition(" ")
        path = re.sub(r"\{(\w+)\}", lambda match: str(resolved(world, self.ids.get(match[1], "missing"))), template)
        headers = {} if self.key is None else {"Authorization": f"Bearer {self.key}"}
        body = {} if self.json is None else {"json": resolved(world, self.json)}
        response = world.client.request(method, path, params=resolved(world, self.query), headers=headers, **body)
        answer = response.json()
        assert (response.status_code, answer.get("code") or answer.get("error")) == (self.status, self.code), answer


def refused(
    operation: str,
    status: int,
    code: str | None = None,
    *,
    json: Any = None,
    query: Mapping[str, Any] | None = None,
    key: str | None = None,
    given: Any = None,
    **ids: Any,
) -> Refusal:
    """`ids` fill the path of the operation; `given` is a thing of the World or a function that prepares it."""
    return Refusal(operation, status, code, ids, json, query or {}, key, given)


def unknown(operation: str) -> Refusal:
    """An id in the path that names nothing."""
    return refused(operation, 404, "entity_not_found")


def invalid(operation: str, **members: Any) -> Refusal:
    """A body or query that lacks what is required, or has something of a wrong type."""
    return refused(operation, 422, "invalid_request_parameters", **members)


def without_key(operation: str, **ids: Any) -> Refusal:
    return refused(operation, 401, key="sk_test_of_no_environment", **ids)


def refusals(*rows: Refusal) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("refusal", rows, ids=str)


def resolved(world: World, value: Any) -> Any:
    """The value with the world's things in the place of `World.thing`."""
    if isinstance(value, cached_property):
        return getattr(world, value.attrname or "")
    if isinstance(value, dict):
        return {key: resolved(world, item) for key, item in value.items()}
    return [resolved(world, item) for item in value] if isinstance(value, list) else value
