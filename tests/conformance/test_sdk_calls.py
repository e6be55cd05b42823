"""The list of what SDK programs call is held against what they do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conformance import sdk_calls


@pytest.fixture(autouse=True)
def _file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "sdk_calls.json"
    file.write_text(json.dumps({"GET /events": "guide", "GET /organizations": "another"}))
    monkeypatch.setattr(sdk_calls, "FILE", file)


def test_a_program_that_calls_what_is_listed_is_right() -> None:
    assert sdk_calls.wrong_with("guide", {"GET /events", "GET /organizations"}) == []


def test_a_call_that_is_not_made_any_longer_is_named() -> None:
    assert sdk_calls.wrong_with("guide", set()) == ["guide does not call GET /events"]


def test_a_call_that_is_not_listed_is_named() -> None:
    called = {"GET /events", "GET /feature-flags"}
    assert sdk_calls.wrong_with("guide", called) == ["no program is known to call GET /feature-flags, but guide does"]
