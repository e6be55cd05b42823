"""Where the OpenAPI document and the API that its SDKs know differ: every answer that conformance tests let pass.

A contradiction still says what the answer must look like, so that it hides nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ANY = "any operation that does not document the status"
EVERY = "any operation, whatever it documents"
UNKNOWN_ROUTE = "a path or method that the document does not have"


@dataclass(frozen=True)
class Contradiction:
    """`operation` is `METHOD /path/{template}` or a name from above; `body` is a JSON Schema that the answer meets."""

    operation: str
    status: int
    body: Mapping[str, Any]
    reason: str
    source: str

    def covers(self, operation: str, status: int, documented: bool) -> bool:
        is_general = self.operation == EVERY or (self.operation == ANY and not documented)
        names = operation == self.operation or (is_general and operation != UNKNOWN_ROUTE)
        return names and status == self.status


TEXT = {"type": "string", "minLength": 1}


def object_of(**members: Mapping[str, Any]) -> Mapping[str, Any]:
    """An object with all of these members and no others."""
    return {"type": "object", "properties": members, "required": list(members), "additionalProperties": False}


# What a refusal looks like whose status is known and no more of it.
REFUSAL = {
    "type": "object",
    "properties": {"message": TEXT, "code": TEXT, "errors": {"type": "array", "minItems": 1}},
    "required": ["message"],
}

_ACCOUNT = "/user_management/users/{user_id}/connected_accounts/{slug}"
REFUSE_KEYS_WITHOUT_CONTENT = (
    "POST /api_keys/validations",
    *(f"{method} {_ACCOUNT}" for method in ("GET", "POST", "PUT", "DELETE")),
    "GET /user_management/users/{user_id}/data_providers",
)

CONTRADICTIONS = (
    Contradiction(
        "POST /user_management/authenticate",
        422,
        object_of(message={"const": "`invite_token` cannot be specified for an AuthKit authorization code."}),
        "An invitation at the exchange of AuthKit's own code; the document knows refusals with a code only.",
        "Observed: workos-ruby 337.",
    ),
    *(
        Contradiction(
            operation,
            401,
            object_of(message={"const": "Unauthorized"}),
            "The document has this answer without content, and elsewhere with it.",
            "The Node SDK reads JSON from every failure.",
        )
        for operation in REFUSE_KEYS_WITHOUT_CONTENT
    ),
    Contradiction(
        ANY,
        401,
        object_of(message={"const": "Unauthorized"}),
        "Every operation that takes an API key refuses a wrong one; the document says so for few of them.",
        "The Node SDK's UnauthorizedException; redirect_uris and cors_origins in the document.",
    ),
    Contradiction(
        EVERY,
        400,
        object_of(message={"enum": ["Problems parsing JSON", "The body must be a JSON object."]}),
        "A body that is no JSON object; the document describes it for one operation only.",
        "POST /user_management/redirect_uris in the document.",
    ),
    Contradiction(
        ANY,
        422,
        object_of(message=TEXT, code={"const": "invalid_request_parameters"}, errors={"type": "array", "minItems": 1}),
        "A member or parameter of a wrong type; the document forgets the answer for some operations.",
        "The document has it for the other operations.",
    ),
    Contradiction(
        ANY,
        404,
        object_of(message=TEXT, code={"const": "entity_not_found"}, entity_id={"type": "string"}),
        "An id in the path can name nothing, also where the document forgets it.",
        "Answers of the real API in the tests of the Ruby and Node SDKs.",
    ),
    Contradiction(
        ANY,
        409,
        object_of(message=TEXT, code={"const": "idempotency_error"}),
        "One Idempotency-Key with two bodies; the document describes the header for one operation only.",
        "The Ruby SDK's IdempotencyError.",
    ),
    Contradiction(
        ANY,
        413,
        object_of(message=TEXT, code={"const": "payload_too_large"}),
        "A body over 1 MiB; the document has no limit.",
        "Decided here, so that a body without end can't fill the memory.",
    ),
    Contradiction(
        ANY,
        422,
        object_of(message=TEXT, code={"const": "invalid_request_parameters"}, errors={"type": "array", "minItems": 1}),
        "Every operation that takes members or parameters can get invalid ones; the document says so for most.",
        "The document's answer of the other operations; observed on memberships.",
    ),
    Contradiction(
        ANY,
        501,
        object_of(message=TEXT, code={"const": "emulator_not_implemented"}, operation=TEXT),
        "The public API has the operation and this server not yet.",
        "Decided here, so that it can't be mistaken for a 404.",
    ),
    Contradiction(
        UNKNOWN_ROUTE,
        404,
        object_of(message=TEXT, error={"const": "Not Found"}),
        "The document can't describe paths that do not exist.",
        "What production's router answers (workos-node 1334).",
    ),
    Contradiction(
        UNKNOWN_ROUTE,
        405,
        object_of(message=TEXT),
        "The document can't describe methods that a path does not have.",
        "The Node SDK reads JSON from every failure.",
    ),
    *(
        Contradiction(
            operation,
            400,
            object_of(code=TEXT, message=TEXT),
            "A request that must not be answered by a redirect, as its redirect URI is not registered or missing.",
            "The real API shows an error page of another origin; a mock has only this one.",
        )
        for operation in ("GET /user_management/authorize", "GET /sso/authorize")
    ),
    Contradiction(
        "GET /user_management/sessions/logout",
        400,
        object_of(code={"const": "sign_out_redirect_not_allowed"}, message=TEXT),
        "A return address that is not registered: the session is ended, and nothing is redirected.",
        "Undocumented; an open redirect would be worse than an error.",
    ),
    Contradiction(
        "POST /user_management/organization_memberships",
        409,
        object_of(message=TEXT, code={"const": "organization_membership_already_exists"}),
        "The user is a member already; the document has no answer for it.",
        "The code was seen in applications, the status is a guess.",
    ),
)
