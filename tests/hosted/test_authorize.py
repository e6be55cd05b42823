"""What the two authorize endpoints answer a browser that navigates."""

from __future__ import annotations

import pytest

from tests.conftest import Client
from tests.sso_builders import CALLBACK


@pytest.mark.parametrize(
    ("path", "provider"), [("/user_management/authorize", "authkit"), ("/sso/authorize", "GoogleOAuth")]
)
def test_a_browser_is_led_to_the_pages_with_the_documented_status(client: Client, path: str, provider: str) -> None:
    query = {
        "client_id": client.client_id,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "provider": provider,
    }
    response = client.keyless.get(path, params=query, headers={"Accept": "text/html"})
    assert response.status_code == 302
    assert response.headers["location"].startswith(f"/authkit/{client.client_id}/")
