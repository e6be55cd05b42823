"""The list of what SDK programs call is held against what they do."""

from __future__ import annotations

import json
from email.message import Message
from pathlib import Path

import pytest

from tests.conformance import sdk_calls
from tests.conformance.openapi import Document
from tests.conformance.recorder import Exchange


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


@pytest.mark.fault("B12")
def test_a_call_that_the_facts_lack_is_named_however_it_was_answered(document: Document) -> None:
    calls = [exchange(path) for path in ("/events", "/organizations/org_1/roles", "/moons/luna", "/oauth2/token")]
    assert sdk_calls.unknown(calls, document) == ["GET /moons/luna", "GET /oauth2/token"]


@pytest.mark.fault("B12")
def test_pages_and_the_control_plane_are_no_calls_of_the_api(document: Document) -> None:
    calls = [exchange(path) for path in ("/", "/_emulate/clock", "/authkit/client_1/sign-in", "/nowhere")]
    assert sdk_calls.unknown(calls, document) == []


def exchange(path: str) -> Exchange:
    return Exchange("GET", path, "", Message(), b"", 404, Message(), b"")
