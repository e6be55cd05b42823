"""Waiting for something to happen in an environment."""

from __future__ import annotations

import asyncio


class Closed(Exception):
    """The server stops, or the environment is gone."""


class Signal:
    """Wakes everyone who waits, each time it is given.

    `withdrawals` counts how often what was there before went away or became something else.
    """

    def __init__(self) -> None:
        self.withdrawals = 0
        self._is_closed = False
        self._waiters: set[asyncio.Future[None]] = set()

    def give(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    def withdraw(self) -> None:
        self.withdrawals += 1
        self.give()

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

    async def wait(self, seconds: float) -> None:
        """Returns when the signal is given or the time is up. Raises Closed."""
        self.require_open()
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await asyncio.wait_for(waiter, seconds)
        except TimeoutError:
            pass
        finally:
            self._waiters.discard(waiter)
