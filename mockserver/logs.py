"""Log lines on stderr: readable, or JSON for machines."""

from __future__ import annotations

import logging
import re
import sys

import msgspec

_CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


class _Readable(logging.Formatter):
    """A line each, whatever a path or an address contains; only tracebacks have several."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(message)s", "%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:
        return _CONTROL_CHARACTERS.sub(" ", super().formatMessage(record))


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line).decode()


def configure(level: str, *, as_json: bool) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if as_json else _Readable())
    logger = logging.getLogger("mockserver")
    logger.handlers = [handler]
    logger.setLevel(level.upper())
    logger.propagate = False
