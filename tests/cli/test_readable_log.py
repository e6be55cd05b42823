"""Log lines for people."""

from __future__ import annotations

import asyncio
import io
import logging
import weakref
from collections.abc import Iterator

import pytest

from mockserver import logs
from tests.asynchronous import run, without_loop


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What is written while a test runs; the logger is given back as it was."""
    logger = logging.getLogger("mockserver")
    before = logger.handlers, logger.level, logger.propagate
    monkeypatch.setattr("sys.stderr", written := io.StringIO())
    logs.configure("info", as_json=False)
    yield written
    logger.handlers, logger.level, logger.propagate = before


def test_a_line_has_time_level_and_message(log: io.StringIO) -> None:
    without_loop(lambda: logging.getLogger("mockserver.requests").info("GET %s", "/health"))
    assert log.getvalue()[2:3] == ":"
    assert log.getvalue()[8:] == " INFO    GET /health\n"


def test_a_path_with_line_breaks_stays_one_line(log: io.StringIO) -> None:
    path = "/users/\n12:00:00 INFO forged\x1b[2J"
    without_loop(lambda: logging.getLogger("mockserver.requests").info("GET %s", path))
    assert log.getvalue()[8:] == " INFO    GET /users/ 12:00:00 INFO forged [2J\n"


def test_a_crash_shows_its_traceback(log: io.StringIO) -> None:
    try:
        raise ValueError("broken")
    except ValueError:
        logging.getLogger("mockserver.requests").exception("GET / failed")
    assert log.getvalue().endswith("ValueError: broken\n")


@pytest.mark.fault("E7")
def test_the_lines_of_a_loop_are_written_together_in_order(log: io.StringIO) -> None:
    async def turn() -> str:
        for number in range(3):
            logging.getLogger(f"mockserver.part{number}").info("line %s", number)
        written = log.getvalue()
        while log.getvalue() == "":
            await asyncio.sleep(0)
        return written

    assert run(turn()) == ""
    assert [line[-6:] for line in log.getvalue().splitlines()] == ["line 0", "line 1", "line 2"]


@pytest.mark.fault("E7")
def test_an_error_is_written_at_once_after_the_lines_before_it(log: io.StringIO) -> None:
    async def turn() -> list[str]:
        logging.getLogger("mockserver").info("before")
        logging.getLogger("mockserver").error("broken")
        return log.getvalue().splitlines()

    assert [line.rpartition(" ")[2] for line in run(turn())] == ["before", "broken"]


@pytest.mark.fault("E7")
def test_the_last_lines_of_a_loop_that_dies_are_written_at_the_exit(log: io.StringIO) -> None:
    def die() -> None:
        logging.getLogger("mockserver").info("last words")
        raise KeyboardInterrupt  # which ends a loop in the middle of a turn

    async def main() -> None:
        asyncio.get_running_loop().call_soon(die)
        await asyncio.sleep(60)

    with pytest.raises(KeyboardInterrupt):
        run(main())
    logging.shutdown([weakref.ref(logging.getLogger("mockserver").handlers[0])])  # as Python does at its exit
    assert log.getvalue().endswith("last words\n")
