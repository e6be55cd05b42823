"""How the server starts, what it says, and what it refuses to start with."""

from __future__ import annotations

import json
import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from mockserver import __version__
from mockserver.cli import main
from mockserver.core.environment import Keys
from mockserver.serving import open_server
from mockserver.settings import Settings
from mockserver.start_output import show
from tests.children import bound
from tests.cli.process import COMMAND, Process, clean_environment, run, serving


@pytest.fixture(scope="module")
def plain() -> Iterator[Process]:
    """Started without a command, with each kind of flag."""
    flags = ["--redirect-uri", "myapp://a", "--redirect-uri", "myapp://b", "--sign-out-uri", "https://a.example.com"]
    settings = ["--set", "mfa=off", "--set", "lifetimes.access_token=5", "--set", "lifetimes.impersonation=6"]
    with serving(*flags, *settings, "--control-token", "secret", command=()) as process:
        yield process


@pytest.fixture(scope="module")
def by_variables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """Started with every flag's variable."""
    folder = tmp_path_factory.mktemp("variables")
    (folder / "fixtures.yaml").write_text("users: [{id: user_1, email: ada@example.com, password: pw}]")
    (folder / "key.pem").write_bytes(pem(rsa.generate_private_key(65537, 2048)))
    with serving(
        MOCKSERVER_HOST="127.0.0.1",
        MOCKSERVER_API_KEY="sk_test_variable",
        MOCKSERVER_CLIENT_ID="client_variable",
        WORKOS_API_KEY="sk_test_workos",
        WORKOS_CLIENT_ID="client_workos",
        MOCKSERVER_DATA=str(folder / "data"),
        MOCKSERVER_FIXTURES=str(folder / "fixtures.yaml"),
        MOCKSERVER_PUBLIC_URL="https://mock.example.com/",
        MOCKSERVER_SIGNING_KEY=str(folder / "key.pem"),
        MOCKSERVER_REDIRECT_URI="myapp://a myapp://b",
        MOCKSERVER_SIGN_OUT_URI="https://a.example.com",
        MOCKSERVER_SET="mfa=off sign_up=closed",
        MOCKSERVER_ARGON2="rfc9106",
        MOCKSERVER_CONTROL_TOKEN="secret",
        MOCKSERVER_CONTROL_ORIGIN="https://tools.example.com chrome-extension://abcdefgh",
        MOCKSERVER_ALLOWED_HOST="proxy.example.com",
        MOCKSERVER_LOG_LEVEL="warning",
    ) as process:
        yield process


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    kind = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption())


def control(process: Process, path: str) -> httpx.Response:
    url = f"http://127.0.0.1:{process.start['port']}/_emulate/{path}"
    return httpx.get(url, headers={"Authorization": "Bearer secret"})


def test_a_plain_start_serves_with_the_default_keys(plain: Process) -> None:
    port = plain.start["port"]
    assert plain.start == {
        "url": f"http://localhost:{port}",
        "port": port,
        "api_key": "sk_test_default",
        "client_id": "client_default",
        "version": __version__,
    }
    assert httpx.get(f"{plain.start['url']}/health").json()["status"] == "ok"


def test_every_address_of_localhost_is_served(plain: Process) -> None:
    port = plain.start["port"]
    addresses = {address[4][0] for address in socket.getaddrinfo("localhost", port, type=socket.SOCK_STREAM)}
    for address in addresses:
        host = f"[{address}]" if ":" in str(address) else address
        assert httpx.get(f"http://{host}:{port}/health").status_code == 200


def test_flags_become_settings(plain: Process) -> None:
    settings = control(plain, "settings").json()
    assert settings["redirect_uris"] == ["myapp://a", "myapp://b"]
    assert settings["sign_out_redirects"] == ["https://a.example.com"]
    assert settings["mfa"] == "off"
    assert settings["lifetimes"] == {**Settings().to_json()["lifetimes"], "access_token": 5, "impersonation": 6}


@pytest.mark.parametrize("path", ["inbox", "environments", "settings", "state"])
def test_control_calls_need_the_control_token(plain: Process, path: str) -> None:
    refused = httpx.get(f"{plain.start['url']}/_emulate/{path}", headers={"Authorization": "Bearer sk_test_default"})
    assert (refused.status_code, refused.json()["code"]) == (401, "control_token_required")
    assert control(plain, path).status_code == 200


