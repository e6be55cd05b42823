"""Pages that are not built yet say so."""

from __future__ import annotations

import logging

import pytest

from tests.conftest import Client


@pytest.mark.parametrize(
    ("path", "setting"), [("/invite", "invitation_url"), ("/reset-password", "password_reset_url")]
)
def test_a_page_names_the_setting_that_leads_around_it(
    client: Client, caplog: pytest.LogCaptureFixture, path: str, setting: str
) -> None:
    with caplog.at_level(logging.WARNING):
        answer = client.keyless.get(path, params={"invitation_token": "abc"})
    assert (answer.status_code, answer.json()["code"]) == (501, "emulator_not_implemented")
    assert any(setting in message for message in caplog.messages)
