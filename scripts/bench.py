"""What the server costs: CPU of its process per request, as ratios within one run, and a few absolute figures.

A ratio compares two series that were measured in turns, so that whatever else the machine does slows both.
"""

from __future__ import annotations

import argparse
import sys

from bench_calls import sign_in, single_user
from bench_environments import environments, logout, memory
from bench_gaps import gaps
from bench_lists import lists, sign_in_growth
from bench_pages import pages
from bench_peer import peer
from bench_start import start_up
from bench_tools import Sizes, Table

FIGURES = {
    "start": start_up,
    "get": single_user,
    "sign-in": sign_in,
    "lists": lists,
    "growth": sign_in_growth,
    "logout": logout,
    "pages": pages,
    "environments": environments,
    "memory": memory,
    "gaps": gaps,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__.splitlines()[0])
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=f"{', '.join(FIGURES)}; default: all")
    parser.add_argument("--quick", action="store_true", help="a tenth of the users and calls")
    parser.add_argument(
        "--peer",
        metavar="URL",
        help="instead, the same calls here and at another server of the API, which was started afresh; "
        "its key is sk_test_default, its client id client_default",
    )
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.figures) - FIGURES.keys())
    if unknown:
        parser.error(f"no figure is called {unknown[0]}; there are {', '.join(FIGURES)}")
    if not sys.platform.startswith("linux"):
        parser.error("the CPU of a server process is read as Linux gives it; run this on Linux or in a container")
    sizes = Sizes(users=10_000, rounds=5, calls=150, starts=7) if arguments.quick else Sizes()
    table = Table()
    if arguments.peer is not None:
        peer(table, sizes, arguments.peer)
    else:
        for name in arguments.figures or FIGURES:
            FIGURES[name](table, sizes)
    print(f"\n{table}")
    return 1 if table.is_over else 0


if __name__ == "__main__":
    sys.exit(main())
