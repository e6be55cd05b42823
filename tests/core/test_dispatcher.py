"""Transactions, crashes and cut-off requests, with endpoints of this test's own."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mockserver.core.clock import real_ms, to_ms
from mockserver.core.environment import Environment, Keys
from mockserver.core.errors import JSON, ApiError
from mockserver.core.http import Dispatcher
from mockserver.core.routing import endpoints_of, get, post
from mockserver.core.server import Server
from mockserver.serving import open_server
from tests.asynchronous import run

API_KEY = "sk_test_dispatcher"


class Refused(ApiError):
    status, code = 409, "refused"


class Step(ApiError):
    status, code = 403, "step"
    keeps_changes = True


@post("/crash")
def crash(env: Environment, content: JSON) -> None:
    env.after_commit(lambda: env.remember("trace", "woken"))
    env.remember("trace", content)
    raise RuntimeError("on purpose")


@post("/refuse")
def refuse(env: Environment, content: JSON) -> None:
    env.remember("trace", content)
    raise Refused


@post("/step")
def step(env: Environment, content: JSON) -> None:
    env.remember("trace", content)
    raise Step


@post("/write")
def write(env: Environment, content: JSON) -> None:
    env.remember("trace", content)


@post("/crash-while-waiting")
async def crash_while_waiting(env: Environment) -> None:
    await asyncio.sleep(0)
    raise RuntimeError("on purpose")


@post("/unshowable")
def unshowable(env: Environment, content: JSON) -> JSON:
    env.remember("trace", content)
    return {"answer": object()}


@get("/trace")
def trace(env: Environment) -> JSON:
    return {"trace": env.recall("trace")}


@get("/moments")
def moments(env: Environment) -> list[str]:
    first = env.clock.now()
    while real_ms() == to_ms(first):
        pass
    return [first, env.clock.now()]


@pytest.fixture
def server() -> Iterator[Server]:
    server = open_server(Keys(API_KEY, "client_dispatcher"), "http://dispatcher.test")
    yield server
    server.close()


@pytest.fixture
def app(server: Server) -> Dispatcher:
    return Dispatcher(server, endpoints_of(sys.modules[__name__]))


def call(app: Dispatcher, method: str, path: str, **options: Any) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        headers = {"Authorization": f"Bearer {API_KEY}", **options.pop("headers", {})}
        async with httpx.AsyncClient(transport=transport, base_url="http://dispatcher.test") as client:
            return await client.request(method, path, headers=headers, **options)

    return run(send())


@pytest.mark.parametrize("path", ["/crash", "/crash-while-waiting", "/unshowable"])
def test_crash_is_answered_with_json_and_a_request_id(app: Dispatcher, path: str) -> None:
    response = call(app, "POST", path)
    assert response.status_code == 500
    assert response.json() == {"message": "Internal server error. The log of the server has the traceback."}
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert "x-request-id" in response.headers


@pytest.mark.parametrize(
    ("path", "kept"),
    [("/write", True), ("/step", True), ("/refuse", False), ("/crash", False), ("/unshowable", False)],
)
def test_changes_are_kept_by_success_and_by_a_refusal_that_is_a_step(app: Dispatcher, path: str, kept: bool) -> None:
    call(app, "POST", path, json={"written": path})
    assert call(app, "GET", "/trace").json() == {"trace": {"written": path} if kept else None}


def test_next_request_after_a_crash_is_served(app: Dispatcher) -> None:
    call(app, "POST", "/crash")
    assert call(app, "POST", "/write", json={"a": 1}).status_code == 200
    assert call(app, "GET", "/trace").json() == {"trace": {"a": 1}}


def test_crash_is_not_stored_for_its_idempotency_key(app: Dispatcher) -> None:
    headers = {"Idempotency-Key": "retry-1"}
    assert call(app, "POST", "/crash", headers=headers, json={"a": 1}).status_code == 500
    assert call(app, "POST", "/crash", headers=headers, json={"a": 2}).status_code == 500


def test_rolled_back_refusal_is_stored_for_its_idempotency_key(app: Dispatcher) -> None:
    headers = {"Idempotency-Key": "retry-1"}
    assert call(app, "POST", "/refuse", headers=headers, json={"a": 1}).json()["code"] == "refused"
    assert call(app, "POST", "/refuse", headers=headers, json={"a": 2}).json()["code"] == "idempotency_error"
    assert call(app, "GET", "/trace").json() == {"trace": None}


def test_request_that_is_cut_off_does_nothing(app: Dispatcher) -> None:
    sent: list[Any] = []
    messages = [
        {"type": "http.request", "body": b"a=1&b=", "more_body": True},
        {"type": "http.disconnect"},
    ]
    headers = [
        (b"authorization", f"Bearer {API_KEY}".encode()),
        (b"content-type", b"application/x-www-form-urlencoded"),
    ]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/write",
        "raw_path": b"/write",
        "query_string": b"",
        "headers": headers,
    }

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    run(app(scope, receive, send))
    assert call(app, "GET", "/trace").json() == {"trace": None}


def test_a_request_has_one_moment_and_the_next_another(app: Dispatcher) -> None:
    first, second = call(app, "GET", "/moments").json(), call(app, "GET", "/moments").json()
    assert first[0] == first[1]
    assert first[0] < second[0]
