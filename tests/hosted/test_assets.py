"""The files that hosted pages load, and the colours of an environment."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.hosted.assets import address
from mockserver.hosted.branding import DARK, FOR_SHAPES, FOR_TEXT, LIGHT, contrast, readable, stylesheet
from tests.conftest import Client

colors = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@pytest.mark.parametrize(("name", "content_type"), [("authkit.css", "text/css"), ("authkit.js", "text/javascript")])
def test_a_file_may_be_kept_under_the_address_of_its_version_alone(
    client: Client, name: str, content_type: str
) -> None:
    versioned = client.keyless.get(address(name))
    plain = client.keyless.get(f"/authkit/static/{name}")
    assert versioned.headers["content-type"] == f"{content_type}; charset=utf-8"
    assert versioned.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert versioned.headers["x-content-type-options"] == "nosniff"
    assert plain.headers["cache-control"] == "no-cache"
    assert client.keyless.get(f"/authkit/static/{name}?v=old").headers["cache-control"] == "no-cache"
    assert versioned.text == plain.text


@pytest.mark.parametrize("name", ["authkit.html", "..%2Ftemplates%2Fbase.html", "%2E%2E", "%2E", "authkit.css%00"])
def test_there_are_no_other_files(client: Client, name: str) -> None:
    response = client.keyless.get(f"/authkit/static/{name}", headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/json; charset=utf-8"


def test_the_colour_is_the_environments_own_and_changes_at_once(client: Client) -> None:
    url = f"/authkit/{client.client_id}/branding.css"
    assert "--accent: #4f46e5; --on-accent: #ffffff;" in client.keyless.get(url).text
    client.change_settings(branding={"color": "#FFE600"})
    response = client.keyless.get(url)
    assert "--accent: #FFE600; --on-accent: #000000;" in response.text
    assert response.headers["content-type"] == "text/css; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache"


def test_an_unknown_environment_has_no_colours(client: Client) -> None:
    response = client.keyless.get("/authkit/client_nobody/branding.css", headers={"Accept": "text/html"})
    assert (response.status_code, response.json()["message"]) == (404, "Client not found: 'client_nobody'.")


@given(color=colors)
def test_every_colour_gives_readable_text(color: str) -> None:
    light, dark = stylesheet(color).splitlines()
    on_accent = re.findall("--on-accent: (#[0-9a-f]{6});", light)
    assert contrast(on_accent[0], color) >= FOR_TEXT
    for rules, surface in ((light, LIGHT), (dark, DARK)):
        (text,), (edge,) = (re.findall(f"--accent-{name}: (#[0-9a-f]{{6}});", rules) for name in ("text", "edge"))
        assert contrast(text, surface) >= FOR_TEXT
        assert contrast(edge, surface) >= FOR_SHAPES


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#4f46e5", "#4f46e5") == 1


def test_a_readable_colour_stays_as_it_is() -> None:
    assert readable("#4f46e5", "#ffffff", FOR_TEXT) == "#4f46e5"
