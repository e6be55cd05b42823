"""Waiting for something to happen in an environment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any


class Closed(Exception):
    """The server stops, or the environment is gone."""


class Signal:
    """Wakes those who wait for what it is given with, and hands it over: it may be kept nowhere else any more.

    `withdrawals` counts how often what was there before went away or became something else.
    """

    def __init__(self) -> None:
        self.withdrawals = 0
        self._is_closed = False
        self._waiters: dict[asyncio.Future[Any], Callable[[Any], bool]] = {}

    def give(self, item: Any) -> None:
        for waiter, is_wanted in self._waiters.items():
            if not waiter.done() and is_wanted(item):
                waiter.set_result(item)

    def withdraw(self) -> None:
        self.withdrawals += 1
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    def close(self) -> None:
        """Ends every wait, now and from now on."""
        self._is_closed = True
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_exception(Closed())

    def require_open(self) -> None:
        """For those who don't only wait, but also send in between. Raises Closed."""
        if self._is_closed:
            raise Closed

    @contextmanager
    def listening(self, is_wanted: Callable[[Any], bool]) -> Iterator[asyncio.Future[Any]]:
        """The first that is given from now on and wanted, or None once something is withdrawn. Raises Closed."""
        self.require_open()
        waiter: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiters[waiter] = is_wanted
        try:
            yield waiter
        finally:
            del self._waiters[waiter]
            if not waiter.cancel() and not waiter.cancelled():
                waiter.exception()  # has been heard of, even if nobody waited for it in the end

    async def wait(self, seconds: float) -> None:
        """Returns when something is given or withdrawn, or the time is up. Raises Closed."""
        with self.listening(lambda _: True) as heard, suppress(TimeoutError):
            await asyncio.wait_for(heard, seconds)
