"""What the pages refuse, and that nothing anybody sends leads elsewhere, becomes markup or breaks the server."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.app import ENDPOINTS
from tests.builders import PASSWORD, create_password_reset, create_user
from tests.conftest import Client
from tests.hosted.browser import CALLBACK, Browser, Page, browser_cookie
from tests.hosted.journeys import ADA, at_sign_in, enter_password, signed_in
from tests.hosted.servers import serve_as
from tests.invitations.builders import invite
from tests.organization_builders import add_member, create_organization
from tests.sso_builders import create_connection, save_profile

FORMS = sorted(
    endpoint.path.removeprefix("/authkit/{client_id}/")
    for endpoint in ENDPOINTS
    if endpoint.method == "POST" and endpoint.path.startswith("/authkit/{client_id}/")
)
MARKUP = "<img src=x onerror=alert(1)>'\"<b>"
FIELDS = {
    "email": ADA,
    "password": PASSWORD,
    "new_password": "correct horse battery staple",
    "code": "123456",
    "provider": "GoogleOAuth",
    "user_code": "BCDF-GHJK",
    "decision": "approve",
}


def address(browser: Browser, form: str) -> str:
    flow = browser.base.rpartition("/")[2]
    return f"/authkit/{browser.client.client_id}/{form.replace('{flow_id}', flow)}"


FOREIGN: list[dict[str, str]] = [
    {"origin": "https://evil.example"},
    {"origin": "null", "sec-fetch-site": "cross-site"},
    {"origin": "http://localhost.evil.example"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
]


@pytest.mark.parametrize("form", FORMS)
def test_form_of_another_site_changes_nothing(client: Client, form: str) -> None:
    user = create_user(client, password=PASSWORD)
    reset = create_password_reset(client)["password_reset_token"]
    invitation = invite(client)["token"]
    browser = at_sign_in(client)
    browser.submit(email=ADA)
    before = client.get("/_emulate/state").json()
    url = f"{address(browser, form)}?token={reset}&invitation_token={invitation}"
    fields = {**FIELDS, "csrf": browser.csrf, "user_id": user["id"]}
    for headers in FOREIGN:
        page = browser.post(url, fields, **headers)
        assert (page.status, page.name) == (403, "error")
    assert client.get("/_emulate/state").json() == before


@pytest.mark.parametrize("form", [form for form in FORMS if form != "invite"])  # whose page itself leads on to the app
@pytest.mark.parametrize("csrf", ["", "wrong"])
def test_form_with_another_token_changes_nothing(client: Client, form: str, csrf: str) -> None:
    user = create_user(client, password=PASSWORD)
    reset = create_password_reset(client)["password_reset_token"]
    browser = at_sign_in(client)
    browser.submit(email=ADA)
    before = client.get("/_emulate/state").json()
    browser.post(f"{address(browser, form)}?token={reset}", {**FIELDS, "csrf": csrf, "user_id": user["id"]})
    assert client.get("/_emulate/state").json() == before


@pytest.mark.fault("A16")
def test_browser_gets_a_new_name_at_sign_in(client: Client) -> None:
    """Whoever has planted a name there can neither use the sign-in's pages nor know what its forms carry."""
    create_user(client, password=PASSWORD)
    browser = Browser(client)
    browser.name = planted = "b" * 32
    browser.authorize()
    assert browser.name == planted
    browser.submit(email=ADA)
    browser.submit(password=PASSWORD)
    assert browser.name != planted
    assert browser.exchange()["user"]["email"] == ADA


@pytest.mark.fault("A16")
def test_planted_name_leads_to_nothing_after_the_sign_in(client: Client) -> None:
    create_user(client, password=PASSWORD)
    browser, planter = Browser(client), Browser(client)
    waiting = browser.authorize().url
    planter.name = browser.name
    browser.authorize()
    enter_password(browser)
    assert planter.open(waiting).status == 403
    assert browser.open(waiting).name == "sign-in"


@pytest.mark.fault("A16")
def test_form_of_another_tab_from_before_the_sign_in_shows_its_page_again(client: Client) -> None:
    create_user(client, password=PASSWORD)
    create_user(client, "alan@example.com", password=PASSWORD)
    browser = at_sign_in(client)
    other_tab = browser.page
    browser.authorize()
    enter_password(browser)
    browser.app, browser.page = None, other_tab
    again = browser.submit(email="alan@example.com")
    assert (again.status, again.name, again.values["email"]) == (403, "sign-in", "alan@example.com")
    assert "Send it once more" in again.texts["page-sign-in"]
    assert browser.submit().name == "password"


