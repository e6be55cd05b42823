"""The command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from mockserver import __version__
from mockserver.core.gate import is_host, is_origin
from mockserver.core.keys import DEVELOPMENT_KEY
from mockserver.core.urls import is_base_url
from mockserver.settings import InvalidSetting, parse_assignment, settings_from


class _ServeByDefault(click.Group):
    """`mockserver --port 0` means `mockserver serve --port 0`."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ("--help", "-h", "--version")):
            args = ["serve", *args]
        return super().parse_args(context, args)

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.commands:
            from difflib import get_close_matches

            matches = get_close_matches(args[0], self.commands, n=1)
            advice = f"Did you mean '{matches[0]}'?" if matches else f"Commands: {', '.join(sorted(self.commands))}."
            context.fail(f"No such command '{args[0]}'. {advice}")
        return super().resolve_command(context, args)


def _refuse_live_key(_: click.Context, __: click.Parameter, api_key: str) -> str:
    if api_key.startswith("sk_live_"):
        _fail(
            "The API key starts with 'sk_live_': that is a production key, and a mock server never takes one. "
            "Unset WORKOS_API_KEY or pass --api-key sk_test_default.",
            code=2,
        )
    return api_key


def _require_base_url(_: click.Context, __: click.Parameter, url: str | None) -> str | None:
    if url is not None and not is_base_url(url):
        _fail(f"'{url}' is no base of URLs; expected one such as http://localhost:4100.", code=2)
    return url


def _require_origins(_: click.Context, __: click.Parameter, origins: tuple[str, ...]) -> tuple[str, ...]:
    for origin in origins:
        if not is_origin(origin):
            _fail(f"'{origin}' is no origin; expected one such as https://tools.example.com, without a path.", code=2)
    return origins


def _require_hosts(_: click.Context, __: click.Parameter, hosts: tuple[str, ...]) -> tuple[str, ...]:
    for host in hosts:
        if not is_host(host):
            _fail(f"'{host}' is no host name; expected one such as mock.example.com, without a port, or *.", code=2)
    return hosts


@click.group(
    cls=_ServeByDefault,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Without a command, 'serve' runs.",
)
@click.version_option(__version__, prog_name="mockserver")
def main() -> None:
    """A local server that stands in for the WorkOS User Management (AuthKit) API."""


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
                _fail(f"{name} is empty. Give it a value, or unset it.", code=2)
        return None

    def consume_value(self, ctx: click.Context, opts: Mapping[str, Any]) -> tuple[Any, ParameterSource]:
        value, source = super().consume_value(ctx, opts)
        given = value if isinstance(value, list | tuple) else [value]
        if any(isinstance(text, str) and not text.strip() for text in given):
            _fail(f"{self.opts[0]} is empty. Give it a value, or leave it out.", code=2)
        return value, source


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


C = TypeVar("C", bound=Callable[..., Any])


def _with_keys(command: C) -> C:
    for option in reversed(_keys):
        command = option(command)
    return command


def _option(name: str, *names: str, **attributes: Any) -> Callable[[C], C]:
    """An option with its MOCKSERVER_ variable."""
    variable = "MOCKSERVER_" + name.removeprefix("--").replace("-", "_").upper()
    return click.option(name, *names, cls=_Option, envvar=variable, show_envvar=True, **attributes)


@main.command()
@_option("--port", type=click.IntRange(0, 65535), default=4100, show_default=True, help="Port; 0 takes a free one.")
@_option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
@_with_keys
@_option("--data", type=click.Path(file_okay=False, path_type=Path), help="Directory that keeps everything. [memory]")
@_option(
    "--fixtures", type=click.Path(path_type=Path), help="Fixture document to start with. [workos-emulate.config.*]"
)
@_option(
    "--public-url", help="Base of every URL the server makes. [http://localhost:<port>]", callback=_require_base_url
)
@_option("--signing-key", type=click.Path(path_type=Path), help="PEM file with an RSA private key. [a development key]")
@_option("--redirect-uri", multiple=True, help="Allowed redirect URI besides loopback; may be repeated.")
@_option("--sign-out-uri", multiple=True, help="Allowed sign-out redirect; may be repeated, the first is the default.")
@_option("--set", "assignments", multiple=True, metavar="NAME=VALUE", help="Setting, such as mfa=off; may be repeated.")
@_option(
    "--argon2",
    type=click.Choice(["fast", "rfc9106"]),
    default="fast",
    show_default=True,
    help="Cost of password hashes.",
)
@_option("--control-token", help="Token that /_emulate demands. [none]")
@_option(
    "--control-origin",
    multiple=True,
    help="Origin whose pages may use /_emulate, besides loopback; may be repeated.",
    callback=_require_origins,
)
@_option(
    "--allowed-host",
    multiple=True,
    help="Host name to answer for, besides local ones; may be repeated, * for all.",
    callback=_require_hosts,
)
@_option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    default="info",
    show_default=True,
    help="info shows requests and mails.",
)
@_option(
    "--http",
    type=click.Choice(["fast", "plain"]),
    default="fast",
    show_default=True,
    help="plain: uvicorn's own protocol, slower and without limits, for debugging.",
)
@_option("--json", "as_json", is_flag=True, help="Start line on stdout and log lines on stderr as JSON.")
@click.version_option(__version__, prog_name="mockserver")
def serve(api_key: str, client_id: str, as_json: bool, log_level: str, **options: Any) -> None:
    """Start the server."""
    from mockserver import logs

    logs.configure(log_level, as_json=as_json)
    try:
        overrides = _overrides(options["assignments"], options["redirect_uri"], options["sign_out_uri"])
    except InvalidSetting as error:
        _fail(str(error), code=2)
    _serve(api_key, client_id, overrides, as_json, **options)


