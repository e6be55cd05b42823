"""An e-mail verification."""

from __future__ import annotations

from mockserver.core.codes import OneTimeCode
from mockserver.core.schema import stored


@stored(
    "email_verifications",
    label="Email Verification",
    prefix="email_verification",
    references={"user_id": "users.id"},
    indexes=[("user_id", "created_at", "id")],
)
class EmailVerification(OneTimeCode):
    """Shown with its code; events leave it out."""