@pytest.mark.fault("A16")
def test_sign_in_leaves_the_tabs_of_another_environment_as_they_are(new_client: Callable[..., Client]) -> None:
    first, second = new_client(), new_client()
    for client in (first, second):
        create_user(client, password=PASSWORD)
    browser = at_sign_in(first)
    other_tab, browser.client = browser.page, second
    browser.authorize()
    enter_password(browser)
    browser.page = other_tab
    assert browser.submit(email=ADA).status == 200


def test_form_without_its_cookie_is_refused(client: Client) -> None:
    browser = at_sign_in(client)
    csrf, url = browser.csrf, browser.page.url
    browser.http.cookies.clear()
    assert browser.post(url, {"csrf": csrf, "email": ADA}).status == 403


def test_form_token_of_another_browser_is_refused(client: Client) -> None:
    mine, theirs = at_sign_in(client), at_sign_in(client)
    assert mine.csrf != theirs.csrf
    assert mine.post(mine.page.url, {"csrf": theirs.csrf, "email": ADA}).status == 403


@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example/cb",
        "http://evil.example/cb",
        "//evil.example/cb",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "javascript://localhost/%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:msgbox(1)",
        "file:///etc/passwd",
        "http://localhost@evil.example/",
        "http://localhost:3000@evil.example/",
        "http://evil.example\\@localhost/",
        "http://localhost\\.evil.example/",
        "http://localhost.evil.example/",
        "http://localhost%2eevil.example/",
        "http://127.0.0.1.evil.example/",
        "http://evil.example#@localhost/",
        "http://evil.example?@localhost/",
        "http://localhost:3000/callback\r\nset-cookie: a=b",
        "http://localhost:3000/callback\nset-cookie: a=b",
        "http://localhost\t.evil.example/",
        " http://evil.example/",
        "http://[::1]evil.example/",
        "http://[::1",
        "http://",
        "",
        "x" * 5000,
    ],
)
@pytest.mark.parametrize("start", [Browser.authorize, Browser.authorize_sso])
def test_nobody_is_led_to_an_address_that_is_not_registered(
    client: Client, start: Callable[..., Page], uri: str
) -> None:
    browser = Browser(client)
    page = start(browser, redirect_uri=uri, provider="GoogleOAuth")
    assert (page.status, page.name, page.forms) == (400, "error", [])
    assert "location" not in page.response.headers
    assert "set-cookie" not in page.response.headers


INJECTION = "x\r\nset-cookie: evil=1\r\n\r\n<script>alert(1)</script>"


@pytest.mark.parametrize(
    "changes",
    [
        {"state": INJECTION},
        {"state": INJECTION, "provider": INJECTION},
        {"state": INJECTION, "connection_id": INJECTION, "provider": None},
        {"state": INJECTION, "organization_id": INJECTION},
        {"state": INJECTION, "max_age": "-1"},
    ],
)
def test_no_text_of_the_app_becomes_a_header(client: Client, changes: dict[str, Any]) -> None:
    browser = at_sign_in(client, **changes)
    if browser.app is None:
        browser.submit("cancel")
    assert browser.app is not None
    assert browser.app["state"] == INJECTION
    assert "evil" not in browser.page.response.headers.get("set-cookie", "")
    assert "\n" not in browser.page.response.headers["location"]


@pytest.mark.parametrize("name", ["max_age", "response_type", "client_id"])
def test_parameter_that_is_wrong_is_a_page(client: Client, name: str) -> None:
    page = at_sign_in(client, **{name: MARKUP}).page
    assert (page.name, page.status in (400, 422)) == ("error", True)
    require_inert(page)


def require_inert(page: Page) -> None:
    """None of the markup is an element, whatever of it the page shows."""
    text = page.response.text
    assert "<img src=x" not in text
    assert "<b>" not in text


def test_markup_in_names_and_hints_stays_text(client: Client) -> None:
    client.change_settings(product_name=MARKUP)
    email = f"{'<b>'.join('ada')}@example.com"
    inviter = create_user(client, "grace@example.com", first_name=MARKUP, last_name=MARKUP, password=PASSWORD)
    acme, globex = (create_organization(client, MARKUP) for _ in range(2))
    for organization in (acme, globex):
        add_member(client, inviter, organization)
    starts: list[dict[str, Any]] = [
        {"state": MARKUP, "login_hint": MARKUP, "organization_id": acme["id"]},
        {"login_hint": email},
        {"screen_hint": "sign-up", "login_hint": email},
        {"domain_hint": MARKUP, "provider": "GoogleOAuth"},
        {"provider_scopes": MARKUP, "provider": "GoogleOAuth"},
    ]
    pages = [at_sign_in(client, **changes).page for changes in starts]
    browser = at_sign_in(client)
    pages.append(browser.submit(email=MARKUP))
    pages.append(enter_password(browser, "grace@example.com"))
    assert browser.page.name == "organization-selection"
    browser = at_sign_in(client, provider="GitHubOAuth", provider_scopes=MARKUP)
    pages.append(browser.submit(email=ADA, first_name=MARKUP, last_name=MARKUP))
    assert browser.page.name == "consent"
    for page in pages:
        require_inert(page)


