"""Mails, and waits for them that are surely under way."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from tests.conftest import Client


def send_code(client: Client, email: str = "ada@example.com") -> dict[str, Any]:
    """Causes a mail of kind `magic_auth`; answers the message as the inbox has it."""
    client.post("/user_management/magic_auth", json={"email": email}).raise_for_status()
    return client.latest_message(email)


def send_verification(client: Client, user_id: str) -> None:
    """Causes a mail of kind `email_verification`."""
    client.post(f"/user_management/users/{user_id}/email_verification/send").raise_for_status()


def environment_of(client: Client) -> str:
    """The name."""
    environments = client.get("/_emulate/environments").raise_for_status().json()["data"]
    return next(one["name"] for one in environments if one["api_key"] == client.api_key)


class Waiting:
    """A call (of `/_emulate/inbox/wait`) that the server is busy with when the constructor returns."""

    def __init__(self, client: Client, **parameters: Any) -> None:
        url = client.base_url
        self._connection = HTTPConnection(url.host, url.port, timeout=20)
        headers = {"Authorization": f"Bearer {client.api_key}"}
        self._connection.request("GET", f"/_emulate/inbox/wait?{urlencode(parameters)}", headers=headers)
        # The server reads what was sent to it in order: once it has answered these, it has begun with the wait.
        for _ in range(5):
            client.get("/health").raise_for_status()

    def answer(self) -> tuple[int, dict[str, Any]]:
        """Status and body, once they come."""
        response = self._connection.getresponse()
        body = json.loads(response.read())
        self._connection.close()
        return response.status, body


class EventStream:
    """`/_emulate/inbox/stream`, begun when the constructor returns."""

    def __init__(self, client: Client, last_event_id: str | None = None, **parameters: Any) -> None:
        url = client.base_url
        self._connection = HTTPConnection(url.host, url.port, timeout=20)
        headers = {"Authorization": f"Bearer {client.api_key}", "Accept": "text/event-stream"}
        if last_event_id is not None:
            headers["Last-Event-ID"] = last_event_id
        self._connection.request("GET", f"/_emulate/inbox/stream?{urlencode(parameters)}", headers=headers)
        self.response = self._connection.getresponse()
        assert self.response.status == 200, self.response.read()
        assert self.next() == "retry: 1000"

    def next(self) -> str | None:
        """The text of the next event or comment, or None when the stream has ended."""
        lines = []
        while line := self.response.readline().decode().rstrip("\n"):
            lines.append(line)
        return "\n".join(lines) or None

    def next_message(self) -> dict[str, Any]:
        """The mail of the next event, which must be a `message`."""
        id, name, data = (self.next() or "").split("\n")
        message: dict[str, Any] = json.loads(data.removeprefix("data: "))
        assert (id, name) == (f"id: {message['id']}", "event: message")
        return message

    def __enter__(self) -> EventStream:
        return self

    def __exit__(self, *_: object) -> None:
        self.response.close()
        self._connection.close()
