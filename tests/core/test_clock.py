"""The clock and the text of a moment."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.clock import LATEST_MS, Clock, real_ms, to_ms, to_text
from mockserver.core.ids import Ids

moments = st.integers(0, LATEST_MS - 1)


@given(moments)
def test_text_of_a_moment_leads_back_to_it(milliseconds: int) -> None:
    text = to_text(milliseconds)
    assert len(text) == 24
    assert to_ms(text) == milliseconds


@given(moments, moments)
def test_order_of_texts_is_the_order_of_time(first: int, second: int) -> None:
    assert (to_text(first) < to_text(second)) == (first < second)


@given(st.datetimes(datetime(1970, 1, 2), datetime(2099, 1, 1), timezones=st.timezones()))
def test_moment_of_any_offset_is_read(moment: datetime) -> None:
    assert to_ms(moment.isoformat()) == int(moment.timestamp()) * 1000 + moment.microsecond // 1000


def test_moment_without_an_offset_is_utc() -> None:
    assert to_ms("2026-01-15T12:00:00") == to_ms("2026-01-15T13:00:00+01:00")
    assert to_text(to_ms("2026-01-15")) == "2026-01-15T00:00:00.000Z"


@given(moments, st.lists(st.integers(-(10**12), 10**12), max_size=5))
def test_frozen_clock_moves_only_when_told(start: int, steps: list[int]) -> None:
    clock = Clock()
    clock.set(start, frozen=True)
    expected = start
    for step in steps:
        if 0 <= expected + step < LATEST_MS:
            clock.advance(step)
            expected += step
        else:
            with pytest.raises(ValueError, match="1970 to 2099"):
                clock.advance(step)
    assert clock.now_ms() == expected
    assert clock.unix() == expected // 1000


@given(moments)
def test_running_clock_goes_on_from_where_it_was_set(start: int) -> None:
    clock = Clock()
    before = real_ms()
    clock.set(start, frozen=False)
    now = clock.now_ms()
    assert start <= now <= start + real_ms() - before


def test_reset_clock_shows_real_time() -> None:
    clock = Clock()
    clock.set(0, frozen=True)
    clock.reset()
    assert abs(datetime.fromisoformat(clock.now()) - datetime.now(UTC)).total_seconds() < 5


@pytest.mark.parametrize("milliseconds", [-1, LATEST_MS])
def test_clock_is_not_set_beyond_its_years(milliseconds: int) -> None:
    with pytest.raises(ValueError, match="1970 to 2099"):
        Clock().set(milliseconds, frozen=True)


@pytest.mark.fault("E10")
def test_a_clock_that_is_held_stands_still_and_moves_when_it_is_set() -> None:
    clock = Clock(frozen_ms=1000)
    clock.hold()
    held = clock.now()
    clock.frozen_ms = None  # as real time goes on
    assert (clock.now(), clock.now_ms()) == (held, 1000)
    clock.advance(5000)
    assert clock.now_ms() != 1000
    clock.release()
    clock.hold()
    assert clock.now_ms() > 1000


def test_ids_of_one_moment_grow() -> None:
    clock = Clock()
    clock.hold()
    ids = Ids(clock)
    made = [ids.new("user") for _ in range(100)]
    assert made == sorted(set(made))
