"""A Magic Auth code."""

from __future__ import annotations

from mockserver.core.codes import OneTimeCode
from mockserver.core.schema import stored


@stored(
    "magic_auths",
    label="MagicAuth",
    prefix="magic_auth",
    references={"user_id": "users.id"},
    indexes=[("user_id", "created_at", "id")],
)
class MagicAuth(OneTimeCode):
    """Shown with its code; events leave it out."""
