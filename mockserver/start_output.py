"""What the server says when it has started."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from typing import Any
from urllib.parse import urlsplit

import msgspec

from mockserver import __version__
from mockserver.core.gate import EVERY_HOST
from mockserver.core.server import Server
from mockserver.core.urls import is_loopback
from mockserver.fixtures import Document


def show(server: Server, port: int, document: Document | None, *, host: str, as_json: bool) -> None:
    """A few lines for people, or one JSON line with `url`, `port`, `api_key`, `client_id` and `version`.

    `host` is the address it listens on. The JSON has `warnings`, a list of sentences, where there are any.
    """
    keys = server.default.keys
    if as_json:
        line: dict[str, Any] = {
            "url": server.public_url,
            "port": port,
            "api_key": keys.api_key,
            "client_id": keys.client_id,
            "version": __version__,
        }
        if warnings := _warnings(server):
            line["warnings"] = warnings
        text = msgspec.json.encode(line).decode()
    else:
        text = "\n".join(_lines(server, port, document, host))
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _lines(server: Server, port: int, document: Document | None, host: str) -> list[str]:
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
        *_hosts(server, host),
        *_fixtures(server, document),
        *_kept_settings(server),
        f"  Your SDK    {_program()} env --port {port} --sdk node | python | nextjs",
    ]
    user = None if server.is_kept else _user_with_password(document)
    if user is not None:
        lines += [
            "",
            f"  Sign in as {user['email']}:",
            f"  curl {url}/user_management/authenticate -d grant_type=password \\",
            f"    -d client_id={keys.client_id} -d client_secret={keys.api_key} \\",
            f"    {_form('email', user['email'])} {_form('password', user['password'])}",
        ]
    lines += [line for warning in _warnings(server) for line in ("", f"  Warning: {warning}")]
    return [*lines, "", "  Stop with Ctrl-C.", ""]


def _warnings(server: Server) -> list[str]:
    host = urlsplit(server.public_url).hostname or ""
    if host == "localhost" or "." in host or ":" in host:
        return []
    return [
        f"browsers on other machines, such as the host of a container, can't resolve '{host}' of the public URL; "
        f"'{host}.localhost' is found by browsers, and by containers that have it as a network alias."
    ]


def _kept_settings(server: Server) -> list[str]:
    """Those of earlier starts and calls that go on to hold, as nobody would guess."""
    if not server.is_kept:
        return []
    usual, now = server.settings.to_json(), server.default.settings.to_json()
    changed = [name for name, value in now.items() if value != usual.get(name)]
    return [f"  Settings    kept from before: {', '.join(changed)}"] if changed else []


def _hosts(server: Server, host: str) -> list[str]:
    """Who else in the network is answered; nobody is where it listens on this machine alone."""
    if is_loopback(f"http://{f'[{host}]' if ':' in host else host}"):
        return []
    if EVERY_HOST in server.gate.hosts:
        return ["  Hosts       all"]
    names = ", ".join(sorted(server.gate.hosts))
    return [f"  Hosts       {names}, IP addresses and local names; more with --allowed-host"]


def _fixtures(server: Server, document: Document | None) -> list[str]:
    if document is None or document.name is None:
        return []
    if server.is_kept:
        return [f"  Fixtures    none: {document.name} was not loaded, since {server.data_dir} holds an environment"]
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
