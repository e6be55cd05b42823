"""Time: each environment has a clock that can be set, frozen and advanced.

A moment is kept as the text that the API shows, `2026-01-15T12:00:00.000Z`: always 24 characters in UTC, so that the
order of the texts is the order of time, in Python and in SQL.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST_MS = 0  # 1970: ids hold their time as an unsigned number
LATEST_MS = 4_102_444_800_000  # 2100: every lifetime counted from here still has a four-digit year


def real_ms() -> int:
    """The real time in milliseconds since 1970, for what must not move with the clock of an environment."""
    return time.time_ns() // 1_000_000


def to_text(milliseconds: int) -> str:
    moment = _EPOCH + timedelta(milliseconds=milliseconds)
    return moment.isoformat(timespec="milliseconds")[:-6] + "Z"


def to_ms(text: str) -> int:
    """Raises ValueError for a text that is no ISO 8601 moment; one without an offset is UTC."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def later(moment: str, seconds: int) -> str:
    """The moment so many seconds after one that was read from a clock: what is made at once shows exact lifetimes."""
    return to_text(to_ms(moment) + seconds * 1000)


class Clock:
    """Real time plus an offset, or standing still at `frozen_ms`.

    Within a call it stands still too: what a call makes bears one moment, however long it takes.
    """

    def __init__(self, offset_ms: int = 0, frozen_ms: int | None = None) -> None:
        self.offset_ms = offset_ms
        self.frozen_ms = frozen_ms
        self._is_held = False
        self._held: tuple[int, str] | None = None

    def hold(self) -> None:
        """From the next look at it on, until `release`."""
        self._is_held, self._held = True, None

    def release(self) -> None:
        self._is_held, self._held = False, None

    def now_ms(self) -> int:
        return self._now()[0]

    def now(self) -> str:
        return self._now()[1]

    def _now(self) -> tuple[int, str]:
        held = self._held  # which another thread may let go
        if held is not None:
            return held
        now = self.frozen_ms if self.frozen_ms is not None else real_ms() + self.offset_ms
        moment = now, to_text(now)
        if self._is_held:
            self._held = moment
        return moment

    def unix(self) -> int:
        """Whole seconds since 1970."""
        return self.now_ms() // 1000

    def after(self, seconds: int) -> str:
        """The moment that lies so many seconds ahead; negative for one in the past."""
        return to_text(self.now_ms() + seconds * 1000)

    def set(self, now_ms: int, *, frozen: bool) -> None:
        """Raises ValueError outside the years 1970 to 2099."""
        if not EARLIEST_MS <= now_ms < LATEST_MS:
            raise ValueError("The clock can be set to the years 1970 to 2099.")
        self.restore(now_ms - real_ms(), now_ms if frozen else None)

    def advance(self, milliseconds: int) -> None:
        if self.frozen_ms is not None:
            self.set(self.frozen_ms + milliseconds, frozen=True)
        else:
            target = self.offset_ms + milliseconds
            self.set(real_ms() + target, frozen=False)
            self.restore(target, None)

    def reset(self) -> None:
        self.restore(0, None)

    def restore(self, offset_ms: int, frozen_ms: int | None) -> None:
        """To what it was; it shows another moment at once."""
        self.offset_ms, self.frozen_ms, self._held = offset_ms, frozen_ms, None
