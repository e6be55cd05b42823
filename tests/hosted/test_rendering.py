"""Every hosted page: what it says, what it may load, and that no text becomes markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from mockserver import serving
from mockserver.core.environment import Environment, Keys
from mockserver.hosted.rendering import TEMPLATES, in_fours, render

BASE = "/authkit/client_acme/01JACME"
CANCEL = f"{BASE}/cancel"
EVERY_PAGE = {"base": BASE, "csrf": "c5rf", "email": "ada@example.com", "notice": "Done.", "cancel_url": CANCEL}
ADA = {"id": "user_ada", "email": "ada@example.com", "name": "Ada Lovelace"}
INVITATION = {"organization": "Acme", "inviter": "Grace Hopper", "email": "ada@example.com"}
FACTORS = [{"id": "f1", "label": "App", "is_current": True}, {"id": "f2", "label": "Phone", "is_current": False}]
ACTIONS = [
    {"label": "Use another account", "url": f"{BASE}/again", "is_post": True},
    {"label": "Back to the app", "url": "https://app.example.com", "is_post": False},
]
PROVIDERS = [
    {"slug": f"{name}OAuth", "name": name} for name in ("Google", "Microsoft", "GitHub", "Apple", "Slack", "Xero")
]

# What each page needs, and what it may be given besides.
PAGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "sign-in": (
        {},
        {
            "providers": PROVIDERS,
            "known_users": [ADA],
            "sign_up_url": f"{BASE}/sign-up",
            "organization_name": "Acme",
            "invitation": INVITATION,
        },
    ),
    "password": ({}, {"can_use_code": True, "forgot_url": f"{BASE}/forgot-password", "change_url": f"{BASE}/sign-in"}),
    "sign-up": (
        {"can_use_password": True},
        {
            "can_use_code": True,
            "providers": PROVIDERS,
            "sign_in_url": f"{BASE}/sign-in",
            "invitation": INVITATION,
            "minimum_length": 10,
        },
    ),
    "magic-code": ({}, {"resend_url": f"{BASE}/magic-code/send", "change_url": f"{BASE}/sign-in"}),
    "forgot-password": ({}, {"sign_in_url": f"{BASE}/sign-in"}),
    "reset-password": ({}, {"minimum_length": 10}),
    "email-verification": ({}, {"resend_url": f"{BASE}/email-verification/send"}),
    "mfa-enrollment": (
        {"qr_code": "data:image/png;base64,AAAA", "secret": "JBSWY3DP", "issuer": "Acme", "account": "ada@example.com"},
        {},
    ),
    "mfa-verification": ({"kind": "totp"}, {"factors": FACTORS, "resend_url": f"{BASE}/mfa/send"}),
    "organization-selection": ({"organizations": [{"id": "org_acme", "name": "Acme"}]}, {}),
    "invite": ({"invitation": {"organization": None, "inviter": None, "email": "ada@example.com"}}, {"is_known": True}),
    "identity-provider": (
        {"idp": {"name": "Google", "kind": "social", "connection_name": None}},
        {"profiles": [ADA], "scopes": ["email"]},
    ),
    "consent": (
        {
            "idp": {"name": "Google", "kind": "social", "connection_name": None},
            "account": {"email": "ada@example.com", "name": "Ada Lovelace"},
        },
        {"scopes": ["email", "calendar"]},
    ),
    "device": ({}, {}),
    "device-confirm": (
        {"user_code": "BCDF-GHJK", "user": {"email": "ada@example.com", "name": None}},
        {"organization_name": "Acme"},
    ),
    "required-method": (
        {},
        {
            "connections": [{"id": "conn_acme", "name": "Acme Okta"}],
            "providers": PROVIDERS,
            "can_use_password": True,
            "can_use_code": True,
            "password_url": f"{BASE}/sign-in/password",
            "organization_name": "Acme",
            "is_sso": True,
        },
    ),
    "refused": ({"heading": "No", "message": "Not today."}, {"hint": "Come back tomorrow.", "actions": ACTIONS}),
    "message": (
        {"heading": "Signed out", "message": "Bye."},
        {"link": {"label": "Back", "url": "https://app.example.com"}, "testid": "signed-out"},
    ),
}
# Also the other faces of some.
FACES = {
    **{name: (name, {**needed, **more}) for name, (needed, more) in PAGES.items()},
    "link-sent": ("forgot-password", {"is_sent": True, "sign_in_url": f"{BASE}/sign-in"}),
    "unusable-link": ("reset-password", {"is_unusable": True, "forgot_url": f"{BASE}/forgot-password"}),
    "sign-up-by-code": ("sign-up", {"can_use_code": True}),
    "text-message": ("mfa-verification", {"kind": "sms", "resend_url": f"{BASE}/mfa/send"}),
}
MARKUP = "<script>alert('\"')</script>"


class Elements(HTMLParser):
    """The start tags of a page, in order, each with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag in tags]

    def one(self, **attributes: str) -> dict[str, str | None]:
        (found,) = [found for _, found in self.found if attributes.items() <= found.items()]
        return found

    def by_testid(self, testid: str) -> dict[str, str | None]:
        return self.one(**{"data-testid": testid})


