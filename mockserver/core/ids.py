"""Ids, tokens and codes: everything random that an environment hands out."""

from __future__ import annotations

import os
import random
import secrets
import string

from mockserver.core.clock import EARLIEST_MS, LATEST_MS, Clock

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {character: value for value, character in enumerate(_CROCKFORD)}
_PAIRS = [first + second for first in _CROCKFORD for second in _CROCKFORD]
_ALPHANUMERIC = string.ascii_letters + string.digits
_CONSONANTS = "BCDFGHJKLMNPQRSTVWXZ"
_BASE32 = string.ascii_uppercase + "234567"


def encode_ulid(number: int) -> str:
    """The 26 characters of a 128-bit number in Crockford's base 32."""
    return "".join([_PAIRS[(number >> shift) & 1023] for shift in range(120, -1, -10)])


def time_of_id(id: str) -> int | None:
    """The milliseconds since 1970 in an id's ULID, or None for an id that has none (a pinned one may not)."""
    ulid = id[-26:].upper()
    if len(ulid) != 26 or any(character not in _VALUES for character in ulid):
        return None
    milliseconds = 0
    for character in ulid[:10]:
        milliseconds = milliseconds * 32 + _VALUES[character]
    return milliseconds if EARLIEST_MS <= milliseconds < LATEST_MS else None


class Ids:
    """ULIDs that only ever grow, also when the clock is set back: ids sort by creation."""

    def __init__(self, clock: Clock, last: int = 0) -> None:
        self._clock = clock
        self.last = last

    def new(self, prefix: str) -> str:
        return f"{prefix}_{self.ulid()}"

    def ulid(self) -> str:
        now = self._clock.now_ms() << 80
        if now > self.last:
            # The top bit stays clear, so that counting up within a millisecond can't spill into the time.
            self.last = now | (int.from_bytes(os.urandom(10)) >> 1)
        else:
            self.last += 1
        return encode_ulid(self.last)

    def follow(self, id: str) -> None:
        """Whatever is made from now on comes after this id, which was made elsewhere."""
        milliseconds = time_of_id(id)
        if milliseconds is not None:
            self.last = max(self.last, (milliseconds + 1) << 80)


class Codes:
    """Secrets that stand on their own: one-time codes, tokens, TOTP secrets, request ids."""

    def six_digits(self) -> str:
        return f"{secrets.randbelow(1_000_000):06d}"

    def token(self, length: int = 25) -> str:
        """Alphanumerics, as production's pending, reset and refresh tokens are."""
        number = int.from_bytes(os.urandom(length))
        characters = []
        for _ in range(length):
            number, index = divmod(number, 62)
            characters.append(_ALPHANUMERIC[index])
        return "".join(characters)

    def user_code(self) -> str:
        """Eight letters for people to type: no words, and no digits to mistake them for (RFC 8628, section 6.1)."""
        return "".join([secrets.choice(_CONSONANTS) for _ in range(8)])

    def totp_secret(self) -> str:
        """160 bits as 32 base32 characters, the length RFC 4226 recommends."""
        return "".join([_BASE32[byte & 31] for byte in os.urandom(32)])


def request_id() -> str:
    """A version 4 UUID, of quick random numbers: it is no secret."""
    digits = f"{random.getrandbits(128):032x}"
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
