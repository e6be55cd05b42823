"""The commands that end by themselves."""

from __future__ import annotations

import socket
import threading

import pytest
from click.testing import CliRunner, Result

from mockserver import __version__
from mockserver.cli import main
from mockserver.testing import MockServer


def run(*arguments: str, **variables: str) -> Result:
    unset = dict.fromkeys(["WORKOS_API_KEY", "WORKOS_CLIENT_ID", "MOCKSERVER_PORT"])
    return CliRunner().invoke(main, arguments, env={**unset, **variables})


@pytest.mark.parametrize("arguments", [("--version",), ("serve", "--version")])
def test_the_version_is_told(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).output == f"mockserver, version {__version__}\n"


@pytest.mark.parametrize("arguments", [("--help",), ("-h",)])
def test_the_help_names_every_command(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 0
    for command in ("serve", "env", "healthcheck", "fixtures"):
        assert f"\n  {command} " in result.output


def test_every_flag_of_serve_is_described_with_its_variable() -> None:
    (serve,) = [command for name, command in main.commands.items() if name == "serve"]
    for option in serve.params:
        if "--version" in option.opts:
            continue
        assert option.help, option.name
        flag = option.opts[0].removeprefix("--").replace("-", "_").upper()
        variables = [option.envvar] if isinstance(option.envvar, str) else option.envvar
        assert f"MOCKSERVER_{flag}" in variables


def test_an_unknown_command_is_refused_with_the_nearest() -> None:
    result = run("serv")
    assert result.exit_code == 2
    assert "No such command 'serv'. Did you mean 'serve'?" in result.output


def test_an_unknown_flag_is_refused() -> None:
    result = run("--porte", "1")
    assert (result.exit_code, "No such option" in result.output) == (2, True)


def test_env_prints_what_node_needs() -> None:
    assert run("env", "--sdk", "node").output == (
        "WORKOS_API_KEY=sk_test_default\n"
        "WORKOS_CLIENT_ID=client_default\n"
        "\n"
        "# import { WorkOS } from '@workos-inc/node';\n"
        "#\n"
        "# const workos = new WorkOS('sk_test_default', {\n"
        "#   clientId: 'client_default',\n"
        "#   apiHostname: 'localhost',\n"
        "#   port: 4100,\n"
        "#   https: false,\n"
        "# });\n"
    )


def test_env_prints_what_python_needs() -> None:
    result = run("env", "--sdk", "python", "--port", "4200", "--api-key", "sk_test_1")
    assert result.output.startswith(
        "WORKOS_API_KEY=sk_test_1\nWORKOS_CLIENT_ID=client_default\nWORKOS_BASE_URL=http://localhost:4200/\n"
    )


def test_env_prints_what_nextjs_needs() -> None:
    result = run("env", "--sdk", "nextjs", "--public-url", "https://mock.example.com", WORKOS_CLIENT_ID="client_1")
    assert result.output.splitlines()[:5] == [
        "WORKOS_API_KEY=sk_test_default",
        "WORKOS_CLIENT_ID=client_1",
        "WORKOS_API_HOSTNAME=mock.example.com",
        "WORKOS_API_PORT=443",
        "WORKOS_API_HTTPS=true",
    ]


def test_env_can_be_sourced_as_it_is() -> None:
    for sdk in ("node", "python", "nextjs"):
        lines = run("env", "--sdk", sdk).output.splitlines()
        assert [line for line in lines if line and "=" not in line and not line.startswith("#")] == []


def test_env_never_prints_a_production_key() -> None:
    result = run("env", WORKOS_API_KEY="sk_live_1")
    assert (result.exit_code, "sk_live_1" in result.output) == (2, False)


def test_env_for_an_unknown_sdk_is_refused() -> None:
    assert run("env", "--sdk", "cobol").exit_code == 2


def test_a_server_that_is_ready_is_healthy() -> None:
    with MockServer() as server:
        port = server.url.rpartition(":")[2]
        result = run("healthcheck", MOCKSERVER_PORT=port)
    assert (result.exit_code, result.output) == (0, "ready\n")


def test_without_a_server_it_is_not_healthy() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        result = run("healthcheck", "--port", str(unused.getsockname()[1]))
    assert result.exit_code == 1
    assert "No server answers on port" in result.output


def test_something_else_on_the_port_is_not_healthy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer_nonsense() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"220 this is no HTTP\r\n")

        thread = threading.Thread(target=answer_nonsense)
        thread.start()
        result = run("healthcheck", "--port", str(listener.getsockname()[1]))
        thread.join()
    assert (result.exit_code, "No server answers on port" in result.output) == (1, True), result.exception
