"""Reset, seed and export."""

from __future__ import annotations

from typing import Literal

from mockserver import fixtures
from mockserver.core.bodies import ControlBody
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.replies import Stream, spooled
from mockserver.core.requests import of_control
from mockserver.core.routing import get, post


class Reset(ControlBody):
    to: Literal["fixtures", "empty"] = "fixtures"


@post("/_emulate/reset", environment=of_control, status=204, takes_long=True)
def reset(env: Environment, body: Reset) -> None:
    """To the fixtures and settings of the start and to real time; keys and client id stay."""
    if body.to == "empty":
        fixtures.reset_to_empty(env)
    else:
        fixtures.reset(env)


@post("/_emulate/seed", environment=of_control, status=204, takes_long=True, max_body=64 << 20)
def seed(env: Environment, content: JSON) -> None:
    """Adds a fixture document's objects to what is there."""
    fixtures.add(env, fixtures.Document(content))
    env.after_commit(env.arrivals.withdraw)  # its messages need not be the newest


@get("/_emulate/state", environment=of_control, takes_long=True)
def get_state(env: Environment) -> Stream:
    """Everything, as a fixture document."""
    return spooled(fixtures.state_of(env), "application/json; charset=utf-8")
