"""Endpoints: how a function is declared to answer requests, and how a path finds its function.

Starlette tries its routes one after the other; with 150 of them that halves the throughput of a small call. Here a
path is found by one dictionary look-up a segment.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, TypeVar

import msgspec

from mockserver.core.bodies import Body, Parameters
from mockserver.core.environment import Environment
from mockserver.core.hints import resolved
from mockserver.core.requests import Request, of_api_key
from mockserver.core.server import Server

Find = Callable[[Server, Request], Environment | None]
Argument = Literal["env", "body", "content", "query", "request", "server", "path"]
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Endpoint:
    """A method and path, and the function behind it with what its parameters ask for."""

    method: str
    path: str
    function: Callable[..., Any | Awaitable[Any]]
    status: int
    environment: Find
    arguments: tuple[tuple[str, Argument], ...] = ()
    body: type[msgspec.Struct] | None = None
    query: type[Parameters] | None = None
    is_async: bool = False
    is_found_by_body: bool = False
    takes_long: bool = False
    is_control: bool = False
    is_page: bool = False
    max_body: int = 1 << 20


def _declare(
    method: str,
    path: str,
    *,
    status: int = 200,
    environment: Find = of_api_key,
    is_page: bool = False,
    takes_long: bool = False,
    max_body: int = 1 << 20,
) -> Callable[[F], F]:
    """`is_page`: browsers are sent here, so a refusal is a page for those who accept HTML.

    `takes_long`: the call is made in a worker thread, and calls to its environment wait for it.
    """

    def mark(function: F) -> F:
        declarations = getattr(function, "declarations", [])
        declarations.append((method, path, status, environment, is_page, takes_long, max_body))
        function.declarations = declarations  # type: ignore[attr-defined]  # read by endpoints_of
        return function

    return mark


def get(path: str, **options: Any) -> Callable[[F], F]:
    return _declare("GET", path, **options)


def post(path: str, **options: Any) -> Callable[[F], F]:
    return _declare("POST", path, **options)


def put(path: str, **options: Any) -> Callable[[F], F]:
    return _declare("PUT", path, **options)


def patch(path: str, **options: Any) -> Callable[[F], F]:
    return _declare("PATCH", path, **options)


def delete(path: str, **options: Any) -> Callable[[F], F]:
    return _declare("DELETE", path, **options)


def endpoints_of(module: ModuleType) -> list[Endpoint]:
    """The endpoints that a module declares, in its order."""
    return [
        _endpoint(function, *declaration)
        for function in vars(module).values()
        if inspect.isfunction(function) and function.__module__ == module.__name__
        for declaration in getattr(function, "declarations", ())
    ]


def _endpoint(
    function: Callable[..., Any],
    method: str,
    path: str,
    status: int,
    environment: Find,
    is_page: bool,
    takes_long: bool,
    max_body: int,
) -> Endpoint:
    in_path = {segment[1:-1] for segment in path.split("/") if segment.startswith("{")}
    arguments: list[tuple[str, Argument]] = []
    body = query = None
    code = function.__code__
    for name in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]:
        hint = resolved(function.__annotations__[name], function.__module__)
        if name in in_path:
            arguments.append((name, "path"))
        elif hint is Environment:
            arguments.append((name, "env"))
        elif hint is Server:
            arguments.append((name, "server"))
        elif hint is Request:
            arguments.append((name, "request"))
        elif isinstance(hint, type) and issubclass(hint, Body):
            body = hint
            arguments.append((name, "body"))
        elif isinstance(hint, type) and issubclass(hint, Parameters):
            query = hint
            arguments.append((name, "query"))
        elif name == "content":
            arguments.append((name, "content"))
        else:
            raise TypeError(f"{function.__qualname__}: nothing of a request fits the parameter '{name}'")
    return Endpoint(
        method=method,
        path=path,
        function=function,
        status=status,
        environment=environment,
        arguments=tuple(arguments),
        body=body,
        query=query,
        is_async=inspect.iscoroutinefunction(function),
        is_found_by_body=getattr(environment, "reads_body", False),
        takes_long=takes_long,
        is_control=path.startswith("/_emulate"),
        is_page=is_page,
        max_body=max_body,
    )


@dataclass
class _Node:
    literals: dict[str, _Node] = field(default_factory=dict)
    parameter: _Node | None = None
    endpoints: dict[str, tuple[Endpoint, tuple[str, ...]]] = field(default_factory=dict)


class Router:
    """Finds the endpoint of a method and path; a literal segment wins over a parameter."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._root = _Node()
        for endpoint in endpoints:
            node, names = self._root, []
            for segment in segments_of(endpoint.path):
                if segment.startswith("{"):
                    names.append(segment[1:-1])
                    node.parameter = node = node.parameter or _Node()
                else:
                    node = node.literals.setdefault(segment, _Node())
            node.endpoints[endpoint.method] = endpoint, tuple(names)

    def find(self, method: str, segments: list[str]) -> tuple[Endpoint, dict[str, str]] | None:
        for node, values in self._nodes(self._root, segments, 0):
            found = node.endpoints.get(method) or (node.endpoints.get("GET") if method == "HEAD" else None)
            if found is not None:
                endpoint, names = found
                return endpoint, dict(zip(names, values, strict=True))
        return None

    def methods(self, segments: list[str]) -> list[str]:
        """The methods that the path takes."""
        return sorted({method for node, _ in self._nodes(self._root, segments, 0) for method in node.endpoints})

    def _nodes(self, node: _Node, segments: list[str], depth: int) -> Iterable[tuple[_Node, tuple[str, ...]]]:
        if depth == len(segments):
            yield node, ()
            return
        literal = node.literals.get(segments[depth])
        if literal is not None:
            yield from self._nodes(literal, segments, depth + 1)
        if node.parameter is not None:
            for found, values in self._nodes(node.parameter, segments, depth + 1):
                yield found, (segments[depth], *values)


def segments_of(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment]


OPERATIONS = Path(__file__).with_name("operations.json")
# What lies below these is the public API's too, and no description lists it: the OAuth server that applications and
# MCP clients sign in at, and the calls of the widgets' own code.
FAMILIES = ("oauth2", "_widgets")


@cache
def public_operations() -> Router:
    """Every operation of the public API, read only when a path is not ours. The endpoint's `function` names it."""
    return Router([_named(method, path, name) for method, path, name in json.loads(OPERATIONS.read_text())])


def public_operation(method: str, segments: list[str]) -> Endpoint | None:
    """By its description, or as one of its family."""
    found = public_operations().find(method, segments)
    if found is not None:
        return found[0]
    family = next((family for family in FAMILIES if segments[:1] == [family]), None)
    return None if family is None else _named(method, f"/{'/'.join(segments)}", f"/{family}/*")


def _named(method: str, path: str, name: str) -> Endpoint:
    def operation() -> None: ...

    operation.__name__ = name
    return Endpoint(method, path, operation, 501, of_api_key)
