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


class Waiting:
    """A call (of `/_emulate/inbox/wait`) that the server is busy with when the constructor returns."""

    def __init__(
        self, client: Client, path: str = "/_emulate/inbox/wait", accept: str = "application/json", **parameters: Any
    ) -> None:
        url = client.base_url
        self._connection = HTTPConnection(url.host, url.port, timeout=20)
        headers = {"Authorization": f"Bearer {client.api_key}", "Accept": accept}
        self._connection.request("GET", f"{path}?{urlencode(parameters)}", headers=headers)
        # The server reads what was sent to it in order: once it has answered these, it has begun with the wait.
        for _ in range(5):
            client.get("/health").raise_for_status()

    def answer(self) -> tuple[int, dict[str, Any]]:
        """Status and body, once they come."""
        status, text = self.page()
        return status, json.loads(text)

    def page(self) -> tuple[int, str]:
        """The same for an answer that is no JSON."""
        response = self._connection.getresponse()
        text = response.read().decode()
        self._connection.close()
        return response.status, text