@pytest.fixture
def env() -> Iterator[Environment]:
    server = serving.open_server(Keys("sk_test_acme", "client_acme"), "http://localhost:4100")
    yield server.default
    serving.close_server(server)


def page(env: Environment, template: str, **context: Any) -> str:
    return render(template, env, **context).body.decode()


def face(env: Environment, name: str, **context: Any) -> str:
    template, full = FACES[name]
    return page(env, template, **{**EVERY_PAGE, **full, **context})


def marked_up(value: Any) -> Any:
    """The same with markup for every text."""
    if isinstance(value, str):
        return MARKUP
    if isinstance(value, dict):
        return {name: marked_up(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(marked_up, value))
    return value


def test_the_table_above_has_every_page() -> None:
    assert {path.stem for path in TEMPLATES.iterdir()} - {"base", "macros", "provider-choice"} == PAGES.keys()


@pytest.mark.parametrize("template", PAGES)
def test_a_page_needs_little(env: Environment, template: str) -> None:
    needed, _ = PAGES[template]
    assert f'data-testid="page-{template}"' in page(env, template, **needed)


@pytest.mark.parametrize("name", FACES)
def test_a_page_has_one_heading_and_a_title_with_the_products_name(env: Environment, name: str) -> None:
    text = face(env, name)
    heading = re.search("<h1>(.+)</h1>", text)
    assert (text.count("<h1"), text.count("<main")) == (1, 1)
    assert heading is not None
    assert f"<title>{heading[1]} · Mockserver</title>" in text


@pytest.mark.parametrize("name", FACES)
def test_no_text_becomes_markup(env: Environment, name: str) -> None:
    template, full = FACES[name]
    fields = [str(found["name"]) for found in Elements(face(env, name)).all("input")]
    texts = dict.fromkeys(fields, MARKUP)
    context = marked_up({**EVERY_PAGE, **full, "title": "x", "inbox_url": "x"})
    context["brand"] = {"name": MARKUP, "logo": MARKUP}
    text = page(env, template, **context, values=texts, errors={**texts, "form": MARKUP})
    assert "<script>" not in text
    assert "&lt;script&gt;alert(&#39;&#34;&#39;)&lt;/script&gt;" in text
    before = [tag for tag, _ in Elements(face(env, name)).found if tag == "script"]
    assert [tag for tag, _ in Elements(text).found if tag == "script"] == before


@pytest.mark.parametrize("name", FACES)
def test_a_page_loads_only_from_its_server_and_has_nothing_inline(env: Environment, name: str) -> None:
    elements = Elements(face(env, name))
    loaded = [found.get("src") or found.get("href") for found in elements.all("link", "img", "script")]
    assert [address for address in loaded if not str(address).startswith(("/authkit/", "data:image/"))] == []
    assert elements.all("style") == []
    assert [key for _, found in elements.found for key in found if key == "style" or key.startswith("on")] == []


@pytest.mark.parametrize("name", FACES)
def test_every_form_is_posted_with_its_token(env: Environment, name: str) -> None:
    elements = Elements(face(env, name))
    forms = elements.all("form")
    assert {form["method"] for form in forms} <= {"post"}
    assert len(forms) == [found.get("name") for found in elements.all("input")].count("csrf")


@pytest.mark.parametrize("name", FACES)
def test_every_field_has_a_label_and_its_error_beside_it(env: Environment, name: str) -> None:
    def fields(elements: Elements) -> list[dict[str, str | None]]:
        return [found for found in elements.all("input") if "id" in found]

    names = [str(found["name"]) for found in fields(Elements(face(env, name)))]
    elements = Elements(face(env, name, errors=dict.fromkeys(names, "Wrong.")))
    assert [label["for"] for label in elements.all("label")] == names
    for field in fields(elements):
        error = elements.by_testid(f"{field['name']}-error")
        assert (error["role"], field["aria-invalid"]) == ("alert", "true")
        assert error["id"] in str(field["aria-describedby"]).split()
    assert [field["name"] for field in elements.all("input") if "autofocus" in field] == names[:1]


def test_the_first_field_in_error_has_the_focus(env: Environment) -> None:
    elements = Elements(face(env, "sign-up", errors={"password": "Too short."}))
    assert [field["name"] for field in elements.all("input") if "autofocus" in field] == ["password"]


def test_what_was_typed_is_kept_but_for_passwords(env: Environment) -> None:
    text = face(env, "sign-up", values={"email": "grace@example.com", "password": "correct horse"})
    assert Elements(text).by_testid("email-input")["value"] == "grace@example.com"
    assert "correct horse" not in text


@pytest.mark.parametrize(
    ("name", "field", "autocomplete"),
    [
        ("sign-in", "email", "username"),
        ("password", "password", "current-password"),
        ("sign-up", "email", "email"),
        ("sign-up", "first_name", "given-name"),
        ("sign-up", "last_name", "family-name"),
        ("sign-up", "password", "new-password"),
        ("reset-password", "new_password", "new-password"),
        ("magic-code", "code", "one-time-code"),
        ("mfa-verification", "code", "one-time-code"),
    ],
)
def test_browsers_can_fill_a_field(env: Environment, name: str, field: str, autocomplete: str) -> None:
    assert Elements(face(env, name)).by_testid(f"{field}-input")["autocomplete"] == autocomplete


@pytest.mark.parametrize("name", ["password", "reset-password"])
def test_a_password_manager_learns_whose_password_it_is(env: Environment, name: str) -> None:
    assert Elements(face(env, name)).one(autocomplete="username")["value"] == "ada@example.com"


def test_four_providers_are_buttons_and_the_others_are_folded_away(env: Environment) -> None:
    shown, _, folded = face(env, "sign-in").partition("<details>")
    slugs = re.compile('data-testid="provider-(.+?)"')
    assert slugs.findall(shown) == ["GoogleOAuth", "MicrosoftOAuth", "GitHubOAuth", "AppleOAuth"]
    assert slugs.findall(folded) == ["SlackOAuth", "XeroOAuth"]
    assert "<details>" not in face(env, "sign-in", providers=PROVIDERS[:4])


def test_a_factor_in_use_is_no_choice(env: Environment) -> None:
    elements = Elements(face(env, "mfa-verification"))
    assert [found["value"] for found in elements.all("button") if found.get("name") == "factor_id"] == ["f2"]


def test_the_footer_leads_to_the_inbox(env: Environment) -> None:
    inbox = Elements(face(env, "password")).by_testid("inbox-link")
    assert inbox["href"] == "/_emulate/ui/inbox?client_id=client_acme&to=ada%40example.com"
    assert "Inbox of ada@example.com" in face(env, "password")


def test_a_client_id_of_any_kind_stands_in_the_addresses() -> None:
    server = serving.open_server(Keys("sk_test_acme", "a/b ü&"), "http://localhost:4100")
    try:
        assert server.default.authkit_url == "http://localhost:4100/authkit/a%2Fb%20%C3%BC%26"
        text = page(server.default, "device")
    finally:
        serving.close_server(server)
    assert 'href="/authkit/a%2Fb%20%C3%BC%26/branding.css"' in text
    assert 'href="/_emulate/ui/inbox?client_id=a%2Fb%20%C3%BC%26"' in text


def test_a_logo_stands_in_place_of_the_letter(env: Environment) -> None:
    logo = "data:image/png;base64,iVBORw0KGgo="
    (image,) = Elements(face(env, "sign-in", brand={"name": "Acme", "logo": logo})).all("img")
    assert (image["src"], image["alt"]) == (logo, "Acme")


@pytest.mark.parametrize("template", PAGES)
def test_a_page_is_kept_by_nobody_and_framed_by_nobody(env: Environment, template: str) -> None:
    reply = render(template, env, status=403, **PAGES[template][0])
    script = "; script-src 'self'" if template == "mfa-enrollment" else ""
    assert (reply.status, reply.content_type) == (403, "text/html; charset=utf-8")
    assert dict(reply.headers) == {
        "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
        f"frame-ancestors 'none'{script}",
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "cache-control": "no-store",
    }
    assert bool(Elements(reply.body.decode()).all("script")) == bool(script)


@pytest.mark.parametrize(("secret", "shown"), [("JBSWY3DPEH", "JBSW Y3DP EH"), ("JBSW Y3DP", "JBSW Y3DP"), ("", "")])
def test_a_secret_is_shown_in_groups_of_four(secret: str, shown: str) -> None:
    assert in_fours(secret) == shown