def test_the_control_token_names_the_environment_by_another_header(plain: Process) -> None:
    headers = {"Authorization": "Bearer secret", "X-Api-Key": "sk_test_nobody"}
    assert httpx.get(f"{plain.start['url']}/_emulate/clock", headers=headers).status_code == 404


def test_api_calls_need_no_control_token(plain: Process) -> None:
    with plain.client() as client:
        assert client.get("/user_management/users").status_code == 200


def test_health_needs_no_control_token(plain: Process) -> None:
    for path in ("/health", "/_emulate/health", "/readyz", "/_emulate"):
        assert httpx.get(f"{plain.start['url']}{path}").status_code == 200


def test_the_console_tells_a_browser_what_it_needs(plain: Process) -> None:
    refused = httpx.get(plain.start["url"], headers={"Accept": "text/html"})
    assert (refused.status_code, refused.headers["content-type"]) == (401, "text/html; charset=utf-8")
    assert "--control-token" in refused.text


def test_a_browser_is_asked_for_the_control_token_as_the_password(plain: Process) -> None:
    for path in ("", "/_emulate/ui/inbox", "/_emulate/inbox"):
        refused = httpx.get(f"{plain.start['url']}{path}", headers={"Accept": "text/html"})
        assert refused.headers["www-authenticate"].startswith('Basic realm="mockserver"')
        assert httpx.get(f"{plain.start['url']}{path}", auth=("anybody", "secret")).status_code == 200
    assert "www-authenticate" not in httpx.get(f"{plain.start['url']}/_emulate/inbox").headers


@pytest.mark.parametrize("credentials", ["Basic", "Basic !", "Basic c2VjcmV0", "Basic YTpi", "Basic /w==", "secret"])
def test_another_password_is_refused(plain: Process, credentials: str) -> None:
    refused = httpx.get(f"{plain.start['url']}/_emulate/inbox", headers={"Authorization": credentials})
    assert refused.status_code == 401


