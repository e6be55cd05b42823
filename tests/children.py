"""Processes that end with the process that started them, however that one ends."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path


def bound(command: Sequence[str | Path]) -> list[str | Path]:
    """The command, with Linux asked to kill it when this process has died. Other systems leave that to `finally`."""
    setpriv = shutil.which("setpriv")  # of util-linux; it becomes the command, whose process it stays
    return [setpriv, "--pdeathsig", "KILL", "--", *command] if setpriv else list(command)
