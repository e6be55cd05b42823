"""Runs the checks of one SDK version with that SDK's own interpreter, and prints a JSON line for each.

    .venv/sdks/workos-10/bin/python tests/conformance/python version_10 http://localhost:4100 [NAME ...]

A NAME runs only the checks whose names contain it. A line has `check`, `ok`, `seconds`, and `traceback` if it failed.
Exits with 1 when a check failed.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from world import World

HERE = str(Path(__file__).parent)
LONGEST_LOCAL = 400


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests/conformance/python")
    parser.add_argument("version", choices=["version_5", "version_10"])
    parser.add_argument("url")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    failed = False
    for name, check in checks_of(options.version):
        if not options.names or any(part in name for part in options.names):
            line = run(name, check, World(options.url))
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()
            failed = failed or not line["ok"]
    sys.exit(failed)


def checks_of(version: str) -> Iterator[tuple[str, Callable[[World], None]]]:
    """The functions named `check_…` of the version's modules, in the order in which they are written."""
    package = importlib.import_module(version)
    for found in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{version}.{found.name}")
        for name, member in vars(module).items():
            if name.startswith("check_"):
                yield f"{found.name}.{name}", member


def run(name: str, check: Callable[[World], None], world: World) -> dict[str, object]:
    started = time.monotonic()
    failure = None
    try:
        with world:
            check(world)
    except Exception as error:
        failure = described(error)
    line = {"check": name, "ok": failure is None, "seconds": round(time.monotonic() - started, 3)}
    return line if failure is None else {**line, "traceback": failure}


def described(error: Exception) -> str:
    """The traceback with the local variables of the checks' own frames, so that a plain `assert` shows its operands."""
    found = traceback.TracebackException.from_exception(error, capture_locals=True, compact=True)
    del found.stack[0]  # this runner
    for frame in found.stack:
        if frame.locals is not None:
            shown = frame.filename.startswith(HERE)
            frame.locals = {k: v[:LONGEST_LOCAL] for k, v in frame.locals.items()} if shown else None
    return "".join(found.format(chain=False))


if __name__ == "__main__":
    main()
