"""A change of a user's address, waiting for the code that was mailed to the new one."""

from __future__ import annotations

from mockserver.core.codes import OneTimeCode
from mockserver.core.schema import stored


@stored(
    "email_changes",
    label="Email Change",
    prefix="email_change",
    references={"user_id": "users.id"},
    indexes=[("user_id", "created_at", "id")],
)
class EmailChange(OneTimeCode):
    """`email` is the new address. The API shows it only beside its user: see `api.py`."""
