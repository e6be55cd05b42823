"""A request as rules' front doors see it, and how it names its environment."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from mockserver.core.bodies import dismantle, parse_form, parse_json, parse_query
from mockserver.core.cookies import parse_cookies
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, ApiError, NotFound, Unauthorized
from mockserver.core.origins import is_same_origin
from mockserver.core.server import Server

F = TypeVar("F", bound=Callable[..., Environment])


class Request:
    """`path_parameters` and the `pieces` of the body are there as soon as they are known."""

    def __init__(self, scope: Mapping[str, Any]) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.path_parameters: dict[str, str] = {}
        self.pieces: Sequence[bytes] = ()
        self.client: str | None = scope["client"][0] if scope.get("client") else None
        self._query_string: bytes = scope["query_string"]
        self._header_lines: list[tuple[bytes, bytes]] = scope["headers"]
        self._headers: dict[bytes, bytes] = dict(self._header_lines)

    def header(self, name: bytes) -> str:
        """The header's value, or "" without it. `name` in lower case."""
        value = self._headers.get(name)
        return "" if value is None else value.decode("latin-1")

    @property
    def is_form(self) -> bool:
        """`curl -d` calls JSON a form too; no form starts with a brace."""
        is_called_form = b"urlencoded" in self._headers.get(b"content-type", b"").lower()
        return is_called_form and not self.body.lstrip().startswith(b"{")

    @property
    def accepts_html(self) -> bool:
        """True for a browser that navigates; fetch and the SDKs don't name HTML."""
        return b"text/html" in self._headers.get(b"accept", b"")

    @property
    def target(self) -> str:
        """Path and query, as they were sent."""
        return f"{self.path}?{self._query_string.decode('latin-1')}"

    @cached_property
    def body(self) -> bytes:
        """Joined where it is used: of a large one that takes long, which a worker doesn't let others feel."""
        return b"".join(self.pieces)

    @property
    def size(self) -> int:
        """Of the body, in bytes."""
        return sum(map(len, self.pieces))

    @cached_property
    def content(self) -> JSON:
        """The body as an object. Raises MalformedBody."""
        return parse_form(self.body) if self.is_form else parse_json(self.body)

    def forget_body(self) -> None:
        """For a worker: no other thread runs while much is freed at once."""
        self.pieces = ()
        self.__dict__.pop("body", None)
        dismantle(self.__dict__.pop("content", None))

    @cached_property
    def query(self) -> dict[str, list[str]]:
        return parse_query(self._query_string.decode("latin-1")) if self._query_string else {}

    def parameter(self, name: str) -> str:
        """A query parameter's last value, or "" without it."""
        values = self.query.get(name)
        return values[-1] if values else ""

    @cached_property
    def _cookies(self) -> dict[str, str]:
        return parse_cookies(value.decode("latin-1") for name, value in self._header_lines if name == b"cookie")

    def cookie(self, name: str) -> str:
        """The cookie's value, or "" without it."""
        return self._cookies.get(name, "")

    @property
    def bearer(self) -> str:
        """The token of `Authorization: Bearer …`, or "". The Go client without a secret sends an empty one."""
        scheme, _, token = self.header(b"authorization").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    @property
    def password(self) -> str:
        """That of `Authorization: Basic …`, whoever the user is, or ""."""
        scheme, _, credentials = self.header(b"authorization").partition(" ")
        if scheme.lower() != "basic":
            return ""
        try:
            return b64decode(credentials).decode("utf-8", "replace").partition(":")[2]
        except ValueError:
            return ""


def of_api_key(server: Server, request: Request) -> Environment:
    """Raises Unauthorized."""
    environment = server.by_api_key(request.bearer)
    if environment is None:
        raise unknown_key(request.bearer)
    return environment


def unknown_key(key: str) -> Unauthorized:
    error = Unauthorized()
    if not key:
        error.hint = "no API key was sent; send 'Authorization: Bearer <API key>'"
    elif key.startswith("sk_live_"):
        error.hint = "a production key (sk_live_…) was sent; a mock server never takes one, point a test key at it"
    else:
        beginning = key[: min(11, len(key) // 2)]
        error.hint = (
            f"no environment has the API key {beginning}…; start with --api-key (or WORKOS_API_KEY), "
            "or make an environment for it with POST /_emulate/environments"
        )
    return error


def of_client_id_in_path(server: Server, request: Request) -> Environment:
    """For `/sso/jwks/{clientId}` and discovery. Raises NotFound."""
    client_id = request.path_parameters["client_id"]
    environment = server.by_client_id(client_id)
    if environment is None:
        raise NotFound("Client", client_id)
    return environment


def by_body(find: F) -> F:
    """Marks what finds the environment in the body. All others refuse a caller before the body is read."""
    find.reads_body = True  # type: ignore[attr-defined]  # read by routing
    return find


def of_none(server: Server, request: Request) -> None:
    """For endpoints that belong to the server and are everybody's."""


def of_control_server(server: Server, request: Request) -> None:
    """For control calls that concern the server, or find the environment themselves. Raises ControlRefused."""
    require_control(server, request)


class ControlRefused(ApiError):
    status, code = 401, "control_token_required"
    message = (
        "This server was started with --control-token: send 'Authorization: Bearer <control token>', "
        "or give it to the browser as the password."
    )
    challenge = 'Basic realm="mockserver", charset="UTF-8"'


class UnknownEnvironment(ApiError):
    status, code = 404, "environment_not_found"


def of_control(server: Server, request: Request) -> Environment:
    """By `?client_id=`, else by the API key sent, else the default one. Raises ControlRefused, UnknownEnvironment."""
    require_control(server, request)
    client_id = request.parameter("client_id")
    if client_id:
        environment = server.by_client_id(client_id)
        if environment is None:
            raise UnknownEnvironment(
                f"No environment has the client id '{client_id}'. GET /_emulate/environments lists them."
            )
        return environment
    key = request.header(b"x-api-key") or request.bearer
    if not key or key == server.control_token:
        return server.default
    environment = server.by_api_key(key)
    if environment is None:
        raise UnknownEnvironment("No environment has this API key. GET /_emulate/environments lists them.")
    return environment


def require_control(server: Server, request: Request) -> None:
    """The token, or for people a password that is it. Raises ControlRefused."""
    if server.control_token is None or request.bearer == server.control_token:
        return
    if request.password != server.control_token or not _is_by_choice(server, request):
        raise ControlRefused


def _is_by_choice(server: Server, request: Request) -> bool:
    """Browsers add a password to what pages of other sites ask for, too: of those only links are followed."""
    is_link = request.method == "GET" and request.header(b"sec-fetch-mode") == "navigate"
    return is_link or is_same_origin(request, server.public_url)
