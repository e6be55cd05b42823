"""What the server says when it has started."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from typing import Any

import msgspec

from mockserver import __version__
from mockserver.core.environment import Server
from mockserver.fixtures import Document


def show(server: Server, port: int, document: Document | None, *, as_json: bool) -> None:
    """A few lines for people, or one JSON line with `url`, `port`, `api_key`, `client_id` and `version`."""
    keys = server.default.keys
    if as_json:
        line: dict[str, Any] = {
            "url": server.public_url,
            "port": port,
            "api_key": keys.api_key,
            "client_id": keys.client_id,
            "version": __version__,
        }
        text = msgspec.json.encode(line).decode()
    else:
        text = "\n".join(_lines(server, port, document))
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _lines(server: Server, port: int, document: Document | None) -> list[str]:
    url, keys = server.public_url, server.default.keys
    kept = "in memory, gone when it stops" if server.data_dir is None else f"kept in {server.data_dir}"
    lines = [
        f"mockserver {__version__} is ready",
        "",
        f"  API         {url}",
        f"  API key     {keys.api_key}",
        f"  Client id   {keys.client_id}",
        f"  Inbox       {url}/  (as JSON: {url}/_emulate/inbox)",
        f"  Control     {url}/_emulate",
        f"  Data        {kept}",
        *_fixtures(document),
        f"  Your SDK    {_program()} env --port {port} --sdk node | python | nextjs",
    ]
    user = _user_with_password(document)
    if user is not None:
        lines += [
            "",
            f"  Sign in as {user['email']}:",
            f"  curl {url}/user_management/authenticate -d grant_type=password \\",
            f"    -d client_id={keys.client_id} -d client_secret={keys.api_key} \\",
            f"    {_form('email', user['email'])} {_form('password', user['password'])}",
        ]
    return [*lines, "", "  Stop with Ctrl-C.", ""]


def _fixtures(document: Document | None) -> list[str]:
    if document is None or document.name is None:
        return []
    found = ", found in this directory by its name" if document.is_lenient else ""
    return [f"  Fixtures    {document.name}{found}"]


def _program() -> str:
    """How this program was called: `mockserver` where that is found, else the path."""
    path = sys.argv[0]
    if os.path.basename(path) != "mockserver":
        return f"{os.path.basename(sys.executable)} -m mockserver"
    return "mockserver" if shutil.which("mockserver") == os.path.abspath(path) else os.path.relpath(path)


def _form(name: str, value: str) -> str:
    """A member of a form as curl takes it; any value survives the shell and the form."""
    option = "-d" if re.fullmatch(r"[\w.@-]*", value, re.ASCII) else "--data-urlencode"
    return f"{option} {shlex.quote(f'{name}={value}')}"


def _user_with_password(document: Document | None) -> dict[str, Any] | None:
    """The first user of the fixtures whom a password alone signs in."""
    users = [] if document is None else document.content.get("users") or []
    ready = [user for user in users if user.get("password") and user.get("email_verified") and not user.get("totp")]
    return next(iter(ready), None)
