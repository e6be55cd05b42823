"""Log lines for people."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from mockserver import logs


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
    logging.getLogger("mockserver.requests").info("GET %s", "/health")
    assert log.getvalue()[2:3] == ":"
    assert log.getvalue()[8:] == " INFO    GET /health\n"


def test_a_path_with_line_breaks_stays_one_line(log: io.StringIO) -> None:
    logging.getLogger("mockserver.requests").info("GET %s", "/users/\n12:00:00 INFO forged\x1b[2J")
    assert log.getvalue()[8:] == " INFO    GET /users/ 12:00:00 INFO forged [2J\n"


def test_a_crash_shows_its_traceback(log: io.StringIO) -> None:
    try:
        raise ValueError("broken")
    except ValueError:
        logging.getLogger("mockserver.requests").exception("GET / failed")
    assert log.getvalue().endswith("ValueError: broken\n")
