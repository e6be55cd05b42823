"""PKCE, RFC 7636, with S256 only."""

from __future__ import annotations

import base64
import hashlib
import re

from mockserver.core.errors import Refused


def require_s256(code_challenge: str | None, method: str | None) -> None:
    """Raises Refused for a challenge that nothing can answer."""
    if code_challenge is None:
        return
    if method != "S256":
        raise Refused("invalid_request", "code_challenge_method must be 'S256'.")
    if not re.fullmatch(r"[A-Za-z0-9_-]{43}=?", code_challenge):
        raise Refused("invalid_request", "code_challenge must be a base64url SHA-256 digest of 43 characters.")


def answers(verifier: str, code_challenge: str) -> bool:
    digest = hashlib.sha256(verifier.encode("utf-8", "surrogatepass")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == code_challenge.rstrip("=")
