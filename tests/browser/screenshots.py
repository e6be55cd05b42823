"""Pictures of the pages: `python -m tests.browser.screenshots FOLDER`.

They are taken while Ada signs in with a mailed code, enrols an authenticator app and chooses an organization.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page

from mockserver.testing import MockServer
from tests.authenticator import totp
from tests.browser.app import App
from tests.browser.chromium import launched
from tests.browser.steps import begin, enter, mail, see
from tests.conftest import Client

ADA = "ada@acme.example"
WORLD = {
    "settings": {"product_name": "Acme Reports", "mfa": "required"},
    "users": [
        {"email": ADA, "first_name": "Ada", "last_name": "Lovelace", "email_verified": True},
        {"email": "grace@acme.example", "first_name": "Grace", "last_name": "Hopper", "email_verified": True},
    ],
    "organizations": [{"name": name, "memberships": [{"email": ADA}]} for name in ("Acme", "Globex", "Initech")],
}


def take(page: Page, folder: Path, name: str) -> None:
    page.screenshot(path=folder / f"{name}.png", full_page=True, animations="disabled", caret="hide")


def journey(page: Page, client: Client, folder: Path) -> None:
    begin(page)
    see(page, "sign-in")
    take(page, folder, "sign-in")
    enter(page, email=ADA)
    message = mail(client, ADA, "magic_auth")
    inbox = page.context.new_page()
    inbox.goto(f"{client.base_url}/_emulate/ui/inbox/{message['id']}?client_id={client.client_id}")
    take(inbox, folder, "inbox")
    inbox.close()
    enter(page, code=message["code"])
    see(page, "mfa-enrollment")
    take(page, folder, "totp-enrollment")
    secret = page.get_by_test_id("totp-secret").get_attribute("data-secret") or ""
    enter(page, code=totp(client, secret))
    see(page, "organization-selection")
    take(page, folder, "organization-choice")


def main() -> None:
    folder = Path(sys.argv[1])
    with (
        MockServer(fixtures=WORLD) as server,
        Client(server.url, server.api_key, server.client_id) as client,
        App(client, {}) as app,
        launched() as browser,
    ):
        page = browser.new_context(viewport={"width": 640, "height": 560}, device_scale_factor=1.5).new_page()
        page.goto(app.url)
        journey(page, client, folder)


if __name__ == "__main__":
    main()
