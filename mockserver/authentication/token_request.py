"""From the body of `POST /user_management/authenticate` to the grant it asks for, and whether the client may use it."""

from __future__ import annotations

from mockserver.authentication.clients import is_confidential
from mockserver.authentication.errors import InvalidClient, InvalidRequest
from mockserver.authentication.grants import GRANTS, NOT_IMPLEMENTED_YET
from mockserver.authentication.grants.grant import Grant
from mockserver.core.bodies import decode_body, expected, required_fields
from mockserver.core.errors import JSON, ApiError, RequestInvalid
from mockserver.core.requests import Request


class GrantNotImplementedYet(ApiError):
    status, code = 501, "emulator_not_implemented"

    def __init__(self, grant_type: str) -> None:
        message = f"This server does not implement the grant '{grant_type}' yet."
        super().__init__(message, operation=grant_type)


def requested_grant(request: Request, members: JSON) -> Grant:
    """By the members of the body. Raises InvalidClient for a public client where a secret is due, and as `_grant`."""
    grant = _grant(members, strict=not request.is_form)
    if not is_confidential(request) and not grant.allows_public_client():
        raise InvalidClient("This grant needs a client_secret, or for authorization_code a code_verifier.")
    return grant


def _grant(members: JSON, *, strict: bool) -> Grant:
    """The body as its grant. Raises InvalidRequest for what is missing, RequestInvalid for a wrong type."""
    grant_type = members.get("grant_type")
    if not grant_type:
        raise InvalidRequest("grant_type is required.")
    if not isinstance(grant_type, str):
        raise RequestInvalid([expected("grant_type", "string")])
    if grant_type in NOT_IMPLEMENTED_YET:
        raise GrantNotImplementedYet(grant_type)
    kind = GRANTS.get(grant_type)
    if kind is None:
        raise InvalidRequest(f"Unknown grant_type: '{grant_type}'.")
    missing = [name for name in required_fields(kind) if members.get(name) in (None, "")]
    if missing:
        raise InvalidRequest(f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} required.")
    return decode_body(kind, members, strict=strict)
