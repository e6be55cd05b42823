"""Holds each process of the tests to a peak of memory: what a test makes, it deletes."""

from __future__ import annotations

import resource
import sys
from typing import Any

import pytest

MOST_MIB = 700
PEAK = "peak_mib"

_too_much = pytest.StashKey[list[str]]()


def peak_mib() -> int:
    """The most that this process ever had in memory. The system counts in KiB; macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (2**20 if sys.platform == "darwin" else 2**10)


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_too_much] = []


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """A worker of pytest-xdist has ended."""
    note(node.config, f"worker {node.gateway.id}", node.workeroutput.get(PEAK, 0) if error is None else 0)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    output: dict[str, int] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[PEAK] = peak_mib()
        return
    note(session.config, "the process", peak_mib())
    if session.config.stash[_too_much] and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for sentence in config.stash[_too_much]:
        terminalreporter.write_line(sentence, red=True)


def note(config: pytest.Config, process: str, peak: int) -> None:
    if peak > MOST_MIB:
        config.stash[_too_much].append(
            f"{process} took {peak} MiB of memory, and {MOST_MIB} is the most: do its tests delete what they make?"
        )