def test_a_password_that_the_browser_keeps_serves_no_other_site(plain: Process) -> None:
    state = f"{plain.start['url']}/_emulate/state"

    def status(**headers: str) -> int:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.get(state, auth=("me", "secret"), headers=named).status_code

    assert status(Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="cors", Origin="https://evil.example.com") == 403
    assert status(Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="cors", Origin="http://localhost:3000") == 401
    assert status(Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate", Sec_Fetch_Dest="document") == 200


def test_every_flag_has_a_variable(by_variables: Process) -> None:
    settings = control(by_variables, "settings").json()
    assert settings["redirect_uris"] == ["myapp://a", "myapp://b"]
    assert settings["sign_out_redirects"] == ["https://a.example.com"]
    assert (settings["mfa"], settings["sign_up"]) == ("off", "closed")
    (user,) = control(by_variables, "state").json()["users"]
    assert user["password_hash"].startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert "GET" not in by_variables.log()


def test_our_variables_win_over_those_of_the_sdks(by_variables: Process) -> None:
    assert (by_variables.start["api_key"], by_variables.start["client_id"]) == ("sk_test_variable", "client_variable")


def test_the_public_url_is_the_base_of_every_url(by_variables: Process) -> None:
    assert by_variables.start["url"] == "https://mock.example.com"
    (environment,) = control(by_variables, "environments").json()["data"]
    assert environment["issuer"] == "https://mock.example.com/user_management/client_variable"


def test_cookies_cross_sites_where_the_public_url_has_https(by_variables: Process) -> None:
    url = f"http://127.0.0.1:{by_variables.start['port']}/user_management/authenticate"
    body = {"client_id": "client_variable", "grant_type": "refresh_token", "refresh_token": "unknown"}
    cookies = httpx.post(url, json=body, headers={"Origin": "https://app.example.com"}).headers.get_list("set-cookie")
    assert len(cookies) == 2
    assert all(cookie.endswith("; SameSite=None; Secure") for cookie in cookies)


def test_the_variables_of_the_sdks_name_the_default_environment() -> None:
    with serving(WORKOS_API_KEY="sk_test_workos", WORKOS_CLIENT_ID="client_workos") as process:
        assert (process.start["api_key"], process.start["client_id"]) == ("sk_test_workos", "client_workos")


def test_a_flag_wins_over_every_variable() -> None:
    variables = {"WORKOS_API_KEY": "sk_test_workos", "MOCKSERVER_API_KEY": "sk_test_variable"}
    with serving("--api-key", "sk_test_flag", **variables) as process:
        assert process.start["api_key"] == "sk_test_flag"


@pytest.mark.fault("A2c")
def test_hosts_and_control_origins_are_those_of_the_variables(by_variables: Process) -> None:
    url = f"http://127.0.0.1:{by_variables.start['port']}/_emulate/inbox"

    def status(**headers: str) -> int:
        return httpx.get(url, headers={"Authorization": "Bearer secret", **headers}).status_code

    assert [status(Host=host) for host in ("proxy.example.com", "other.example.com")] == [200, 403]
    assert [status(Origin=origin) for origin in ("https://tools.example.com", "https://proxy.example.com")] == [
        200,
        403,
    ]


@pytest.mark.fault("A2c")
def test_people_are_told_which_hosts_are_answered_in_a_network(capsys: pytest.CaptureFixture[str]) -> None:
    server = open_server(Keys("sk_test_1", "client_1"), "https://mock.example.com", allowed_hosts=["proxy.example.com"])
    show(server, 4100, None, host="127.0.0.1", as_json=False)
    assert "Hosts" not in capsys.readouterr().out
    show(server, 4100, None, host="0.0.0.0", as_json=False)
    server.close()
    assert "  Hosts       mock.example.com, proxy.example.com, IP addresses and local names" in capsys.readouterr().out


def test_people_are_told_where_and_how_to_sign_in(tmp_path: Path) -> None:
    file = tmp_path / "fixtures.yaml"
    file.write_text("users: [{email: ada+1@example.com, password: it's, email_verified: true}]")
    line = [*COMMAND, "serve", "--port", "0", "--fixtures", str(file)]
    environment = clean_environment()
    pipe = subprocess.PIPE
    with subprocess.Popen(bound(line), stdout=pipe, stderr=subprocess.DEVNULL, text=True, env=environment) as process:
        assert process.stdout is not None
        lines = []
        while not lines or "Stop with Ctrl-C" not in lines[-1]:
            lines.append(process.stdout.readline())
        said = "".join(lines)
        command = said[said.index("curl ") : said.index("\n\n", said.index("curl "))]
        answer = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=10)
        process.terminate()
    assert said.startswith(f"mockserver {__version__} is ready\n")
    assert re.search(r"API +http://localhost:\d+\n", said)
    assert json.loads(answer.stdout)["user"]["email"] == "ada+1@example.com"


def test_a_signing_key_of_ones_own_keeps_its_id(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_bytes(pem(rsa.generate_private_key(65537, 2048)))
    sets = []
    for _ in range(2):
        with serving("--signing-key", key) as process:
            sets.append(httpx.get(f"{process.start['url']}/sso/jwks/client_default").json())
    with serving() as process:
        shipped = httpx.get(f"{process.start['url']}/sso/jwks/client_default").json()
    assert sets[0] == sets[1]
    assert sets[0]["keys"][0]["kid"] != shipped["keys"][0]["kid"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--api-key", "sk_live_1"], 2, "The API key starts with 'sk_live_': that is a production key"),
        (["--set", "mfa=of"], 2, "Invalid setting 'mfa': expected one of 'enrolled', 'off', 'required', got 'of'."),
        (["--set", "mfaa=off"], 2, "Unknown setting 'mfaa'. Did you mean 'mfa'?"),
        (["--set", "mfa"], 2, "'mfa' is not of the form name=value."),
        (["--public-url", "localhost:4100"], 2, "'localhost:4100' is no base of URLs; expected one such as http://"),
        (["--redirect-uri", "/callback"], 2, "'/callback' is not an absolute URI such as https://"),
        (["--control-origin", "https://a.example/path"], 2, "'https://a.example/path' is no origin; expected one such"),
        (["--control-origin", "*"], 2, "'*' is no origin; expected one such as https://tools.example.com"),
        (["--allowed-host", "a.example:80"], 2, "'a.example:80' is no host name; expected one such as mock.example"),
        (["--allowed-host", "https://a.example"], 2, "'https://a.example' is no host name; expected one such as"),
        (["--fixtures", "none.yaml"], 1, "none.yaml can't be read: No such file or directory."),
        (["--signing-key", "none.pem"], 1, "none.pem: "),
        (["--host", "192.0.2.1"], 1, "Can't listen on 192.0.2.1:0: "),
        (["--host", "no.such.host.invalid"], 1, "Can't listen on no.such.host.invalid:0: "),
        (["--port", "70000"], 2, "Invalid value for '--port'"),
    ],
)
def test_what_it_cannot_start_with_is_refused(arguments: list[str], code: int, message: str) -> None:
    refused = run("serve", "--port", "0", *arguments)
    assert refused.returncode == code, refused.stderr
    assert message in refused.stderr
    assert "Traceback" not in refused.stderr
    assert refused.stdout == ""


