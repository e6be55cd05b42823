"""The command line."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from mockserver import __version__
from mockserver.core.keys import DEVELOPMENT_KEY
from mockserver.options import fail, option, require_base_url, require_hosts, require_origins, with_keys
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


@click.group(
    cls=_ServeByDefault,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Without a command, 'serve' runs.",
)
@click.version_option(__version__, prog_name="mockserver")
def main() -> None:
    """A local server that stands in for the WorkOS User Management (AuthKit) API."""


@main.command()
@option("--port", type=click.IntRange(0, 65535), default=4100, show_default=True, help="Port; 0 takes a free one.")
@option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
@with_keys
@option("--data", type=click.Path(file_okay=False, path_type=Path), help="Directory that keeps everything. [memory]")
@option("--fixtures", type=click.Path(path_type=Path), help="Fixture document to start with. [workos-emulate.config.*]")
@option("--public-url", help="Base of every URL the server makes. [http://localhost:<port>]", callback=require_base_url)
@option("--signing-key", type=click.Path(path_type=Path), help="PEM file with an RSA private key. [a development key]")
@option("--redirect-uri", multiple=True, help="Allowed redirect URI besides loopback; may be repeated.")
@option("--sign-out-uri", multiple=True, help="Allowed sign-out redirect; may be repeated, the first is the default.")
@option("--set", "assignments", multiple=True, metavar="NAME=VALUE", help="Setting, such as mfa=off; may be repeated.")
@option(
    "--argon2",
    type=click.Choice(["fast", "rfc9106"]),
    default="fast",
    show_default=True,
    help="Cost of password hashes.",
)
@option("--control-token", help="Token that /_emulate demands. [none]")
@option(
    "--control-origin",
    multiple=True,
    help="Origin whose pages may use /_emulate, besides loopback; may be repeated.",
    callback=require_origins,
)
@option(
    "--allowed-host",
    multiple=True,
    help="Host name to answer for, besides local ones; may be repeated, * for all.",
    callback=require_hosts,
)
@option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    default="info",
    show_default=True,
    help="info shows requests and mails.",
)
@option(
    "--http",
    type=click.Choice(["fast", "plain"]),
    default="fast",
    show_default=True,
    help="plain: uvicorn's own protocol, slower and without limits, for debugging.",
)
@option("--json", "as_json", is_flag=True, help="Start line on stdout and log lines on stderr as JSON.")
@click.version_option(__version__, prog_name="mockserver")
def serve(api_key: str, client_id: str, as_json: bool, log_level: str, **options: Any) -> None:
    """Start the server."""
    from mockserver import logs

    logs.configure(log_level, as_json=as_json)
    try:
        overrides = _overrides(options["assignments"], options["redirect_uri"], options["sign_out_uri"])
    except InvalidSetting as error:
        fail(str(error), code=2)
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
        fail(str(error))
    gc.freeze()
    gc.enable()
    announce = partial(start_output.show, server, port, document, host=options["host"], as_json=as_json)
    asyncio.run(serving.http_server(server, announce, http=options["http"]).serve(sockets=sockets))
    serving.close_server(server)


def _is_default(name: str) -> bool:
    """Whether neither the command line nor a variable gave a value."""
    return click.get_current_context().get_parameter_source(name) is ParameterSource.DEFAULT


@main.command("env")
@click.option("--sdk", type=click.Choice(["node", "python", "nextjs"]), default="node", show_default=True)
@option("--port", type=click.IntRange(1, 65535), default=4100, show_default=True)
@option("--public-url", help="Base of the server's URLs. [http://localhost:<port>]", callback=require_base_url)
@with_keys
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
@option("--port", type=click.IntRange(1, 65535), default=4100, show_default=True)
@click.option("--timeout", type=float, default=2.0, show_default=True, help="Seconds.")
def healthcheck(port: int, timeout: float) -> None:
    """Exit 0 when a server on this machine is ready, else 1 (for containers, which need no curl then)."""
    from http.client import HTTPConnection, HTTPException

    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=timeout)) as connection:
            connection.request("GET", "/readyz")
            status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        fail(f"No server answers on port {port}: {str(error).strip() or type(error).__name__}.")
    if status != 200:
        fail(f"The server on port {port} answered {status} to GET /readyz; expected 200.")
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
        fail(str(error))
    counts = [f"{len(value)} {name}" for name, value in document.content.items() if isinstance(value, list)]
    click.echo(f"{file} is right: {', '.join(counts) or 'no objects'}.")
