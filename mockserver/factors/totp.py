"""What an authenticator app computes: SHA-1, six digits, steps of 30 seconds (RFC 6238 on top of RFC 4226).

Written out here because pyotp refuses secrets under 112 bits, while those of 80 bits (16 characters) are what many apps
and examples have.
"""

from __future__ import annotations

import base64
import binascii
import hmac

STEP = 30  # seconds
_MINIMUM = 10  # bytes of a secret that may be imported


class InvalidSecret(ValueError):
    """Not base32, or too short."""


def normal_secret(secret: str) -> str:
    """Upper case, without the blanks, dashes and padding that people paste. Raises InvalidSecret."""
    normal = secret.replace(" ", "").replace("-", "").rstrip("=").upper()
    try:
        key = _key(normal)
    except (binascii.Error, ValueError):
        raise InvalidSecret from None
    if len(key) < _MINIMUM:
        raise InvalidSecret
    return normal


def code_of_step(secret: str, step: int) -> str:
    """The code for a step counted from 1970; `secret` is a normal one."""
    digest = hmac.digest(_key(secret), step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 1_000_000:06d}"


def _key(secret: str) -> bytes:
    return base64.b32decode(secret + "=" * (-len(secret) % 8))
