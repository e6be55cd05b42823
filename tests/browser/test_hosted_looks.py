"""Each hosted page on a telephone and on a desk, by day and by night: it fits, and shuts nobody out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.axe import findings
from tests.browser.conftest import Visit
from tests.browser.steps import begin, choose, enter, give_credentials, mail, see, see_error
from tests.builders import PASSWORD, create_password_reset, create_user, enroll_totp
from tests.conftest import Client
from tests.organization_builders import add_member, create_member, create_organization, send_invitation
from tests.sso_builders import create_connection

ADA = "ada@example.com"
LONG_NAME = "The Honourable Society of " + "Extraordinarily" * 4

Reach = Callable[[Page, Client], None]


def sign_in(page: Page, client: Client) -> None:
    create_user(client, first_name="Ada", last_name=LONG_NAME)
    begin(page)


def password(page: Page, client: Client) -> None:
    create_user(client, password=PASSWORD)
    begin(page)
    give_credentials(page, ADA, "another-password")
    see_error(page, "password")


def sign_up(page: Page, client: Client) -> None:
    create_user(client, password=PASSWORD)
    begin(page)
    choose(page, "sign-up-link")
    enter(page, email=ADA, password=PASSWORD)
    see_error(page, "email")


def magic_code(page: Page, client: Client) -> None:
    create_user(client)
    begin(page)
    enter(page, email=ADA)


def email_verification(page: Page, client: Client) -> None:
    create_user(client, password=PASSWORD, email_verified=False)
    begin(page)
    give_credentials(page)


def forgot_password(page: Page, client: Client) -> None:
    create_user(client, password=PASSWORD)
    begin(page)
    enter(page, email=ADA)
    choose(page, "forgot-password")


def reset_password(page: Page, client: Client) -> None:
    create_user(client)
    page.goto(create_password_reset(client)["password_reset_url"])


def mfa_enrollment(page: Page, client: Client) -> None:
    client.change_settings(mfa="required")
    create_user(client, password=PASSWORD)
    begin(page)
    give_credentials(page)


def mfa_verification(page: Page, client: Client) -> None:
    enroll_totp(client, create_user(client, password=PASSWORD)["id"])
    begin(page)
    give_credentials(page)


def organization_selection(page: Page, client: Client) -> None:
    ada = create_member(client, create_organization(client))
    add_member(client, ada, create_organization(client, LONG_NAME))
    begin(page)
    give_credentials(page)


def invite(page: Page, client: Client) -> None:
    send_invitation(client, ADA, organization_id=create_organization(client)["id"])
    page.goto(mail(client, ADA, "invitation")["link"])


def identity_provider(page: Page, client: Client) -> None:
    begin(page)
    choose(page, "provider-GoogleOAuth")


def consent(page: Page, client: Client) -> None:
    identity_provider(page, client)
    enter(page, email=ADA)


def device(page: Page, client: Client) -> None:
    body = {"client_id": client.client_id}
    page.goto(client.keyless.post("/user_management/authorize/device", json=body).json()["verification_uri_complete"])


def device_confirm(page: Page, client: Client) -> None:
    create_user(client, password=PASSWORD)
    device(page, client)
    choose(page, "submit")
    give_credentials(page)


def message(page: Page, client: Client) -> None:
    device_confirm(page, client)
    choose(page, "approve")


def refused(page: Page, client: Client) -> None:
    create_user(client, password=PASSWORD)
    page.goto(f"{page.url}sign-in?organization_id={create_organization(client, LONG_NAME)['id']}")
    give_credentials(page)


def required_method(page: Page, client: Client) -> None:
    organization = create_organization(client, LONG_NAME)
    create_member(client, organization)
    create_connection(client, organization)
    policy = {"allowed_methods": ["google_oauth", "magic_auth"]}
    client.put(f"/_emulate/organizations/{organization['id']}/policy", json=policy).raise_for_status()
    begin(page)
    give_credentials(page)


def error(page: Page, client: Client) -> None:
    page.goto(
        f"{client.base_url}/user_management/authorize?client_id={client.client_id}&redirect_uri=https://{'a' * 90}"
    )


REACH: dict[str, Reach] = {
    "sign-in": sign_in,
    "password": password,
    "sign-up": sign_up,
    "magic-code": magic_code,
    "email-verification": email_verification,
    "forgot-password": forgot_password,
    "reset-password": reset_password,
    "mfa-enrollment": mfa_enrollment,
    "mfa-verification": mfa_verification,
    "organization-selection": organization_selection,
    "invite": invite,
    "identity-provider": identity_provider,
    "consent": consent,
    "device": device,
    "device-confirm": device_confirm,
    "message": message,
    "refused": refused,
    "required-method": required_method,
    "error": error,
}


@pytest.mark.parametrize("name", REACH)
def test_it_fits_and_shuts_nobody_out(visit: Visit, client: Client, name: str) -> None:
    page = visit()
    REACH[name](page, client)
    see(page, name)
    page.wait_for_load_state()  # the stylesheet too
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no color on its way to another
            assert findings(page) == [], f"{width} px, {scheme}"
