"""A run of the tests that is killed leaves no process of its own behind."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHORT = "import sys; print('here', flush=True); sys.stdin.read()"
STARTERS = {
    "tests/cli": "from tests.cli.process import serving\nwith serving() as server: wait_for(server.process.pid)",
    "tests/conformance": (
        "from tests.conformance.server import running_server\nwith running_server(): wait_for(sole_child())"
    ),
    "tests/apps": (
        "import sys\nfrom pathlib import Path\nfrom tests.apps.processes import running\n"
        f"with running([sys.executable, '-c', {SHORT!r}], Path('.'), {{}}) as printed:\n"
        "    printed.readline()\n    wait_for(sole_child())"
    ),
}
PRELUDE = """
import signal
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background may have been told to ignore it
def sole_child():
    return int(Path("/proc/thread-self/children").read_text())
def wait_for(pid):
    print(pid, flush=True)
    input()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process whose parent was killed")
@pytest.mark.parametrize("program", STARTERS.values(), ids=STARTERS)
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_process_of_a_killed_run_ends(program: str, how: signal.Signals) -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", PRELUDE + program], cwd=ROOT, stdin=pipe, stdout=pipe) as run:
        assert run.stdout is not None
        child = os.pidfd_open(int(run.stdout.readline()))
        run.send_signal(how)
        ended, _, _ = select.select([child], [], [], 30)
        os.close(child)
    assert ended, "it was still there after half a minute"
