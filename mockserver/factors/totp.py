"""What an authenticator app computes, by pyotp: SHA-1, six digits, steps of 30 seconds (RFC 6238)."""

from __future__ import annotations

import base64
import binascii

import pyotp

STEP = 30  # seconds
_MINIMUM = 10  # bytes of a secret that may be imported


class InvalidSecret(ValueError):
    """Not base32, or too short."""


class _Totp(pyotp.TOTP):
    """pyotp refuses secrets under 112 bits, while many apps and examples have 80 (16 characters)."""

    def byte_secret(self) -> bytes:
        return base64.b32decode(self.secret + "=" * (-len(self.secret) % 8))


def normal_secret(secret: str) -> str:
    """Upper case, without the blanks, dashes and padding that people paste. Raises InvalidSecret."""
    normal = secret.replace(" ", "").replace("-", "").rstrip("=").upper()
    try:
        key = _Totp(normal).byte_secret()
    except (binascii.Error, ValueError):
        raise InvalidSecret from None
    if len(key) < _MINIMUM:
        raise InvalidSecret
    return normal


def code_of_step(secret: str, step: int) -> str:
    """The code for a step counted from 1970; `secret` is a normal one."""
    return _Totp(secret).generate_otp(step)
