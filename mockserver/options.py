"""The options of the command line: each has a variable, an empty one is a mistake, and a wrong one is told at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypeVar

import click
from click.core import ParameterSource

from mockserver.core.gate import is_host, is_origin
from mockserver.core.urls import is_base_url

C = TypeVar("C", bound=Callable[..., Any])


def fail(message: str, *, code: int = 1) -> NoReturn:
    click.echo(f"mockserver: {message}", err=True)
    sys.exit(code)


class _Option(click.Option):
    """An empty value is a mistake, not the lack of one: an empty control token would leave everything open.

    The SDKs' own variables stand empty in many .env files; there they count as unset.
    """

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:  # noqa: ARG002  # the signature is click's
        names = [self.envvar] if isinstance(self.envvar, str) else self.envvar or ()
        for name in names:
            value = os.environ.get(name)
            if value is None:
                continue
            if value.strip():
                return value
            if name.startswith("MOCKSERVER_") and not self.is_flag:
                fail(f"{name} is empty. Give it a value, or unset it.", code=2)
        return None

    def consume_value(self, ctx: click.Context, opts: Mapping[str, Any]) -> tuple[Any, ParameterSource]:
        value, source = super().consume_value(ctx, opts)
        given = value if isinstance(value, list | tuple) else [value]
        if any(isinstance(text, str) and not text.strip() for text in given):
            fail(f"{self.opts[0]} is empty. Give it a value, or leave it out.", code=2)
        return value, source


def _refuse_live_key(_: click.Context, __: click.Parameter, api_key: str) -> str:
    if api_key.startswith("sk_live_"):
        fail(
            "The API key starts with 'sk_live_': that is a production key, and a mock server never takes one. "
            "Unset WORKOS_API_KEY or pass --api-key sk_test_default.",
            code=2,
        )
    return api_key


def require_base_url(_: click.Context, __: click.Parameter, url: str | None) -> str | None:
    if url is not None and not is_base_url(url):
        fail(f"'{url}' is no base of URLs; expected one such as http://localhost:4100.", code=2)
    return url


def require_origins(_: click.Context, __: click.Parameter, origins: tuple[str, ...]) -> tuple[str, ...]:
    for origin in origins:
        if not is_origin(origin):
            fail(f"'{origin}' is no origin; expected one such as https://tools.example.com, without a path.", code=2)
    return origins


def require_hosts(_: click.Context, __: click.Parameter, hosts: tuple[str, ...]) -> tuple[str, ...]:
    for host in hosts:
        if not is_host(host):
            fail(f"'{host}' is no host name; expected one such as mock.example.com, without a port, or *.", code=2)
    return hosts


_keys = [
    click.option(
        "--api-key",
        cls=_Option,
        default="sk_test_default",
        show_default=True,
        envvar=["MOCKSERVER_API_KEY", "WORKOS_API_KEY"],
        show_envvar=True,
        help="API key of the default environment.",
        callback=_refuse_live_key,
    ),
    click.option(
        "--client-id",
        cls=_Option,
        default="client_default",
        show_default=True,
        envvar=["MOCKSERVER_CLIENT_ID", "WORKOS_CLIENT_ID"],
        show_envvar=True,
        help="Client id of the default environment.",
    ),
]


def with_keys(command: C) -> C:
    for key in reversed(_keys):
        command = key(command)
    return command


def option(name: str, *names: str, **attributes: Any) -> Callable[[C], C]:
    """An option with its MOCKSERVER_ variable."""
    variable = "MOCKSERVER_" + name.removeprefix("--").replace("-", "_").upper()
    return click.option(name, *names, cls=_Option, envvar=variable, show_envvar=True, **attributes)
