"""Which operations the programs of this folder call with success: SUPPORTED.md says so, and sdk_calls.json keeps it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from mockserver.core.routing import public_operations, segments_of
from tests.conformance.openapi import Document
from tests.conformance.recorder import Exchange

# The control plane, and pages for people.
NOT_OF_THE_API = re.compile(r"/_emulate/.*|/authkit/(?!oauth2/).*|/health|/readyz|/")
FILE = Path(__file__).with_suffix(".json")
REFRESH = "'.venv/bin/python -m pytest tests/conformance -n 0 --refresh-sdk-calls' and scripts/supported repair this."

# Mistakes, whose exceptions are what the programs are about.
ON_PURPOSE = {"GET /nowhere", "GET /no/such/route", "PATCH /user_management/users", "PUT /user_management/authenticate"}


def read() -> dict[str, str]:
    """For each operation a program that calls it."""
    calls: dict[str, str] = json.loads(FILE.read_text())
    return calls


def write(calls: dict[str, str]) -> None:
    FILE.write_text(json.dumps(calls, indent=2, sort_keys=True) + "\n")


def operations_of(exchanges: Iterable[Exchange]) -> set[str]:
    """Those that were answered with success."""
    answered = [(exchange.method, exchange.path) for exchange in exchanges if exchange.status < 400]
    found = [(method, public_operations().find(method, segments_of(path))) for method, path in answered]
    return {f"{method} {operation[0].path}" for method, operation in found if operation is not None}


def unknown(exchanges: Iterable[Exchange], document: Document) -> list[str]:
    """Calls of the API that the facts lack, however they were answered."""
    calls = [exchange for exchange in exchanges if not NOT_OF_THE_API.fullmatch(exchange.path)]
    return sorted({f"{call.method} {call.path}" for call in calls if document.operation_of(call) is None} - ON_PURPOSE)


def wrong_with(program: str, called: set[str]) -> list[str]:
    """What the file says of the program and isn't so, or lacks."""
    known = read()
    lost = [f"{program} does not call {name}" for name, by in known.items() if by == program and name not in called]
    return lost + [f"no program is known to call {name}, but {program} does" for name in sorted(called - known.keys())]
