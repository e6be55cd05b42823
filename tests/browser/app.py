"""An application that signs its people in through AuthKit's pages, as small as one can be."""

from __future__ import annotations

import hashlib
import secrets
import threading
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from html import escape
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.builders import claims
from tests.conftest import Client

PAGE = """<!doctype html><html lang="en"><title>App</title><link rel="icon" href="data:,"><main>{}</main></html>"""
SIGNED_OUT = '<h1>Signed out</h1><form action="/sign-in"><button>Sign in</button></form>'


class App:
    """Its start page is at `url`; the sign-in button leads to `authorize` with `parameters` beside the usual ones.
    What `/sign-in` is sent goes there too, so it can be the environment's `sign_in_endpoint`.

    `answers` are what `POST /user_management/authenticate` has answered so far, the newest last.
    """

    def __init__(self, client: Client, parameters: Mapping[str, str]) -> None:
        self.client = client
        self.parameters = parameters
        self.answers: list[dict[str, Any]] = []
        app = self

        class BoundHandler(Handler):
            def setup(self) -> None:
                self.app = app
                super().setup()

        self._listener = ThreadingHTTPServer(("127.0.0.1", 0), BoundHandler)
        self._listener.daemon_threads = True
        self.url = f"http://localhost:{self._listener.server_port}"
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> App:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._listener.shutdown()
        self._listener.server_close()
        self._thread.join()

    @property
    def cookie(self) -> str:
        """Cookies don't tell ports apart, so each app has a name of its own."""
        return f"app-{self._listener.server_port}"

    def authorize_url(self, state: str, code_challenge: str, parameters: Mapping[str, str]) -> str:
        query = {
            "client_id": self.client.client_id,
            "redirect_uri": f"{self.url}/callback",
            "response_type": "code",
            "provider": "authkit",
            "state": state,
            "code_challenge": code_challenge,
            "code_challenge_method": "S256",
            **self.parameters,
            **parameters,
        }
        if "connection_id" in query:
            del query["provider"]
        return f"{self.client.base_url}/user_management/authorize?{urlencode(query)}"

    def logout_url(self, access_token: str) -> str:
        query = {"session_id": claims(access_token)["sid"], "return_to": self.url}
        return f"{self.client.base_url}/user_management/sessions/logout?{urlencode(query)}"


class Handler(BaseHTTPRequestHandler):
    """The browser remembers one thing, in a cookie: `state.verifier` while signing in, then the answer's number."""

    app: App

    def do_GET(self) -> None:
        target = urlsplit(self.path)
        query = dict(parse_qsl(target.query))
        match target.path:
            case "/":
                self.show(self.start_page())
            case "/sign-in":
                self.sign_in(query)
            case "/callback":
                self.call_back(query)
            case "/sign-out":
                self.redirect(self.app.logout_url(self.answer()["access_token"]), cookie="")
            case _:
                self.send_error(404)

    def start_page(self) -> str:
        if not self.remembered().isdigit():
            return SIGNED_OUT
        answer = self.answer()
        return (
            f"<h1>Signed in as {escape(answer['user']['email'])}</h1>"
            f'<p data-testid="method">{answer.get("authentication_method")}</p>'
            f'<p data-testid="organization">{answer.get("organization_id", "none")}</p>'
            '<p><a href="/sign-out">Sign out</a></p>'
        )

    def sign_in(self, parameters: Mapping[str, str]) -> None:
        state, verifier = secrets.token_urlsafe(16), secrets.token_urlsafe(48)
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
        self.redirect(self.app.authorize_url(state, challenge, parameters), cookie=f"{state}.{verifier}")

    def call_back(self, query: Mapping[str, str]) -> None:
        state, _, verifier = self.remembered().partition(".")
        if query.get("state") != state:
            self.show("<h1>Sign-in failed</h1><p>the state is another one</p>", cookie="")
        elif "code" not in query:
            self.show(f"<h1>Sign-in failed</h1><p>{escape(query['error'])}</p>", cookie="")
        else:
            response = self.app.client.authenticate("authorization_code", code=query["code"], code_verifier=verifier)
            self.app.answers.append(response.raise_for_status().json())
            self.redirect("/", cookie=str(len(self.app.answers)))

    def remembered(self) -> str:
        morsel = SimpleCookie(self.headers.get("Cookie", "")).get(self.app.cookie)
        return morsel.value if morsel else ""

    def answer(self) -> dict[str, Any]:
        return self.app.answers[int(self.remembered()) - 1]

    def show(self, content: str, cookie: str | None = None) -> None:
        body = PAGE.format(content).encode()
        self.send_response(200)
        self.set_cookie(cookie)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def redirect(self, url: str, cookie: str | None = None) -> None:
        self.send_response(302)
        self.set_cookie(cookie)
        self.send_header("Location", url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def set_cookie(self, value: str | None) -> None:
        if value is not None:
            self.send_header("Set-Cookie", f"{self.app.cookie}={value}; Path=/; HttpOnly; SameSite=Lax")

    def log_message(self, format: str, *arguments: object) -> None:
        """Tests have no use for a log of requests."""