def _overrides(
    assignments: Sequence[str], redirect_uris: Sequence[str], sign_out_uris: Sequence[str]
) -> dict[str, Any]:
    """The settings that the command line names. Raises InvalidSetting."""
    overrides: dict[str, Any] = {}
    for assignment in assignments:
        for name, value in parse_assignment(assignment).items():
            is_member = isinstance(value, dict) and isinstance(overrides.get(name), dict)
            overrides[name] = {**overrides[name], **value} if is_member else value
    if redirect_uris:
        overrides["redirect_uris"] = list(redirect_uris)
    if sign_out_uris:
        overrides["sign_out_redirects"] = list(sign_out_uris)
    settings_from(overrides)
    return overrides


def _serve(api_key: str, client_id: str, overrides: dict[str, Any], as_json: bool, **options: Any) -> None:
    import asyncio
    import gc

    gc.disable()  # what is imported stays; looking for garbage meanwhile costs a tenth of the start

    from mockserver import fixtures, serving, start_output
    from mockserver.core.environment import Keys
    from mockserver.core.errors import ApiError
    from mockserver.core.keys import UnusableKey
    from mockserver.core.opening import SchemaMismatch

    try:
        file = options["fixtures"] or fixtures.found_by_name(Path())
        document = None if file is None else fixtures.parse_file(file)
        keys = Keys(api_key, client_id)
        if document is not None:
            keys = fixtures.with_listed_keys(keys, document, is_made_up=_is_default("api_key"))
        sockets = serving.bind(options["host"], options["port"])
        port = sockets[0].getsockname()[1]
        server = serving.open_server(
            keys,
            options["public_url"] or f"http://localhost:{port}",
            data_dir=options["data"],
            document=document,
            signing_key=options["signing_key"] or DEVELOPMENT_KEY,
            overrides=overrides,
            argon2=options["argon2"],
            control_token=options["control_token"],
            allowed_hosts=options["allowed_host"],
            control_origins=options["control_origin"],
        )
    except (serving.CannotStart, UnusableKey, InvalidSetting, SchemaMismatch, ApiError) as error:
        _fail(str(error))
    gc.freeze()
    gc.enable()
    announce = partial(start_output.show, server, port, document, host=options["host"], as_json=as_json)
    asyncio.run(serving.http_server(server, announce, http=options["http"]).serve(sockets=sockets))
    serving.close_server(server)


def _is_default(option: str) -> bool:
    """Whether neither the command line nor a variable gave a value."""
    return click.get_current_context().get_parameter_source(option) is ParameterSource.DEFAULT


@main.command("env")
@click.option("--sdk", type=click.Choice(["node", "python", "nextjs"]), default="node", show_default=True)
@_option("--port", type=click.IntRange(1, 65535), default=4100, show_default=True)
@_option("--public-url", help="Base of the server's URLs. [http://localhost:<port>]", callback=_require_base_url)
@_with_keys
def show_variables(sdk: str, port: int, public_url: str | None, api_key: str, client_id: str) -> None:
    """Print the environment variables and code that point an SDK at the server."""
    from mockserver.control.connections import connection
    from mockserver.core.environment import Keys

    found = connection(sdk, public_url or f"http://localhost:{port}", Keys(api_key, client_id))
    for name, value in found.variables.items():
        click.echo(f"{name}={value}")
    comment = "#" if sdk == "python" else "//"
    click.echo("")
    for line in found.code.splitlines():
        click.echo(f"# {line.removeprefix(comment).lstrip()}" if line.startswith(comment) else f"# {line}".rstrip())


@main.command()
@_option("--port", type=click.IntRange(1, 65535), default=4100, show_default=True)
@click.option("--timeout", type=float, default=2.0, show_default=True, help="Seconds.")
def healthcheck(port: int, timeout: float) -> None:
    """Exit 0 when a server on this machine is ready, else 1 (for containers, which need no curl then)."""
    from http.client import HTTPConnection, HTTPException

    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=timeout)) as connection:
            connection.request("GET", "/readyz")
            status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        _fail(f"No server answers on port {port}: {str(error).strip() or type(error).__name__}.")
    if status != 200:
        _fail(f"The server on port {port} answered {status} to GET /readyz; expected 200.")
    click.echo("ready")


@main.group("fixtures")
def fixtures_group() -> None:
    """Work with fixture documents."""


@fixtures_group.command("check")
@click.argument("file", type=click.Path(path_type=Path))
def check_fixtures(file: Path) -> None:
    """Load FILE into an empty environment and say whether it is right."""
    from mockserver import fixtures, serving
    from mockserver.core.environment import Keys

    try:
        document = fixtures.parse_file(file)
        keys = fixtures.with_listed_keys(Keys("sk_test_check", "client_check"), document, is_made_up=True)
        serving.open_server(keys, "http://localhost", document=document)
    except fixtures.FixtureError as error:
        _fail(str(error))
    counts = [f"{len(value)} {name}" for name, value in document.content.items() if isinstance(value, list)]
    click.echo(f"{file} is right: {', '.join(counts) or 'no objects'}.")


def _fail(message: str, *, code: int = 1) -> Any:
    click.echo(f"mockserver: {message}", err=True)
    sys.exit(code)
