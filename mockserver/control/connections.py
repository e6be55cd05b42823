"""How to point an SDK at the server: environment variables and two lines of code each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from mockserver.core.environment import Keys

SDKS = ("node", "python", "nextjs")
COOKIE_PASSWORD = "mockserver-cookie-password-of-32-characters"


@dataclass(frozen=True)
class Connection:
    variables: dict[str, str]
    code: str


def connection(sdk: str, url: str, keys: Keys) -> Connection:
    """`sdk` is one of SDKS; `url` the server's public URL."""
    return _CONNECTIONS[sdk](url, keys)


def _node(url: str, keys: Keys) -> Connection:
    parts = urlsplit(url)
    is_https = parts.scheme == "https"
    port = parts.port or (443 if is_https else 80)
    variables = {"WORKOS_API_KEY": keys.api_key, "WORKOS_CLIENT_ID": keys.client_id}
    code = f"""import {{ WorkOS }} from '@workos-inc/node';

const workos = new WorkOS('{keys.api_key}', {{
  clientId: '{keys.client_id}',
  apiHostname: '{parts.hostname}',
  port: {port},
  https: {"true" if is_https else "false"},
}});"""
    return Connection(variables, code)


def _python(url: str, keys: Keys) -> Connection:
    variables = {
        "WORKOS_API_KEY": keys.api_key,
        "WORKOS_CLIENT_ID": keys.client_id,
        "WORKOS_BASE_URL": f"{url}/",
    }
    code = f"""from workos import WorkOSClient

workos = WorkOSClient(
    api_key="{keys.api_key}",
    client_id="{keys.client_id}",
    base_url="{url}/",
)"""
    return Connection(variables, code)


def _nextjs(url: str, keys: Keys) -> Connection:
    parts = urlsplit(url)
    is_https = parts.scheme == "https"
    variables = {
        "WORKOS_API_KEY": keys.api_key,
        "WORKOS_CLIENT_ID": keys.client_id,
        "WORKOS_API_HOSTNAME": parts.hostname or "localhost",
        "WORKOS_API_PORT": str(parts.port or (443 if is_https else 80)),
        "WORKOS_API_HTTPS": "true" if is_https else "false",
        "WORKOS_COOKIE_PASSWORD": COOKIE_PASSWORD,
        "NEXT_PUBLIC_WORKOS_REDIRECT_URI": "http://localhost:3000/callback",
    }
    return Connection(variables, "// @workos-inc/authkit-nextjs reads these variables from .env.local")


_CONNECTIONS: dict[str, Callable[[str, Keys], Connection]] = {"node": _node, "python": _python, "nextjs": _nextjs}
