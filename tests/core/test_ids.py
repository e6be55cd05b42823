"""Ids grow whatever the clock does; tokens and codes have their shapes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.clock import LATEST_MS, Clock
from mockserver.core.ids import Codes, Ids, encode_ulid, request_id, time_of_id

ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
moments = st.integers(0, LATEST_MS - 1)


@given(st.lists(moments, min_size=1, max_size=30))
def test_ids_only_grow_whatever_the_clock_does(times: list[int]) -> None:
    clock = Clock()
    ids = Ids(clock)
    made = []
    for time in times:
        clock.set(time, frozen=True)
        made += [ids.new("user"), ids.new("user")]
    assert made == sorted(set(made))


@given(moments, moments)
def test_ids_go_on_after_the_last_one_of_an_earlier_run(first: int, second: int) -> None:
    clock = Clock(frozen_ms=first)
    earlier = Ids(clock)
    last_id = earlier.ulid()
    clock.set(second, frozen=True)
    assert Ids(clock, earlier.last).ulid() > last_id


@given(moments)
def test_id_has_its_prefix_and_tells_its_time(time: int) -> None:
    id = Ids(Clock(frozen_ms=time)).new("org_domain")
    prefix, _, ulid = id.rpartition("_")
    assert prefix == "org_domain"
    assert ULID.fullmatch(ulid)
    assert time_of_id(id) == time


@given(moments, st.integers(1, 2000))
def test_ids_of_one_millisecond_keep_its_time(time: int, count: int) -> None:
    ids = Ids(Clock(frozen_ms=time))
    assert {time_of_id(ids.ulid()) for _ in range(count)} == {time}


@given(st.integers(0, 2**128 - 1), st.integers(0, 2**128 - 1))
def test_order_of_ulids_is_the_order_of_their_numbers(first: int, second: int) -> None:
    assert (encode_ulid(first) < encode_ulid(second)) == (first < second)


def test_ulid_of_the_specification_is_encoded() -> None:
    assert encode_ulid(0) == "0" * 26
    assert encode_ulid(2**128 - 1) == "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"
    assert encode_ulid(1469918176385 << 80)[:10] == "01ARYZ6S41"


@pytest.mark.parametrize("id", ["", "user_1", "user_admin", "user_" + "!" * 26, "7" + "Z" * 25, "user_" + "U" * 26])
def test_id_without_a_ulid_tells_no_time(id: str) -> None:
    assert time_of_id(id) is None


@given(st.text())
def test_any_text_is_asked_for_its_time(text: str) -> None:
    assert time_of_id(text) is None or ULID.fullmatch(text[-26:].upper())


def test_tokens_and_codes_have_their_shapes() -> None:
    codes = Codes()
    for _ in range(200):
        assert re.fullmatch(r"[0-9]{6}", codes.six_digits())
        assert re.fullmatch(r"[A-Za-z0-9]{25}", codes.token())
        assert re.fullmatch(r"[A-Z2-7]{32}", codes.totp_secret())


def test_request_id_is_a_version_4_uuid() -> None:
    made = {request_id() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", id) for id in made)
