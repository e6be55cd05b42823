"""Which pages a browser may send a form of this server from."""

from __future__ import annotations

import pytest

from mockserver.core.origins import is_same_origin
from mockserver.core.requests import Request

PUBLIC = "https://auth.example.com"


def is_own(host: str = "localhost:4100", **headers: str) -> bool:
    """Whether a request with these headers comes from a page of the server itself."""
    named = {name.replace("_", "-").encode(): value.encode() for name, value in {"host": host, **headers}.items()}
    scope = {"method": "POST", "path": "/", "query_string": b"", "headers": list(named.items())}
    return is_same_origin(Request(scope), PUBLIC)


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost:4100",
        "https://localhost:4100",
        "http://LOCALHOST:4100",
        "https://auth.example.com",
        "https://auth.example.com:443",
    ],
)
def test_pages_of_the_host_and_of_the_public_url_may(origin: str) -> None:
    assert is_own(origin=origin)
    assert is_own(origin=origin, sec_fetch_site="same-origin")


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost:4101",
        "http://localhost",
        "http://localhost.evil.example.com:4100",
        "http://auth.example.com",
        "https://auth.example.com:8443",
        "https://evil.example.com",
        "null",
        "http://[",
        "http://localhost:port",
        "nonsense",
    ],
)
def test_others_may_not(origin: str) -> None:
    assert not is_own(origin=origin)


def test_the_default_port_may_be_left_out() -> None:
    assert is_own(host="mock.internal", origin="http://mock.internal")
    assert is_own(host="mock.internal:80", origin="http://mock.internal")
    assert not is_own(host="mock.internal:80", origin="https://mock.internal")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_the_browser_calls_another_site_may_not_whatever_the_origin(site: str) -> None:
    assert not is_own(sec_fetch_site=site)
    assert not is_own(sec_fetch_site=site, origin="http://localhost:4100")


def test_a_page_that_sends_no_referrer_may_where_the_browser_vouches_for_it() -> None:
    assert is_own(origin="null", sec_fetch_site="same-origin")
    assert not is_own(origin="null", sec_fetch_site="none")


def test_programs_that_are_no_browsers_may() -> None:
    assert is_own()
