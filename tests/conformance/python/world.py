"""A world of its own for each check: an environment of the server, with the control calls a journey needs."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

PASSWORD = "secure-password"  # the guide's
SIGN_OUT = "https://yourapp.com"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def location(self) -> str:
        return self.headers["location"]

    @property
    def parameters(self) -> dict[str, str]:
        """Those of the URL that this answer redirects to."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.location).query).items()}

    def json(self) -> Any:
        return json.loads(self.body)


def fetch(method: str, url: str, body: object = None, headers: dict[str, str] | None = None) -> Answer:
    """One exchange; redirects are answered, not followed."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    try:
        sent = None if body is None else json.dumps(body)
        connection.request(method, f"{parts.path}?{parts.query}", sent, headers or {})
        response = connection.getresponse()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
    finally:
        connection.close()


class World:
    """Made on entering, with the guide's sign-out redirect registered, and deleted on leaving."""

    api_key: str
    client_id: str
    issuer: str

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def __enter__(self) -> World:
        self._authorization: dict[str, str] = {}
        made = self.control("POST", "environments", {"fixtures": {"settings": {"sign_out_redirects": [SIGN_OUT]}}})
        self.api_key, self.client_id, self.issuer = made["api_key"], made["client_id"], made["issuer"]
        self._name = made["name"]
        self._authorization = {"Authorization": f"Bearer {self.api_key}"}
        return self

    def __exit__(self, *_: object) -> None:
        self.control("DELETE", f"environments/{self._name}")

    def control(self, method: str, path: str, body: object = None) -> Any:
        """A call of `/_emulate` in this environment."""
        headers = {"Content-Type": "application/json", **self._authorization}
        answer = fetch(method, f"{self.url}/_emulate/{path}", body, headers)
        if answer.status >= 400:
            raise AssertionError(f"{method} /_emulate/{path} answered {answer.status}: {answer.body.decode()}")
        return answer.json() if answer.body else None

    def message(self, to: str, kind: str) -> dict[str, Any]:
        """The latest mail of this kind to this address."""
        found: dict[str, Any] = self.control("GET", f"inbox/latest?{urlencode({'to': to, 'kind': kind})}")
        return found

    def advance(self, seconds: float) -> None:
        self.control("POST", "clock/advance", {"seconds": seconds})

    def freeze(self) -> None:
        self.control("PUT", "clock", {"frozen": True})

    def now(self) -> datetime:
        return datetime.fromisoformat(self.control("GET", "clock")["now"])

    def change_settings(self, **settings: Any) -> None:
        self.control("PATCH", "settings", settings)


class raises:
    """Expects exactly this class of exception, which is then `error`."""

    error: Any

    def __init__(self, kind: type[Exception]) -> None:
        self.kind = kind

    def __enter__(self) -> raises:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> bool:
        if kind is None:
            raise AssertionError(f"Nothing was raised; {self.kind.__name__} was expected.")
        self.error = error
        return kind is self.kind