@pytest.mark.fault("A11")
@pytest.mark.parametrize(
    "flag",
    [
        "--control-token",
        "--api-key",
        "--client-id",
        "--public-url",
        "--host",
        "--data",
        "--fixtures",
        "--signing-key",
        "--redirect-uri",
        "--sign-out-uri",
        "--set",
        "--control-origin",
        "--allowed-host",
        "--port",
    ],
)
@pytest.mark.parametrize("empty", ["", " "])
def test_an_empty_value_is_refused(flag: str, empty: str) -> None:
    given = CliRunner().invoke(main, ["serve", "--port", "0", flag, empty], env=clean_environment())
    assert (given.exit_code, given.stdout) == (2, "")
    assert given.stderr == f"mockserver: {flag} is empty. Give it a value, or leave it out.\n"
    variable = f"MOCKSERVER_{flag.removeprefix('--').replace('-', '_').upper()}"
    named = CliRunner().invoke(main, ["serve"], env=clean_environment(**{variable: empty}))
    assert (named.exit_code, named.stdout) == (2, "")
    assert named.stderr == f"mockserver: {variable} is empty. Give it a value, or unset it.\n"


@pytest.mark.fault("A11")
@pytest.mark.parametrize("empty", ["", " "])
def test_empty_variables_of_the_sdks_count_as_unset(empty: str) -> None:
    named = CliRunner().invoke(main, ["env"], env=clean_environment(WORKOS_API_KEY=empty, WORKOS_CLIENT_ID=empty))
    assert named.exit_code == 0
    assert "WORKOS_API_KEY=sk_test_default\nWORKOS_CLIENT_ID=client_default\n" in named.stdout


@pytest.mark.fault("A13")
@pytest.mark.parametrize(
    "url",
    ["http://[", "http://user@mock.test", "http://mock.test:99999", "http://mock.test?a", "http://a b", "http://"],
)
def test_a_public_url_is_a_base_of_urls(url: str) -> None:
    refused = CliRunner().invoke(main, ["serve", "--port", "0", "--public-url", url], env=clean_environment())
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr == f"mockserver: '{url}' is no base of URLs; expected one such as http://localhost:4100.\n"


def test_a_production_key_in_the_variables_is_refused() -> None:
    refused = run("serve", "--port", "0", WORKOS_API_KEY="sk_live_1")
    assert (refused.returncode, "Unset WORKOS_API_KEY" in refused.stderr) == (2, True)


def test_a_signing_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_bytes(pem(ec.generate_private_key(ec.SECP256R1())))
    refused = run("serve", "--port", "0", "--signing-key", str(key))
    assert refused.returncode == 1
    assert refused.stderr == f"mockserver: {key} holds no RSA private key of 2048 bits or more, which RS256 needs.\n"


def test_a_port_in_use_is_refused_with_what_to_do(plain: Process) -> None:
    port = plain.start["port"]
    refused = run("serve", "--port", str(port))
    assert refused.returncode == 1
    assert refused.stderr == (
        f"mockserver: Can't listen on 127.0.0.1:{port}: Address already in use. Choose another --port, or 0.\n"
    )
