"""Refusals. Raised by a rule, rendered once, in `core/refusals.py`.

    ApiError                plain envelope: {"message", "code"?, "errors"?, ...}
      NotFound              404 entity_not_found
      RequestInvalid        422 invalid_request_parameters, every invalid field at once
      BadRequest            400 bad_request, of the authorization resources
      Unauthorized          401, the bare message
    OAuthError              {"error", "error_description", ...}
    Refused                 no answer at all: a browser carries it to the app

The shape is part of the contract, because SDKs choose their exception by it (contract: authentication, section 1.5).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

JSON = dict[str, Any]


class ApiError(Exception):
    """A refusal. `extra` are further members of the body; `hint`, for the log only, says which setting relaxes it."""

    status: ClassVar[int] = 400
    code: ClassVar[str | None] = None
    message: str = "Request could not be processed."
    hint: str | None = None
    challenge: ClassVar[str | None] = None
    """`WWW-Authenticate` for browsers, which then ask people for a password."""
    headers: tuple[tuple[str, str], ...] = ()
    """Of the answer, such as a cookie that is of no use any more."""
    keeps_changes: ClassVar[bool] = False
    """True for a refusal that is a step: what was written before it (a code, a mail, an event) is committed."""

    def __init__(self, message: str | None = None, **extra: Any) -> None:
        if message is not None:
            self.message = message
        self.extra = extra
        super().__init__(self.message)

    def body(self) -> JSON:
        code = {} if self.code is None else {"code": self.code}
        return {**code, "message": self.message, **self.extra}


class OAuthError(ApiError):
    """The envelope of RFC 6749, section 5.2; `code` becomes `error`."""

    def body(self) -> JSON:
        return {"error": self.code, "error_description": self.message, **self.extra}


class Refused(Exception):
    """A failure that the app is told of, as `error` and `error_description` at its redirect URI."""

    def __init__(self, error: str, description: str) -> None:
        self.error, self.description = error, description


class NotFound(ApiError):
    """`label` is in title case: "Organization Membership", "Authentication Factor", "Email Verification" (recorded)."""

    status, code = 404, "entity_not_found"

    def __init__(self, label: str, id: str) -> None:
        super().__init__(f"{label} not found: '{id}'.", entity_id=id)


class RequestInvalid(ApiError):
    """`errors` are objects with `field`, `code` and `message`: each SDK reads another one of them."""

    status, code = 422, "invalid_request_parameters"
    message = "Validation failed."

    def __init__(self, errors: Sequence[JSON]) -> None:
        super().__init__(errors=list(errors))


class BadRequest(ApiError):
    """How roles, permissions and groups refuse (contract: resources, section 2)."""

    status, code = 400, "bad_request"


class Unauthorized(ApiError):
    status = 401
    message = "Unauthorized"


def field_error(field: str, code: str, message: str) -> JSON:
    return {"field": field, "code": code, "message": message}
