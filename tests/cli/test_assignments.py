"""`--set name=value`, in the words of people and of JSON."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.settings import InvalidSetting, Settings, parse_assignment, settings_from


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("mfa=off", {"mfa": "off"}),
        ("session_length=60", {"session_length": 60}),
        ("session_inactivity=null", {"session_inactivity": None}),
        ("lifetimes.access_token=5", {"lifetimes": {"access_token": 5}}),
        ("emails.magic_auth=false", {"emails": {"magic_auth": False}}),
        ('methods=["password"]', {"methods": ["password"]}),
        ("fixed_codes.code@example.com=123456", {"fixed_codes": {"code@example.com": "123456"}}),
        ("fixed_codes.code@example.com=000123", {"fixed_codes": {"code@example.com": "000123"}}),
        ("product_name=1984", {"product_name": "1984"}),
        ("jwt_issuer=https://issuer.example.com/?a=b", {"jwt_issuer": "https://issuer.example.com/?a=b"}),
    ],
)
def test_an_assignment_is_read(text: str, content: dict[str, Any]) -> None:
    assert parse_assignment(text) == content
    assert settings_from(content) != Settings() or content == {"session_inactivity": None}


@pytest.mark.parametrize("text", ["mfa", "=off", ""])
def test_what_is_no_assignment_is_refused(text: str) -> None:
    with pytest.raises(InvalidSetting, match=r"is not of the form name=value\.$"):
        parse_assignment(text)