def test_markup_of_organizations_stays_text(client: Client) -> None:
    inviter = create_user(client, "grace@example.com", first_name=MARKUP)
    organization = create_organization(client, MARKUP)
    connection = create_connection(client, organization, name=MARKUP)
    save_profile(client, connection, ADA, first_name=MARKUP)
    body = {"email": ADA, "organization_id": organization["id"], "inviter_user_id": inviter["id"]}
    invitation = client.post("/user_management/invitations", json=body).raise_for_status().json()
    browser = Browser(client)
    require_inert(browser.open(invitation["accept_invitation_url"]))
    require_inert(browser.submit())
    require_inert(browser.authorize(provider=None, connection_id=connection["id"]))
    require_inert(browser.submit(email="guest@example.com"))
    client.put(f"/_emulate/organizations/{organization['id']}/policy", json={"sso_required": True})
    user = create_user(client, "alan@example.com", password=PASSWORD)
    add_member(client, user, organization)
    browser = at_sign_in(client)
    require_inert(enter_password(browser, "alan@example.com"))
    assert browser.page.name == "required-method"


def test_typed_markup_stays_text_and_is_kept(client: Client) -> None:
    browser = at_sign_in(client, screen_hint="sign-up")
    page = browser.submit(email=MARKUP, first_name=MARKUP, last_name=MARKUP, password=PASSWORD)
    require_inert(page)
    assert (page.values["email"], page.values["first_name"], page.values["password"]) == (MARKUP, MARKUP, "")


def test_secrets_are_neither_shown_again_nor_logged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    create_user(client, password=PASSWORD)
    browser = at_sign_in(client)
    with caplog.at_level("DEBUG", "mockserver"):
        page = enter_password(browser, password="a-wrong-secret")
    assert "a-wrong-secret" not in page.response.text + caplog.text
    assert "a-wrong-secret" not in str(client.get("/_emulate/state").json())


