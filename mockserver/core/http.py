"""The dispatcher: one ASGI application that turns a request into one call in one transaction.

Nothing awaits between the first read of a rule and its commit, so requests never interleave within an environment.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine, Iterable, Sequence
from typing import Any

from mockserver.core import idempotency
from mockserver.core.bodies import PIECE
from mockserver.core.calls import Answer, Call
from mockserver.core.cross_origin import cross_origin_headers, preflight
from mockserver.core.environment import Environment
from mockserver.core.errors import ApiError
from mockserver.core.long_work import Later, NotYetDerived, TakesLong
from mockserver.core.refusals import refusal, unrouted
from mockserver.core.replies import Reply, Stream, json_reply
from mockserver.core.routing import Endpoint, Router
from mockserver.core.server import Server
from mockserver.core.wire import (
    BodyTooLarge,
    CutOff,
    Receive,
    Scope,
    Send,
    headers_of,
    read_body,
    send_reply,
    send_stream,
)

MOST_DERIVATIONS = 100  # of one call; more means that a rule asks for another one each time

log = logging.getLogger("mockserver.requests")


class ServerStops(ApiError):
    status, code = 503, "server_stops"
    message = "The server stops, and didn't finish this call."


class Dispatcher:
    """A call is admitted, which says who calls, and begun, once its body is there. Most are answered by that, since
    nothing in them waits; some go on in a task.
    """

    def __init__(self, server: Server, endpoints: Iterable[Endpoint]) -> None:
        self._server = server
        self._router = Router(endpoints)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = Call(scope)
        answer: Answer | Coroutine[Any, Any, Answer] | None = self.admit(call)
        if answer is None:
            try:
                answer = self.begin(call, await self._body(call, receive))
            except CutOff:
                return
            except BodyTooLarge as error:
                answer = self._failure(call, error)
        await self.finish(call, answer, receive, send)

    async def _body(self, call: Call, receive: Receive) -> Sequence[bytes]:
        if call.request.method in ("GET", "HEAD"):
            return ()
        return await read_body(call.scope, receive, call.endpoint.max_body)

    def admit(self, call: Call) -> Reply | None:
        """Finds the endpoint and, unless the body must say it, who calls; the answer to those who get no further."""
        try:
            return self._admit(call)
        except Exception as error:
            return self._failure(call, error)

    def begin(self, call: Call, pieces: Sequence[bytes]) -> Answer | Coroutine[Any, Any, Answer]:
        """The answer, or what has to be awaited for it."""
        call.request.pieces = pieces
        try:
            return self._begin(call)
        except Exception as error:
            return self._failure(call, error)

    async def finish(
        self, call: Call, answer: Answer | Coroutine[Any, Any, Answer], receive: Receive, send: Send
    ) -> None:
        if not isinstance(answer, Reply | Stream):
            try:
                answer = await answer
            except asyncio.CancelledError:  # nobody else cancels a call
                answer = self._failure(call, ServerStops())
        headers = self.headers(call, answer)
        if isinstance(answer, Stream):
            await send_stream(call.scope, receive, send, answer, headers)
        else:
            await send_reply(send, answer, headers)
        self.log(call, answer)

    def headers(self, call: Call, answer: Answer) -> list[tuple[bytes, bytes]]:
        return headers_of(answer, cross_origin_headers(self._server, call.scope))

    def log(self, call: Call, answer: Answer) -> None:
        if log.isEnabledFor(logging.INFO):
            milliseconds = (time.perf_counter() - call.started) * 1000
            scope, note = call.scope, f" {answer.note}" if answer.note else ""
            log.info("%s %s %s%s %.1f ms", scope["method"], scope["path"], answer.status, note, milliseconds)

    def _admit(self, call: Call) -> Reply | None:
        scope = call.scope
        method: str = scope["method"]
        segments = call.segments
        if (refused := self._server.gate.refusal(scope, segments)) is not None:
            return refused
        if method == "OPTIONS":
            return preflight(scope, self._router.methods(segments))
        found = self._router.find(method, segments)
        if found is None:
            raise unrouted(self._router, scope, segments)
        call.endpoint, call.request.path_parameters = found
        if not call.endpoint.is_found_by_body:
            self._find_environment(call)
        return None

    def _find_environment(self, call: Call) -> Environment | None:
        env = call.endpoint.environment(self._server, call.request)
        call.env = call.scope["environment"] = env
        return env

    def _begin(self, call: Call) -> Answer | Coroutine[Any, Any, Answer]:
        endpoint = call.endpoint
        env = self._find_environment(call) if endpoint.is_found_by_body else call.env
        if endpoint.is_async:
            return self._wait(call)
        if env is None:
            return call.answer_of(endpoint.function(**call.arguments(self._server)))
        if endpoint.takes_long or env.turns.is_taken:
            return self._in_turn(call)
        try:
            return self._on_loop(call, env)
        except Later as later:
            return self._in_turn(call, later)

    async def _wait(self, call: Call) -> Answer:
        """For endpoints that wait by themselves: until their first wait they are alone, as any other call is."""
        try:
            if call.request.size > PIECE:
                arguments = await self._server.workers.run(call.arguments, self._server)
                try:
                    result = await call.endpoint.function(**arguments)
                finally:
                    await self._server.workers.run(call.request.forget_body)
            else:
                if call.env is not None:
                    (await self._take_turn(call)).turns.give_back()
                result = await call.endpoint.function(**call.arguments(self._server))
            return call.answer_of(result)
        except Exception as error:
            return self._failure(call, error)

    async def _in_turn(self, call: Call, later: Later | None = None) -> Answer:
        """Waits until the environment is free, and as often as something has to be derived for the call."""
        try:
            while True:
                if isinstance(later, NotYetDerived):
                    await self._derive(call, later)
                env = await self._take_turn(call)
                if call.endpoint.takes_long or isinstance(later, TakesLong):
                    return await self._in_worker(call, env)
                try:
                    return self._on_loop(call, env)
                except Later as again:
                    later = again
                finally:
                    env.turns.give_back()
        except Exception as error:
            return self._failure(call, error)

    async def _derive(self, call: Call, later: NotYetDerived) -> None:
        if len(call.derived) == MOST_DERIVATIONS:
            raise RuntimeError(f"{call.endpoint.function.__name__} derives without end")  # what it derives is a secret
        work = call.derived[later.key] = self._server.derivers.run(later.compute)
        await asyncio.wait([work])

    async def _take_turn(self, call: Call) -> Environment:
        """Of the environment that the call names when its turn has come: the first one may have been deleted.

        Raises what finding it raises.
        """
        while True:
            env = self._find_environment(call)
            assert env is not None
            await env.turns.take()
            if self._server.environments.get(env.name) is env:
                return env
            env.turns.give_back()

    def _on_loop(self, call: Call, env: Environment) -> Answer:
        """Raises Later."""
        env.begin_on_loop(call.derived)
        try:
            return self._in_transaction(call, env)
        finally:
            env.end()

    async def _in_worker(self, call: Call, env: Environment) -> Answer:
        def work() -> Answer:
            env.begin_in_worker(loop)
            try:
                return self._in_transaction(call, env)
            finally:
                env.end()
                call.request.forget_body()

        loop = asyncio.get_running_loop()
        answer = self._server.workers.run(work)
        answer.add_done_callback(lambda _: env.turns.give_back())
        return await asyncio.shield(answer)  # the worker goes on when the server stops waiting

    def _in_transaction(self, call: Call, env: Environment) -> Answer:
        endpoint, request = call.endpoint, call.request
        is_repeatable = request.method == "POST" and not endpoint.is_control and request.header(b"idempotency-key")
        try:
            if is_repeatable and (stored := idempotency.stored_answer(env, request)):
                return stored
            try:
                answer = call.answer_of(endpoint.function(**call.arguments(self._server)))
            except ApiError as error:
                if not error.keeps_changes:
                    env.rollback()
                answer = refusal(endpoint, request, error)
            if is_repeatable and isinstance(answer, Reply) and answer.status < 500:
                idempotency.store_answer(env, request, answer)
            env.commit()
        except ApiError as error:  # what can be said no earlier: the key was used otherwise, the disk is full
            env.rollback()
            return refusal(endpoint, request, error)
        except BaseException:
            env.rollback()
            raise
        return answer

    def _failure(self, call: Call, error: Exception) -> Reply:
        if isinstance(error, ApiError):
            return refusal(call.endpoint, call.request, error)
        log.error("%s %s failed", call.scope["method"], call.scope["path"], exc_info=error)
        return json_reply(500, {"message": "Internal server error. The log of the server has the traceback."})
