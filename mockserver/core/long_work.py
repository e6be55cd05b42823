"""Work that takes long runs in threads, so that nobody waits for it but those who must.

An environment belongs to the loop's thread or, for a while, to one worker. Calls to it wait in order meanwhile, all
others go on.
"""

from __future__ import annotations

import asyncio
import gc
import threading
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")

LONG = 500
"""Rows: more than that are written or deleted in a worker."""


class Later(BaseException):
    """Ends a call on the loop, which is rolled back and made again. No refusal: rules don't catch it."""


class NotYetDerived(Later):
    """The call needs what `compute` answers, and finds it under `key` the next time."""

    def __init__(self, key: Hashable, compute: Callable[[], Any]) -> None:
        self.key, self.compute = key, compute


class TakesLong(Later):
    """The call is one for a worker."""


class Turns:
    """Who may touch an environment: one at a time, in the order in which they came."""

    def __init__(self) -> None:
        self.is_taken = False
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def take(self) -> None:
        """Returns when it is the caller's turn, until `give_back`."""
        if not self.is_taken:
            self.is_taken = True
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # it came at the same moment
                self.give_back()
            raise

    def give_back(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():  # else the one who waited has gone
                turn.set_result(None)
                return
        self.is_taken = False


class _Collection:
    """Python's search for garbage stops all threads, for long when much is being made: it waits for the end of that."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pauses = 0
        self._was_enabled = False

    @contextmanager
    def paused(self) -> Iterator[None]:
        with self._lock:
            if self._pauses == 0:
                self._was_enabled = gc.isenabled()
                gc.disable()
            self._pauses += 1
        try:
            yield
        finally:
            with self._lock:
                self._pauses -= 1
                if self._pauses == 0 and self._was_enabled:
                    gc.enable()


_collection = _Collection()


class Workers:
    """Threads that start with the first work. The end of the process doesn't wait for them, however long that takes."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._has_started = False
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()

    def run(self, function: Callable[..., T], *arguments: Any) -> asyncio.Future[T]:
        """What the function answers or raises in a thread. It is called even if nobody waits for it any more."""
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[T] = loop.create_future()
        if not self._has_started:
            self._has_started = True
            for _ in range(self._threads):
                threading.Thread(target=self._work, daemon=True).start()
        self._jobs.put(partial(_work_for, loop, outcome, partial(function, *arguments)))
        return outcome

    def close(self) -> None:
        """Work that hasn't begun is dropped."""
        while not self._jobs.empty():
            self._jobs.get()
        if self._has_started:
            for _ in range(self._threads):
                self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            with _collection.paused():
                job()
            del job  # what it answered isn't kept until the next one comes


def _work_for(loop: asyncio.AbstractEventLoop, outcome: asyncio.Future[T], work: Callable[[], T]) -> None:
    settle: Callable[[], None]
    try:
        settle = partial(outcome.set_result, work())
    except BaseException as error:
        settle = partial(outcome.set_exception, error)
    with suppress(RuntimeError):  # the loop is closed: the server has stopped
        loop.call_soon_threadsafe(lambda: None if outcome.done() else settle())
