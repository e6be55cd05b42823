"""axe-core in the page: what would keep people out who see, point or read otherwise."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

SCRIPT = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")


def findings(page: Page) -> list[str]:
    """The serious and critical ones, each with the element."""
    # A page's policy forbids scripts; the debugger may still run one.
    page.evaluate(script())
    violations = page.evaluate("async () => (await axe.run({resultTypes: ['violations']})).violations")
    return [
        f"{violation['id']}: {violation['help']}: {node['html']}"
        for violation in violations
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
    ]


@cache
def script() -> str:
    assert SCRIPT.exists(), "'scripts/install-npm tests/browser' installs axe-core"
    return SCRIPT.read_text()
