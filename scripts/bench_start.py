"""Starting: from exec to the first created user."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median

from bench_tools import SERVE, Client, Process, Sizes, Table, clean_environment

# Prints the third-party modules that a server has imported when it serves.
IMPORTED = """
import sys, sysconfig, uvicorn

async def startup(self, sockets=None):
    await uvicorn_startup(self, sockets)
    self.should_exit = True
    folders = sysconfig.get_path("purelib"), sysconfig.get_path("platlib")
    modules = [m for m in list(sys.modules.values()) if (getattr(m, "__file__", None) or "").startswith(folders)]
    print(*(m.__name__ for m in modules if not m.__name__.startswith(("mockserver", "_"))), file=sys.stderr)

uvicorn_startup, uvicorn.Server.startup = uvicorn.Server.startup, startup
from mockserver.cli import main
main(["serve", "--port", "0"])
"""


def start_up(table: Table, sizes: Sizes) -> None:
    """From exec to the first created user, against processes that import what the server imports, and end."""
    served = subprocess.run(
        [sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True, env=clean_environment()
    )
    modules = served.stderr.split()
    packages = sorted({name.partition(".")[0] for name in modules})
    series: list[tuple[Callable[[], Cost], list[Cost]]] = [
        (first_user, []),
        (partial(importing, packages), []),
        (partial(importing, modules), []),
    ]
    for _ in range(sizes.starts):
        for action, costs in series:
            costs.append(action())
    first, with_packages, with_modules = (Cost.median(costs) for _, costs in series)
    table.add("start to first user / import of its third-party packages", first.wall / with_packages.wall, "x", 1.6)
    table.add("  the same in CPU", first.cpu / with_packages.cpu, "x")
    table.add("  / import of every third-party module it has", first.wall / with_modules.wall, "x")
    table.add("  start to first user", first.wall, "ms")


@dataclass
class Cost:
    """Milliseconds."""

    wall: float
    cpu: float

    @staticmethod
    def median(costs: list[Cost]) -> Cost:
        return Cost(median(cost.wall for cost in costs), median(cost.cpu for cost in costs))


def importing(modules: list[str]) -> Cost:
    started_at = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", "import " + ", ".join(modules)], env=clean_environment())
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return Cost((time.perf_counter() - started_at) * 1e3, (usage.ru_utime + usage.ru_stime) * 1e3)


def first_user() -> Cost:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    command = [*SERVE, "--port", str(port), "--log-level", "error"]
    started_at = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=clean_environment())
    while True:
        try:
            server = Process(process.pid, Client(port))
        except ConnectionRefusedError:
            time.sleep(0.002)
        else:
            break
    server.send("POST", "/user_management/users", {"email": "first@example.com"})
    cost = Cost((time.perf_counter() - started_at) * 1e3, server.cpu() * 1e3)
    process.kill()  # what follows the first answer is not measured
    process.wait()
    return cost
