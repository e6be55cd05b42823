"""Waiting for something to happen in an environment."""

from __future__ import annotations

import asyncio


class Closed(Exception):
    """The server stops, or the environment is gone."""


class Signal:
    """Wakes everyone who waits, each time it is given."""

    def __init__(self) -> None:
        self._waiters: set[asyncio.Future[None]] = set()

    def give(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    def close(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_exception(Closed())

    async def wait(self, seconds: float) -> None:
        """Returns when the signal is given or the time is up. Raises Closed."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await asyncio.wait_for(waiter, seconds)
        except TimeoutError:
            pass
        finally:
            self._waiters.discard(waiter)
