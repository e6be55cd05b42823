"""Log lines on stderr: readable, or JSON for machines.

Each request has one, so they are made by hand, and written together: a turn of the event loop for each costs more.
"""

from __future__ import annotations

import asyncio
import logging
import re
import sys
import time

import msgspec

DELAY = 0.01  # seconds, which no reader notices
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


class _Formatter(logging.Formatter):
    _second = -1
    _shown_second = ""

    def second_of(self, record: logging.LogRecord) -> str:
        if int(record.created) != self._second:
            self._second = int(record.created)
            self._shown_second = time.strftime(self.datefmt or "", time.localtime(self._second))
        return self._shown_second


class _Readable(_Formatter):
    """A line each, whatever a path or an address contains; only tracebacks have several."""

    def __init__(self) -> None:
        super().__init__(datefmt="%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        message = _CONTROL_CHARACTERS.sub(" ", record.getMessage())
        line = f"{self.second_of(record)} {record.levelname:7} {message}"
        return line if record.exc_info is None else f"{line}\n{self.formatException(record.exc_info)}"


class _Json(_Formatter):
    def __init__(self) -> None:
        super().__init__(datefmt="%Y-%m-%dT%H:%M:%S%z")

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": self.second_of(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line).decode()


class _Together(logging.StreamHandler):  # type: ignore[type-arg]  # subscripting it fails when it runs
    """Outside the loop, and for errors, a line is written at once, after those that wait; and at the exit."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)
        self._lines: list[str] = []
        self._loop: asyncio.AbstractEventLoop | None = None  # that is to write them

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._lines.append(self.format(record) + self.terminator)
        except Exception:
            self.handleError(record)
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.flush()
            return
        if record.levelno >= logging.ERROR:
            self.flush()
        elif loop is not self._loop:
            self._loop = loop
            loop.call_later(DELAY, self.flush)

    def flush(self) -> None:
        with self.lock:  # type: ignore[union-attr]  # every handler has one
            text, self._loop = "".join(self._lines), None
            self._lines.clear()
            try:
                self.stream.write(text)
                self.stream.flush()
            except OSError:  # nobody reads it any more
                pass


def configure(level: str, *, as_json: bool) -> None:
    # What no line of ours shows need not be found out for each (Python's logging HOWTO, "Optimization").
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None
    handler = _Together()
    handler.setFormatter(_Json() if as_json else _Readable())
    logger = logging.getLogger("mockserver")
    logger.handlers = [handler]
    logger.setLevel(level.upper())
    logger.propagate = False
