"""The README says what is true: its tables match the code."""

from __future__ import annotations

import re
from pathlib import Path

import click
import msgspec

from mockserver.cli import serve
from mockserver.settings import Lifetimes, Settings

README = Path(__file__).parents[1].joinpath("README.md").read_text()


def _table(heading: str) -> dict[str, str]:
    """The table below a heading: its first column, without backticks, to its second."""
    section = README.split(f"\n{heading}\n", 1)[1].split("\n#", 1)[0]
    rows = re.findall(r"^\| `([^`]+)` \| (.*?) \|", section, re.MULTILINE)
    return {name: value.strip("`") for name, value in rows}


def test_settings_table_names_every_setting_with_its_default() -> None:
    documented = _table("### Settings")
    defaults = msgspec.json.decode(msgspec.json.encode(Settings()))
    assert documented.keys() == defaults.keys()
    for name in defaults.keys() - {"lifetimes"}:
        text = documented[name]
        value = msgspec.json.decode(text) if text[:1] in "[{" or text == "null" else text
        assert value == (str(defaults[name]) if isinstance(defaults[name], int) else defaults[name])


def test_settings_table_names_every_lifetime() -> None:
    for name, seconds in msgspec.to_builtins(Lifetimes()).items():
        assert f"`{name}` {seconds}" in README


def test_options_table_names_every_flag_with_its_variables() -> None:
    options = [parameter for parameter in serve.params if isinstance(parameter, click.Option) and parameter.envvar]
    assert _table("## Options").keys() == {option.opts[0] for option in options}
    for option in options:
        variables = [option.envvar] if isinstance(option.envvar, str) else option.envvar or []
        assert all(f"`{variable}`" in README for variable in variables)


def test_every_control_call_of_the_readme_exists() -> None:
    from mockserver.app import ENDPOINTS

    paths = {re.sub(r"\{.*?\}", "{}", endpoint.path) for endpoint in ENDPOINTS}
    named = re.findall(r"`(?:GET|POST|PUT|PATCH|DELETE) (/_emulate[/\w{}]*)", README)
    assert named
    for path in named:
        assert re.sub(r"\{.*?\}", "{}", path) in paths, path
