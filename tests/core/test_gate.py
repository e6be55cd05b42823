"""Which hosts are answered, and which pages may use the control plane."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from mockserver.app import create_app
from mockserver.core.environment import Keys
from mockserver.serving import open_server
from tests.asynchronous import run
from tests.builders import create_magic_auth, create_user
from tests.conftest import Client

EVIL = "https://evil.example"
LOCAL = "http://localhost:3000"
CONTROL = [
    ("GET", "/_emulate/inbox"),
    ("GET", "/_emulate/inbox/stream"),
    ("GET", "/_emulate/state"),
    ("POST", "/_emulate/reset"),
    ("DELETE", "/_emulate/inbox"),
    ("PATCH", "/_emulate/settings"),
    ("GET", "/_emulate"),
    ("GET", "/_emulate/nowhere"),
    ("GET", "//_emulate/state"),
    ("GET", "/%5Femulate/state"),
    ("GET", "/"),
]
Call = Callable[..., httpx.Response]


@pytest.fixture
def call() -> Iterator[Call]:
    """Calls a server that was started with options, under a host name that is local."""
    server = open_server(
        Keys("sk_test_gate", "client_gate"),
        "https://mock.example.com",
        allowed_hosts=["Proxy.example.com"],
        control_origins=["https://Tools.example.com:8443", "chrome-extension://abcdefgh"],
    )
    app = create_app(server)

    async def send(method: str, path: str, headers: dict[str, str], **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://mock.test") as client:
            return await client.request(method, path, headers=headers, **options)

    yield lambda method, path, **headers: run(
        send(method, path, {name.replace("_", "-"): value for name, value in headers.items()})
    )
    server.close()


@pytest.mark.fault("A2a")
@pytest.mark.parametrize(("method", "path"), CONTROL)
@pytest.mark.parametrize("origin", [EVIL, "null", "http://localhost.evil.example", "http://user@localhost", "x"])
def test_pages_elsewhere_may_not_use_the_control_plane(client: Client, method: str, path: str, origin: str) -> None:
    response = client.request(method, f"{client.base_url}{path}", headers={"Origin": origin})
    assert (response.status_code, response.json()["code"]) == (403, "origin_not_allowed")
    assert "access-control-allow-origin" not in response.headers


@pytest.mark.fault("A2a")
def test_text_that_needs_no_preflight_resets_nothing(client: Client) -> None:
    user = create_user(client)
    headers = {"Origin": EVIL, "Content-Type": "text/plain"}
    assert client.post("/_emulate/reset", content='{"to": "empty"}', headers=headers).status_code == 403
    assert client.get(f"/user_management/users/{user['id']}").status_code == 200


@pytest.mark.fault("A2a")
def test_browser_that_asks_for_a_page_elsewhere_is_told_no(client: Client) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    refused = client.keyless.options("/_emulate/reset", headers={"Origin": EVIL, **asked})
    assert refused.status_code == 403
    assert not [name for name in refused.headers if name.startswith("access-control-allow-") and "cred" not in name]
    allowed = client.keyless.options("/_emulate/reset", headers={"Origin": LOCAL, **asked})
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (204, LOCAL)


@pytest.mark.fault("A2a")
@pytest.mark.parametrize(
    "origin", [LOCAL, "https://localhost", "http://app.localhost:3000", "http://127.0.0.1:5173", "http://[::1]:80"]
)
def test_pages_of_this_machine_may_use_the_control_plane(client: Client, origin: str) -> None:
    response = client.get("/_emulate/inbox", headers={"Origin": origin, "Sec-Fetch-Site": "cross-site"})
    assert (response.status_code, response.headers["access-control-allow-origin"]) == (200, origin)


@pytest.mark.fault("A2a")
@pytest.mark.parametrize(
    "origin", ["https://mock.example.com", "https://tools.example.com:8443", "chrome-extension://abcdefgh"]
)
def test_pages_of_the_public_url_and_of_control_origins_may_use_it(call: Call, origin: str) -> None:
    response = call("GET", "/_emulate/inbox", Origin=origin)
    assert (response.status_code, response.headers["access-control-allow-origin"]) == (200, origin)
    assert call("OPTIONS", "/_emulate/reset", Origin=origin).headers["access-control-allow-origin"] == origin


@pytest.mark.fault("A2a")
@pytest.mark.parametrize(
    "origin", ["https://tools.example.com", "http://mock.example.com", "https://proxy.example.com"]
)
def test_another_port_or_scheme_is_another_origin(call: Call, origin: str) -> None:
    assert call("GET", "/_emulate/inbox", Origin=origin).status_code == 403


@pytest.mark.fault("A2a")
def test_the_servers_own_pages_may_use_it_under_any_name_of_the_server(call: Call) -> None:
    assert call("GET", "/_emulate/inbox", Host="192.168.1.5:4100", Origin="http://192.168.1.5:4100").status_code == 200
    assert call("GET", "/_emulate/inbox", Host="192.168.1.5:4100", Origin="http://192.168.1.6:4100").status_code == 403


@pytest.mark.fault("A2a")
def test_registered_origin_may_use_the_api_alone(client: Client) -> None:
    client.post("/user_management/cors_origins", json={"origin": EVIL}).raise_for_status()
    assert client.get("/_emulate/inbox", headers={"Origin": EVIL}).status_code == 403
    assert client.get("/user_management/users", headers={"Origin": EVIL}).headers["access-control-allow-origin"] == EVIL


@pytest.mark.fault("A2d")
def test_call_that_names_no_environment_is_read_by_whom_the_control_plane_allows(call: Call) -> None:
    def readers(*origins: str) -> list[str | None]:
        return [
            call("GET", "/user_management/users", Origin=o).headers.get("access-control-allow-origin") for o in origins
        ]

    allowed = [LOCAL, "https://mock.example.com", "https://tools.example.com:8443"]
    assert readers(*allowed, EVIL, "null") == [*allowed, None, None]


@pytest.mark.fault("A2a")
def test_refusal_says_what_to_do(call: Call) -> None:
    message = call("GET", "/_emulate/inbox", Origin=EVIL).json()["message"]
    assert message == (
        "Pages of https://evil.example may not use the control plane. If the page is yours, start with "
        "--control-origin https://evil.example (or MOCKSERVER_CONTROL_ORIGIN)."
    )


@pytest.mark.fault("A2b")
@pytest.mark.parametrize(("method", "path"), CONTROL)
@pytest.mark.parametrize(("mode", "destination"), [("no-cors", "image"), ("navigate", "iframe"), ("navigate", "embed")])
def test_other_sites_may_not_load_or_frame_it(
    client: Client, method: str, path: str, mode: str, destination: str
) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": destination}
    response = client.request(method, f"{client.base_url}{path}", headers=headers)
    assert (response.status_code, response.json()["code"]) == (403, "cross_site_call")


@pytest.mark.fault("A2b")
def test_no_page_may_be_framed_but_a_mail_in_its_own_page(client: Client) -> None:
    create_magic_auth(client)
    mail = client.latest_message("ada@example.com")["id"]
    pages = ["/", "/_emulate/ui/inbox", f"/_emulate/ui/inbox/{mail}", "/_emulate/ui/impersonate"]
    pages += [f"/authkit/{client.client_id}/device", "/authkit/client_unknown/device"]
    for page in pages:
        answer = client.get(page, headers={"Accept": "text/html"})
        assert answer.headers["content-type"].startswith("text/html")
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    html = client.get(f"/_emulate/inbox/{mail}/html")
    assert html.headers["content-security-policy"].endswith("frame-ancestors 'self'")


@pytest.mark.fault("A2b")
@pytest.mark.parametrize("site", ["cross-site", "same-site", "same-origin", "none"])
def test_link_to_it_may_be_followed(client: Client, site: str) -> None:
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert client.get("/_emulate/ui/inbox", headers=headers).status_code == 200
    assert client.get("/", headers=headers).status_code == 200


@pytest.mark.fault("A2b")
def test_form_of_another_site_without_an_origin_is_refused(client: Client) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert client.post("/_emulate/reset", headers=headers).status_code == 403


@pytest.mark.fault("A2c")
@pytest.mark.parametrize(
    ("method", "path"),
    [*CONTROL, ("POST", "/user_management/magic_auth"), ("OPTIONS", "/user_management/users"), ("GET", "/authkit/x")],
)
@pytest.mark.parametrize(
    "host", ["attacker.example", "ATTACKER.example:4100", "localhost.attacker.example", "a b", "a@b"]
)
def test_other_hosts_are_not_answered(client: Client, method: str, path: str, host: str) -> None:
    response = client.request(method, f"{client.base_url}{path}", headers={"Host": host})
    assert (response.status_code, response.json()["code"]) == (403, "host_not_allowed")
    assert f"start with --allowed-host {host.removesuffix(':4100')} " in response.json()["message"]


@pytest.mark.fault("A2c")
@pytest.mark.parametrize("path", ["/health", "/readyz"])
def test_health_is_told_under_any_host(client: Client, path: str) -> None:
    assert client.keyless.get(path, headers={"Host": "attacker.example"}).status_code == 200


@pytest.mark.fault("A2c")
@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:4100",
        "localhost.",
        "127.0.0.1:4100",
        "192.168.1.5",
        "[::1]:4100",
        "[fd00::5]",
        "mockserver",
        "mock_server:4100",
        "mockserver.localhost",
        "mock.test",
        "host.docker.internal",
        "box.local",
        "box.lan",
        "mock.default.svc",
        "mock.default.svc.cluster.local:80",
        "box.home.arpa",
        "mock.example.com",
        "proxy.example.com:443",
    ],
)
def test_local_and_allowed_hosts_are_answered(call: Call, host: str) -> None:
    assert call("GET", "/_emulate/inbox", Host=host).status_code == 200


@pytest.mark.fault("A2c")
@pytest.mark.parametrize(
    "host", ["sub.mock.example.com", "example.com", "1.2.3.4.example.com", "[evil.example]", "test.co"]
)
def test_what_resembles_an_allowed_host_is_not_answered(call: Call, host: str) -> None:
    assert call("GET", "/_emulate/inbox", Host=host).status_code == 403


@pytest.mark.fault("A2c")
def test_browser_gets_a_page_that_names_the_host(call: Call) -> None:
    response = call("GET", "/", Host="attacker.example", Accept="text/html")
    assert (response.status_code, response.headers["content-type"]) == (403, "text/html; charset=utf-8")
    assert "attacker.example" in response.text
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]


@pytest.mark.fault("A2c")
def test_a_star_answers_every_host() -> None:
    from mockserver.core.gate import Gate

    assert Gate("http://localhost:4100", ["*"]).allows_host(b"anything.example")
    assert not Gate("http://localhost:4100").allows_host(b"anything.example")
