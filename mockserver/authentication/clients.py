"""Who calls: client authentication of the token endpoint (contract: authentication, section 1.2)."""

from __future__ import annotations

from mockserver.authentication.errors import InvalidClient, InvalidRequest, UnknownClient
from mockserver.core.bodies import expected
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, RequestInvalid
from mockserver.core.requests import Request, by_body, unknown_key
from mockserver.core.server import Server


@by_body
def of_client(server: Server, request: Request) -> Environment:
    """By the body's `client_id`, with a `client_secret` or API key, where one is sent, that belongs to it.

    Raises InvalidRequest, InvalidClient, RequestInvalid.
    """
    client_id = text_of(request.content, "client_id")
    if not client_id:
        raise InvalidRequest("client_id is required.")
    return environment_of(server, client_id, text_of(request.content, "client_secret") or request.bearer)


def environment_of(server: Server, client_id: str, sent: str) -> Environment:
    """`sent` is a client secret or API key, or "" of a public client. Raises InvalidClient."""
    environment = server.by_client_id(client_id)
    if environment is None:
        raise _unknown(InvalidClient(), client_id)
    if sent and sent != environment.keys.api_key:
        error = InvalidClient()
        error.hint = unknown_key(sent).hint
        if server.by_api_key(sent) is not None:
            error.hint = f"the API key sent belongs to another environment than the client id '{client_id}'"
        raise error
    return environment


@by_body
def of_public_client(server: Server, request: Request) -> Environment:
    """By the body's `client_id` alone, whatever key comes with it. Raises InvalidRequest, UnknownClient."""
    client_id = request.content.get("client_id")
    if not client_id or not isinstance(client_id, str):
        raise InvalidRequest("client_id is required.")
    environment = server.by_client_id(client_id)
    if environment is None:
        raise _unknown(UnknownClient(), client_id)
    return environment


def _unknown(error: InvalidClient, client_id: str) -> InvalidClient:
    error.hint = f"no environment has the client id '{client_id}'; start with --client-id (or WORKOS_CLIENT_ID)"
    return error


def is_confidential(request: Request) -> bool:
    """Whether the client proved itself; `of_client` has refused a wrong proof already."""
    return bool(request.content.get("client_secret") or request.bearer)


def text_of(content: JSON, name: str) -> str:
    """A member, or "" without it. Raises RequestInvalid."""
    value = content.get(name) or ""
    if not isinstance(value, str):
        raise RequestInvalid([expected(name, "string")])
    return value
