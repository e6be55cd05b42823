"""The clock of an environment: set, frozen, advanced, back to real time."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from mockserver.core.bodies import ControlBody
from mockserver.core.clock import to_ms
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, ApiError
from mockserver.core.requests import of_control
from mockserver.core.routing import delete, get, post, put


class SetClock(ControlBody):
    now: str | UnsetType = UNSET
    frozen: bool | UnsetType = UNSET


class AdvanceClock(ControlBody):
    """Seconds may be negative: going back is allowed."""

    seconds: Annotated[float, Meta(ge=-3.2e9, le=3.2e9)]


class InvalidTime(ApiError):
    status, code = 422, "invalid_time"


@get("/_emulate/clock", environment=of_control)
def get_clock(env: Environment) -> JSON:
    """The time of the environment."""
    return {
        "now": env.clock.now(),
        "frozen": env.clock.frozen_ms is not None,
        "offset_seconds": round(env.clock.offset_ms / 1000, 3),
    }


@put("/_emulate/clock", environment=of_control)
def set_clock(env: Environment, body: SetClock) -> JSON:
    """Sets, freezes or releases the time; without `now` it stays, without `frozen` it goes on or stands as before."""
    is_frozen = env.clock.frozen_ms is not None if body.frozen is UNSET else body.frozen
    try:
        now_ms = env.clock.now_ms() if body.now is UNSET else to_ms(body.now)
        env.clock.set(now_ms, frozen=is_frozen)
    except (ValueError, OverflowError):
        example = "2030-01-15T12:00:00.000Z"
        raise InvalidTime(
            f"'now' is {body.now!r}; expected an ISO 8601 moment of 1970 to 2099 such as {example}."
        ) from None
    env.remember_clock()
    return get_clock(env)


@post("/_emulate/clock/advance", environment=of_control)
def advance_clock(env: Environment, body: AdvanceClock) -> JSON:
    """Moves the time by so many seconds; negative ones lead back."""
    try:
        env.clock.advance(round(body.seconds * 1000))
    except ValueError as error:
        raise InvalidTime(str(error)) from None
    env.remember_clock()
    return get_clock(env)


@delete("/_emulate/clock", environment=of_control)
def reset_clock(env: Environment) -> JSON:
    """Back to real time."""
    env.clock.reset()
    env.remember_clock()
    return get_clock(env)
