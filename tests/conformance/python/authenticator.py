"""An authenticator app: RFC 6238 with nothing but the standard library, since the server itself uses pyotp."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime

STEP = 30


def code_at(secret: str, moment: datetime, steps: int = 0) -> str:
    """The six digits shown at this moment, or some steps of 30 seconds later."""
    counter = int(moment.timestamp()) // STEP + steps
    digest = hmac.digest(base64.b32decode(secret), counter.to_bytes(8, "big"), hashlib.sha1)
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def wrong_code_at(secret: str, moment: datetime) -> str:
    """Six digits that are not shown from two steps before to two steps after this moment."""
    shown = {code_at(secret, moment, steps) for steps in range(-2, 3)}
    return next(code for code in ("000000", "111111", "222222", "333333", "444444", "555555") if code not in shown)
