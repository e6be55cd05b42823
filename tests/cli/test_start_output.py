"""What people are told when the server has started."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.children import bound
from tests.cli.process import COMMAND, clean_environment, serving

FIXTURES = "users: [{email: ada@acme.test, password: correct-horse, email_verified: true}]"


def said(*arguments: str | Path) -> str:
    """All of it, up to how the server is stopped."""
    line = [*COMMAND, "serve", "--port", "0", *map(str, arguments)]
    with subprocess.Popen(
        bound(line), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=clean_environment()
    ) as process:
        assert process.stdout is not None
        try:
            return "".join(iter(process.stdout.readline, "  Stop with Ctrl-C.\n"))
        finally:
            process.terminate()


@pytest.mark.fault("D4")
def test_a_second_start_says_what_it_did_not_load_and_what_goes_on_to_hold(tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text(FIXTURES)
    kept = ("--data", tmp_path / "data", "--fixtures", tmp_path / "seed.yaml")
    first, second = said(*kept, "--set", "mfa=off"), said(*kept, "--set", "sign_up=closed")
    assert f"  Fixtures    {tmp_path}/seed.yaml\n" in first
    assert "Sign in as ada@acme.test" in first
    assert "kept from before" not in first
    assert f"  Fixtures    none: {tmp_path}/seed.yaml was not loaded, since {tmp_path}/data holds an env" in second
    assert "Sign in as" not in second
    assert "  Settings    kept from before: mfa\n" in second


@pytest.mark.fault("D1")
@pytest.mark.parametrize(
    ("url", "is_warned"),
    [
        ("http://mockserver:4100", True),
        ("http://mockserver.localhost:4100", False),
        ("http://localhost:4100", False),
        ("http://[::1]:4100", False),
    ],
)
def test_a_public_url_that_browsers_cannot_resolve_is_warned_of(url: str, is_warned: bool) -> None:
    with serving("--public-url", url) as process:
        assert ("warnings" in process.start) is is_warned
    if is_warned:
        assert "  Warning: browsers on other machines" in said("--public-url", url)
        assert "'mockserver.localhost' is found by browsers" in process.start["warnings"][0]