def test_cookies_are_of_the_site_alone(client: Client) -> None:
    create_user(client, password=PASSWORD)
    browser = at_sign_in(client)
    enter_password(browser)
    cookies = browser.page.response.headers.get_list("set-cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert cookie.endswith("; HttpOnly; SameSite=Lax")
        assert "; Path=/; Max-Age=" in cookie
        assert "Domain" not in cookie


def test_cookies_are_secure_where_the_pages_are() -> None:
    with serve_as("https://auth.example.com") as client:
        query = {"client_id": client.client_id, "redirect_uri": CALLBACK, "response_type": "code"}
        answer = client.keyless.get(
            "/user_management/authorize", params={**query, "provider": "authkit"}, headers={"accept": "text/html"}
        )
        assert answer.headers["set-cookie"].endswith("; HttpOnly; SameSite=None; Secure")
        assert answer.headers["location"].startswith("/authkit/")


def test_a_sign_in_works_over_https() -> None:
    """The browser behind a proxy sends what belongs to the public URL."""
    with serve_as("https://auth.example.com") as client:
        create_user(client, password=PASSWORD)
        browser = Browser(client)
        browser.http.cookies.set(browser_cookie(client), "b" * 32)
        browser.authorize()
        for fields in ({"email": ADA}, {"password": PASSWORD}):
            sent = {**fields, "csrf": browser.csrf}
            browser.post(browser.page.url, sent, origin="https://auth.example.com")
        assert browser.exchange()["user"]["email"] == ADA


def test_session_cookie_is_no_key_to_guess_from(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    browser = signed_in(client)
    (value,) = [browser.http.cookies[name] for name in browser.http.cookies if name.startswith("authkit-session-")]
    assert len(value) == 40
    assert user["id"] not in value


def test_known_cookie_of_a_browser_is_no_sign_in(client: Client) -> None:
    create_user(client, password=PASSWORD)
    browser = signed_in(client)
    other = Browser(client)
    other.name = browser.name
    assert other.authorize().name == "sign-in"


GARBAGE = ["", " ", "\x00", "é", "💥", "../..", "%00", "%2e%2e%2f", "'; drop table users; --", "x" * 8000, "{}", "[]"]


@pytest.mark.parametrize("value", GARBAGE)
def test_garbage_in_an_address_is_a_page(client: Client, value: str) -> None:
    browser = Browser(client)
    for name in ("sign-in", "magic-code", "identity-provider/consent"):
        answer = browser.http.get(f"/authkit/{client.client_id}/{httpx.QueryParams({'': value})}/{name}")
        assert answer.status_code == 404
    for page in ("reset-password?token=", "invite?invitation_token="):
        assert browser.open(f"/authkit/{client.client_id}/{page}{httpx.QueryParams({'': value})}").status in (400, 410)


@pytest.mark.parametrize(
    "cookie",
    [
        b"%s=\xff\xfe; authkit=\x80",
        b"%s=" + b"x" * 8000,
        b'%s="; ;;==;',
        b"%s=a\xe9\xf0\x9f\x92\xa5",
        b"=; %s=<b>",
    ],
)
def test_garbage_in_a_cookie_breaks_nothing(client: Client, cookie: bytes) -> None:
    name = browser_cookie(client)
    headers = [(b"cookie", cookie % name.encode()), (b"accept", b"text/html")]
    asked = {"client_id": client.client_id, "redirect_uri": CALLBACK, "response_type": "code", "provider": "authkit"}
    answer = client.keyless.get("/user_management/authorize", params=asked, headers=headers)
    assert answer.status_code == 302
    (own,) = answer.headers.get_list("set-cookie")
    assert re.match(f"{name}=[0-9A-Za-z]{{32}}; ", own)


texts = st.text(max_size=60) | st.sampled_from([*GARBAGE, MARKUP, INJECTION, ADA, PASSWORD, "123456"])


@settings(max_examples=60)
@given(
    plan=st.lists(
        st.tuples(st.sampled_from(FORMS), st.dictionaries(st.sampled_from([*FIELDS, "user_id", "profile"]), texts)),
        max_size=5,
    ),
    query=st.dictionaries(
        st.sampled_from(["state", "login_hint", "screen_hint", "prompt", "max_age", "domain_hint", "provider_scopes"]),
        texts,
    ),
)
def test_whatever_is_sent_no_page_fails(
    client: Client, plan: list[tuple[str, dict[str, str]]], query: dict[str, str]
) -> None:
    """`Browser` refuses a 500, and pages without their headers."""
    browser = at_sign_in(client, **query)
    if browser.page.name == "error":
        return
    csrf, base = browser.csrf, browser
    forms = [(address(base, form), fields) for form, fields in plan]
    for url, fields in forms:
        browser.post(url, {**fields, "csrf": csrf})


@settings(max_examples=40)
@given(
    body=st.binary(max_size=200), kind=st.sampled_from(["application/x-www-form-urlencoded", "application/json", ""])
)
def test_whatever_the_body_is_no_page_fails(client: Client, body: bytes, kind: str) -> None:
    browser = at_sign_in(client)
    answer = browser.http.post(browser.page.url, content=body, headers={"content-type": kind})
    assert answer.status_code in (400, 403)


@settings(max_examples=60)
@given(data=st.data(), is_verified=st.booleans(), mfa=st.sampled_from(["off", "required"]))
def test_wherever_somebody_clicks_no_page_fails(
    client: Client, data: st.DataObject, is_verified: bool, mfa: str
) -> None:
    """A walk through the pages: any button, what is typed right or wrong, the mailed code or none."""
    client.post("/_emulate/reset", json={"to": "empty"}).raise_for_status()
    client.change_settings(mfa=mfa)
    create_user(client, password=PASSWORD, email_verified=is_verified)
    browser = at_sign_in(client)
    for _ in range(8):
        buttons = [id for form in browser.page.forms for id in form.buttons]
        if not buttons or browser.app is not None:
            return
        pressed = data.draw(st.sampled_from(buttons))
        form = next(form for form in browser.page.forms if pressed in form.buttons)
        typed = {name: data.draw(st.sampled_from(_choices(client, name))) for name in form.fields if name != "csrf"}
        browser.submit(pressed, **typed)


def _choices(client: Client, field: str) -> list[str]:
    right = {"email": [ADA], "password": [PASSWORD], "new_password": ["correct horse battery staple"]}
    mailed = client.get("/_emulate/inbox").json()["data"]
    codes = [message["code"] for message in mailed if field == "code" and message["code"]]
    return [*right.get(field, []), *codes, "", MARKUP]
