"""Cookies, as they are read and written."""

from __future__ import annotations

import pytest

from mockserver.core.cookies import clear_cookie, set_cookie
from mockserver.core.requests import Request


def request_with(*cookies: bytes) -> Request:
    headers = [(b"cookie", value) for value in cookies]
    return Request({"method": "GET", "path": "/", "query_string": b"", "headers": headers})


@pytest.mark.parametrize(
    ("sent", "value"),
    [
        ((b"browser=abc",), "abc"),
        ((b"theme=dark; browser=abc; other=1",), "abc"),
        ((b"theme=dark", b"browser=abc"), "abc"),
        ((b'browser="abc"',), "abc"),
        ((b"browser=abc; browser=of-another-path",), "abc"),
        ((b"browser=a=b",), "a=b"),
        ((b"theme=dark",), ""),
        ((), ""),
    ],
)
def test_cookie_is_read(sent: tuple[bytes, ...], value: str) -> None:
    assert request_with(*sent).cookie("browser") == value


@pytest.mark.parametrize(
    "garbage", [b"", b";;", b"=", b"nothing", b"\xff\xfe=\x00", b'a="', b"{json: [1, 2]}", b"a=b=c"]
)
def test_garbage_beside_a_cookie_does_no_harm(garbage: bytes) -> None:
    assert request_with(garbage + b"; browser=abc").cookie("browser") == "abc"


def test_cookie_is_lax_without_https_and_for_all_sites_with_it() -> None:
    assert set_cookie("browser", "abc", max_age=60) == (
        "set-cookie",
        "browser=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Lax",
    )
    assert set_cookie("browser", "abc", max_age=60, path="/x", is_http_only=False, is_secure=True) == (
        "set-cookie",
        "browser=abc; Path=/x; Max-Age=60; SameSite=None; Secure",
    )


def test_cleared_cookie_is_over_at_once() -> None:
    assert clear_cookie("browser", path="/x") == ("set-cookie", "browser=; Path=/x; Max-Age=0; HttpOnly; SameSite=Lax")
