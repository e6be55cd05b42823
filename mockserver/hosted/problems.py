"""From a refusal of the API to what stands beside a field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mockserver.core.errors import ApiError, RequestInvalid, field_error

# The field that a refusal is about; every other one is about the form as a whole.
_FIELDS = {
    "invalid_credentials": "password",
    "password_strength_error": "password",
    "password_reset_error": "new_password",
    "user_not_found": "email",
    "user_creation_error": "email",
    "email_not_available": "email",
    "invitation_cannot_be_used_for_email": "email",
    "invalid_one_time_code": "code",
    "one_time_code_previously_used": "code",
    "one_time_code_expired": "code",
    "one_time_code_too_many_attempts": "code",
    "user_mismatch": "code",
    "user_code_not_found": "user_code",
    "user_code_expired": "user_code",
    "user_code_previously_used": "user_code",
}

# Where the API speaks to programs, people are told in other words.
_WORDS = {
    "invalid_credentials": "That password is not right for this address.",
    "user_creation_error": "An account with this address exists already. Sign in instead.",
    "invalid_one_time_code": "That code is not right. Enter the newest one; each works once.",
    "one_time_code_previously_used": "That code has been used before. Ask for a new one.",
    "one_time_code_expired": "That code has expired. Ask for a new one.",
    "sign_up_not_allowed": "Nobody can sign up here without an invitation.",
}


@dataclass(frozen=True)
class Problem:
    """`errors` by field, or under `form`; `values` are what was typed, secrets left out."""

    status: int = 200
    errors: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)


NO_PROBLEM = Problem()


def required(name: str) -> RequestInvalid:
    title = "The code" if name == "code" else f"The {name.replace('_', ' ')}"
    return RequestInvalid([field_error(name, f"{name}_string_required", f"{title} is missing.")])


def problem_of(refusal: ApiError, values: Mapping[str, str]) -> Problem:
    code = refusal.code or ""
    if isinstance(refusal, RequestInvalid):
        errors = {error["field"]: error["message"] for error in refusal.extra["errors"]}
    else:
        errors = {_FIELDS.get(code, "form"): _WORDS.get(code) or _sentence(refusal)}
    return Problem(refusal.status, errors, values)


def _sentence(refusal: ApiError) -> str:
    """With what the elements of `errors` add: which rules a password breaks, and how to mend it."""
    parts: list[str] = []
    for error in refusal.extra.get("errors", ()):
        parts += _parts(error)
    return " ".join(parts) or refusal.message


def _parts(error: Mapping[str, Any]) -> list[str]:
    return [str(text) for text in (error.get("message"), *error.get("suggestions", ())) if text]
