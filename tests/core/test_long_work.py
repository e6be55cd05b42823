"""Work that takes long: who waits for it, and who goes on. Endpoints of this test's own take as long as it says."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar

import httpx
import pytest

from mockserver import fixtures
from mockserver.app import ENDPOINTS
from mockserver.core import making
from mockserver.core.environment import Environment, Keys
from mockserver.core.errors import JSON, ApiError
from mockserver.core.http import Dispatcher
from mockserver.core.routing import endpoints_of, get, post
from mockserver.core.server import Server
from mockserver.core.statements import Query
from mockserver.emails import service as emails
from mockserver.organizations.models import Organization
from mockserver.serving import close_server, open_server
from tests.asynchronous import run

pytestmark = pytest.mark.fault("A4c")

BUSY, OTHER = "sk_test_busy", "sk_test_other"
T = TypeVar("T")


class Work:
    """What the endpoints below do: they say that they have begun, and end when they may."""

    begun = threading.Semaphore(0)
    may_end = threading.Semaphore(0)
    threads: list[threading.Thread]

    @classmethod
    def do(cls) -> None:
        cls.begun.release()
        assert cls.may_end.acquire(timeout=20)
        cls.threads.append(threading.current_thread())


class Uncomputable(ApiError):
    status, code = 422, "uncomputable"


@post("/long", takes_long=True)
def long(env: Environment) -> JSON:
    Work.do()
    env.after_commit(lambda: Work.threads.append(threading.current_thread()))
    return note(env, "long")


@post("/derive")
def derive(env: Environment) -> JSON:
    note(env, "undone")
    env.derived("key", Work.do)
    env.rollback()
    return note(env, "derived")


@post("/derive-without-end")
def derive_without_end(env: Environment) -> None:
    env.derived(object(), partial(len, "correct-horse-battery"))


@post("/derive-in-vain")
def derive_in_vain(env: Environment) -> None:
    def compute() -> None:
        raise Uncomputable

    env.derived("vain", compute)


@post("/rows/{rows}")
def write_rows(env: Environment, rows: str) -> JSON:
    env.may_take_long(int(rows))
    return {"is_in_worker": threading.current_thread() is not Work.threads[0]}


@post("/notes/{name}")
def short(env: Environment, name: str) -> JSON:
    return note(env, name)


@get("/notes")
def notes(env: Environment) -> list[str]:
    found: list[str] = env.recall("notes") or []
    return found


def note(env: Environment, name: str) -> JSON:
    env.remember("notes", [*notes(env), name])
    return {"name": name}


@pytest.fixture
def server() -> Iterator[Server]:
    server = open_server(Keys(BUSY, "client_busy"), "http://work.test")
    making.make(server, "other", Keys(OTHER, "client_other"), lambda _: None)
    yield server
    close_server(server)


Call = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
def in_loop(server: Server) -> Callable[[Callable[[Call], Coroutine[Any, Any, T]]], T]:
    """Runs a coroutine that makes calls."""
    app = Dispatcher(server, [*endpoints_of(sys.modules[__name__]), *ENDPOINTS])

    @asynccontextmanager
    async def client() -> AsyncIterator[httpx.AsyncClient]:
        Work.threads = [threading.current_thread()]
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:4100") as client:
            yield client

    async def main(test: Callable[[Call], Coroutine[Any, Any, T]]) -> T:
        async with client() as http:

            async def call(
                method: str, path: str, key: str = BUSY, *, json: Any = None, **headers: str
            ) -> httpx.Response:
                headers = {"authorization": f"Bearer {key}", **headers}
                return await http.request(method, path, headers=headers, json=json)

            return await test(call)

    return lambda test: run(main(test))


async def begun() -> None:
    """Until a worker has begun."""
    assert await asyncio.to_thread(Work.begun.acquire, timeout=20)


async def settle() -> None:
    """Lets everything that can go on do so."""
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.mark.parametrize("path", ["/long", "/derive"])
def test_other_environments_and_health_go_on_during_long_work(in_loop: Any, path: str) -> None:
    async def test(call: Call) -> None:
        working = asyncio.ensure_future(call("POST", path))
        await begun()
        assert (await call("GET", "/health")).status_code == 200
        assert (await call("POST", "/notes/meanwhile", OTHER)).status_code == 200
        assert not working.done()
        Work.may_end.release()
        assert (await working).status_code == 200

    in_loop(test)


def test_calls_to_an_environment_wait_for_its_long_work_in_order(in_loop: Any) -> None:
    async def test(call: Call) -> list[str]:
        first = asyncio.ensure_future(call("POST", "/long"))
        await begun()
        second = [asyncio.ensure_future(call("POST", f"/notes/{name}")) for name in "abc"]
        await settle()
        assert not any(waiting.done() for waiting in second)
        Work.may_end.release()
        await asyncio.gather(first, *second)
        return list((await call("GET", "/notes")).json())

    assert in_loop(test) == ["long", "a", "b", "c"]


def test_an_environment_goes_on_while_something_is_derived_for_a_call(in_loop: Any) -> None:
    async def test(call: Call) -> list[str]:
        deriving = asyncio.ensure_future(call("POST", "/derive"))
        await begun()
        await call("POST", "/notes/meanwhile")
        Work.may_end.release()
        await deriving
        return list((await call("GET", "/notes")).json())

    assert in_loop(test) == ["meanwhile", "derived"]


def test_what_is_derived_is_derived_in_a_thread_once(in_loop: Any) -> None:
    async def test(call: Call) -> None:
        Work.may_end.release()
        await call("POST", "/derive")
        await begun()

    in_loop(test)
    loop_thread, worker = Work.threads
    assert worker is not loop_thread


def test_an_error_of_a_derivation_is_one_of_the_rule(in_loop: Any) -> None:
    response = in_loop(lambda call: call("POST", "/derive-in-vain"))
    assert (response.status_code, response.json()["code"]) == (422, "uncomputable")


def test_a_rule_that_derives_something_else_each_time_is_stopped_and_the_log_has_no_secret(
    in_loop: Any, caplog: pytest.LogCaptureFixture
) -> None:
    assert in_loop(lambda call: call("POST", "/derive-without-end")).status_code == 500
    assert "derive_without_end derives without end" in caplog.text
    assert "correct-horse-battery" not in caplog.text


@pytest.mark.parametrize(("rows", "is_in_worker"), [(500, False), (501, True)])
def test_more_than_500_rows_are_work_for_a_worker(in_loop: Any, rows: int, is_in_worker: bool) -> None:
    assert in_loop(lambda call: call("POST", f"/rows/{rows}")).json() == {"is_in_worker": is_in_worker}


def test_what_follows_a_commit_happens_on_the_loop(in_loop: Any) -> None:
    async def test(call: Call) -> None:
        Work.may_end.release()
        await call("POST", "/long")
        await begun()

    in_loop(test)
    loop_thread, worker, after_commit = Work.threads
    assert worker is not loop_thread
    assert after_commit is loop_thread


def test_a_call_whose_environment_is_deleted_while_it_waits_finds_none(in_loop: Any) -> None:
    async def test(call: Call) -> list[int]:
        calls = [asyncio.ensure_future(call("POST", "/long", OTHER))]
        await begun()
        for method, path in (
            ("DELETE", "/_emulate/environments/other"),
            ("POST", "/notes/late"),
            ("POST", "/long"),
            ("GET", "/_emulate/inbox/wait?timeout=0"),
        ):
            calls.append(asyncio.ensure_future(call(method, path, OTHER)))
            await settle()
        Work.may_end.release()
        return [answer.status_code for answer in await asyncio.gather(*calls)]

    assert in_loop(test) == [200, 204, 401, 401, 404]


def test_a_client_that_leaves_while_its_call_waits_holds_nobody_up(in_loop: Any) -> None:
    async def test(call: Call) -> list[str]:
        working = asyncio.ensure_future(call("POST", "/long"))
        await begun()
        gone, staying = (asyncio.ensure_future(call("POST", f"/notes/{name}")) for name in ("gone", "staying"))
        await settle()
        gone.cancel()
        Work.may_end.release()
        await asyncio.gather(working, staying)
        return list((await call("GET", "/notes")).json())

    assert in_loop(test) == ["long", "staying"]


def test_an_idempotent_call_that_derives_is_done_once(in_loop: Any) -> None:
    async def test(call: Call) -> list[str]:
        Work.may_end.release()
        for _ in range(2):
            assert (await call("POST", "/derive", **{"idempotency-key": "once"})).json() == {"name": "derived"}
        await begun()
        return list((await call("GET", "/notes")).json())

    assert in_loop(test) == ["derived"]


def test_an_environment_that_is_being_made_is_not_there_yet_but_its_name_is_taken(in_loop: Any, server: Server) -> None:
    async def test(call: Call) -> list[int]:
        busy = [server.workers.run(Work.do) for _ in range(2)]  # all the threads that there are
        made = {"name": "new", "api_key": "sk_test_new"}
        making = asyncio.ensure_future(call("POST", "/_emulate/environments", json=made))
        await settle()
        answers = [
            await call("GET", "/notes", "sk_test_new"),
            await call("POST", "/_emulate/environments", json=made),
        ]
        Work.may_end.release(2)
        await asyncio.gather(*busy)
        answers += [await making, await call("GET", "/notes", "sk_test_new")]
        return [answer.status_code for answer in answers]

    assert in_loop(test) == [401, 409, 201, 200]


def give_members(env: Environment, number: int) -> str:
    """The path of an organization that has so many."""
    users = [{"email": f"{index}@example.com"} for index in range(number)]
    memberships = [{"user": user["email"], "organization": "Acme"} for user in users]
    document = {"organizations": [{"name": "Acme"}], "users": users, "memberships": memberships}
    fixtures.add(env, fixtures.Document(document))
    env.commit()
    (organization,) = env.db.each(Query(Organization))
    return f"/organizations/{organization.id}"


def give_mails(env: Environment, number: int) -> str:
    for _ in range(number):
        emails.send_text_message(env, "+15550100", "Hello", code="1", user_id=None, expires_at=env.clock.now())
    env.commit()
    return "/_emulate/inbox"


@pytest.mark.parametrize("give", [give_members, give_mails])
@pytest.mark.parametrize(("rows", "waits"), [(500, False), (501, True)])
def test_a_deletion_of_more_than_500_rows_is_work_for_a_worker(
    in_loop: Any, server: Server, give: Callable[[Environment, int], str], rows: int, waits: bool
) -> None:
    path = give(server.default, rows)

    async def test(call: Call) -> int:
        busy = [server.workers.run(Work.do) for _ in range(2)]  # all the threads that there are
        deleting = asyncio.ensure_future(call("DELETE", path))
        await settle()
        assert deleting.done() is not waits
        Work.may_end.release(2)
        await asyncio.gather(*busy)
        return (await deleting).status_code

    assert in_loop(test) // 100 == 2
