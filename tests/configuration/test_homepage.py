"""The app's homepage, as the official command line sets it"""

from __future__ import annotations

import pytest

from tests.answers import required
from tests.conftest import Client

PATH = "/user_management/app_homepage_url"


@pytest.mark.fault("B13")
def test_homepage_is_set_and_read_back(client: Client) -> None:
    assert client.get(PATH).json() == {"url": None}
    response = client.put(PATH, json={"url": "http://localhost:3000"})
    assert (response.status_code, response.json()) == (200, {"url": "http://localhost:3000"})
    assert client.get(PATH).json() == {"url": "http://localhost:3000"}
    assert client.get("/_emulate/settings").json()["app_homepage_url"] == "http://localhost:3000"


@pytest.mark.fault("B13")
def test_homepage_is_required(client: Client) -> None:
    response = client.put(PATH, json={})
    assert (response.status_code, response.json()) == (422, required("url"))


@pytest.mark.fault("B13")
@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://[", "a\r\nX: y", "/relative", "localhost"])
def test_homepage_that_nobody_can_be_led_to_is_refused(client: Client, url: str) -> None:
    response = client.put(PATH, json={"url": url})
    assert response.status_code == 422
    [error] = response.json()["errors"]
    assert (error["field"], error["code"]) == ("url", "url_invalid")
    assert client.get(PATH).json() == {"url": None}


@pytest.mark.fault("B13")
def test_homepage_needs_a_key(client: Client) -> None:
    assert client.keyless.put(PATH, json={"url": "http://localhost:3000"}).status_code == 401
