"""A browser without a screen: it follows links, forms and redirects over HTTP, and keeps cookies."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx

from tests.conftest import Client

CALLBACK = "http://localhost:3000/callback"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
VOID = ("meta", "link", "input", "img", "br")


@dataclass
class Form:
    """`fields` are the inputs with what they hold, `buttons` the attributes of each button, by its test id."""

    action: str | None
    fields: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, dict[str, str | None]] = field(default_factory=dict)


class Page(HTMLParser):
    """What an answer shows; `texts` are by test id."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__()
        self.response = response
        self.status = response.status_code
        self.url = str(response.url)
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self.elements: dict[str, dict[str, str | None]] = {}
        self.texts: dict[str, str] = {}
        self._open: list[str | None] = []
        self.feed(response.text)

    @property
    def name(self) -> str:
        """That of its template."""
        return next((id.removeprefix("page-") for id in self.elements if id.startswith("page-")), "")

    @property
    def values(self) -> dict[str, str]:
        """What the fields of all forms hold."""
        return {name: value for form in self.forms for name, value in form.fields.items()}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        id = attributes.get("data-testid")
        if id is not None:
            self.elements[id] = attributes
            self.texts[id] = ""
        if tag == "form":
            self.forms.append(Form(attributes.get("action")))
        elif tag == "input":
            self.forms[-1].fields[attributes["name"] or ""] = attributes.get("value") or ""
        elif tag == "button" and id is not None:
            self.forms[-1].buttons[id] = attributes
        elif tag == "a" and id is not None:
            self.links[id] = attributes["href"] or ""
        if tag not in VOID:
            self._open.append(id)

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for id in self._open:
            if id is not None:
                self.texts[id] = " ".join(f"{self.texts[id]} {data}".split())


def browser_cookie(client: Client) -> str:
    return f"mockserver-browser-{hashlib.sha256(client.client_id.encode()).hexdigest()[:12]}"


def require_safe(response: httpx.Response) -> None:
    """No failure of the server, the headers of a page on every page, and cookies that no script reads."""
    assert response.status_code < 500, response.text
    for cookie in response.headers.get_list("set-cookie"):
        assert "; HttpOnly; SameSite=" in cookie
    if response.is_redirect:
        return
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-an")
    assert ("script-src" in policy) == ("<script" in response.text)
    assert "unsafe" not in policy
    for name, value in HEADERS.items():
        assert response.headers[name] == value


class Browser:
    """One browser of one person. `page` is what it shows, `app` what the app was sent, once it has been led there."""

    def __init__(self, client: Client, **headers: str) -> None:
        self.client = client
        self.origin = str(client.base_url).rstrip("/")
        self.http = httpx.Client(
            base_url=self.origin,
            headers={"accept": ACCEPT, "user-agent": FIREFOX, **headers},
            limits=httpx.Limits(max_keepalive_connections=0),  # so that nobody need close it
            timeout=30,
            verify=False,
        )
        self.page: Page
        self.app: dict[str, str] | None = None

    def authorize(self, **changes: Any) -> Page:
        """As the app's sign-in link does; a parameter that is None is left out."""
        return self._start("/user_management/authorize", {"provider": "authkit", **changes})

    def authorize_sso(self, **changes: Any) -> Page:
        return self._start("/sso/authorize", changes)

    def _start(self, path: str, changes: dict[str, Any]) -> Page:
        asked = {"client_id": self.client.client_id, "redirect_uri": CALLBACK, "response_type": "code", **changes}
        return self.open(path, params={name: value for name, value in asked.items() if value is not None})

    def open(self, url: str, **options: Any) -> Page:
        return self._arrive(self.http.get(url, **options))

    def follow(self, testid: str) -> Page:
        return self.open(urljoin(self.page.url, self.page.links[testid]))

    def submit(self, testid: str = "submit", **fields: str) -> Page:
        """Types into the form of a button, and presses it."""
        form = next(form for form in self.page.forms if testid in form.buttons)
        button = form.buttons[testid]
        assert fields.keys() <= form.fields.keys(), f"the form has {sorted(form.fields)}"
        pressed = {button["name"]: button.get("value") or ""} if button.get("name") else {}
        address = urljoin(self.page.url, button.get("formaction") or form.action or self.page.url)
        return self.post(address, {**form.fields, **fields, **pressed})

    def post(self, url: str, fields: dict[str, Any], **headers: str) -> Page:
        """As a form of the page would, whatever the page has."""
        sent = {"origin": self.origin, "sec-fetch-site": "same-origin", **headers}
        return self._arrive(self.http.post(url, data=fields, headers=sent))

    def _arrive(self, response: httpx.Response) -> Page:
        """Follows redirects as long as they stay on the server. Whatever comes must be as safe as all of it is."""
        require_safe(response)
        while response.is_redirect:
            target = urljoin(str(response.url), response.headers["location"])
            if not target.startswith(f"{self.origin}/"):
                self.app = dict(parse_qsl(urlsplit(target).query, keep_blank_values=True))
                self.page = Page(response)
                return self.page
            response = self.http.get(target)
            require_safe(response)
        self.page = Page(response)
        return self.page

    @property
    def base(self) -> str:
        """The flow of the page, as its pages' addresses begin."""
        return "/".join(urlsplit(self.page.url).path.split("/")[:4])

    @property
    def name(self) -> str:
        """What the server calls it, by a cookie."""
        return self.http.cookies[browser_cookie(self.client)]

    @name.setter
    def name(self, name: str) -> None:
        self.http.cookies.clear()
        self.http.cookies.set(browser_cookie(self.client), name, domain="localhost.local")

    @property
    def csrf(self) -> str:
        return self.page.values["csrf"]

    def exchange(self, **members: Any) -> dict[str, Any]:
        """What the app gets for its code."""
        assert self.app is not None, f"still at {self.page.url}: {self.page.texts}"
        response = self.client.authenticate("authorization_code", code=self.app["code"], **members)
        answer: dict[str, Any] = response.raise_for_status().json()
        return answer
