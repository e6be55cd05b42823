"""An authenticator app of the tests' own, so that no library checks itself (RFC 4226 and 6238)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime

from tests.conftest import Client

STEP = 30


def hotp(secret: str, counter: int, digits: int = 6) -> str:
    """`secret` in base32."""
    digest = hmac.new(base64.b32decode(secret), counter.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}d}"


def current_step(client: Client) -> int:
    """The 30-second step on the clock of the environment."""
    now = client.get("/_emulate/clock").raise_for_status().json()["now"]
    return int(datetime.fromisoformat(now).timestamp()) // STEP


def totp(client: Client, secret: str, steps_ahead: int = 0) -> str:
    """What the app shows, or will show that many steps from now."""
    return hotp(secret, current_step(client) + steps_ahead)


def freeze_at(client: Client, moment: str) -> None:
    """Stands the clock still, so that no step ends between making a code and using it."""
    client.put("/_emulate/clock", json={"now": moment, "frozen": True}).raise_for_status()
