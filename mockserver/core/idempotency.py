"""`Idempotency-Key`: a POST sent again under the same key gets the stored answer again.

Within 24 hours of real time, per environment and caller. A different body under the same key is a conflict. A 5xx isn't
stored. Answers hold tokens and codes, so each is kept under a key that only who sends the request again can derive.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mockserver.core.clock import real_ms
from mockserver.core.environment import Environment
from mockserver.core.errors import ApiError
from mockserver.core.replies import Reply
from mockserver.core.requests import Request
from mockserver.core.schema import Model, stored

KEPT_MS = 24 * 3600 * 1000


class IdempotencyConflict(ApiError):
    status, code = 409, "idempotency_error"
    message = "The Idempotency-Key was used before with another body. Send a new key with a new request."


@stored("idempotent_answers")
class IdempotentAnswer(Model):
    id: str
    body_digest: str
    status: int
    body: str
    content_type: str | None
    sent_ms: int
    goes_ms: int = 0


def _secret(request: Request) -> bytes:
    """Another one for each caller: by API key, client secret or session cookie, and by the page that calls."""
    caller = [request.header(name) for name in (b"idempotency-key", b"authorization", b"cookie", b"origin")]
    return hashlib.sha256("\n".join((*caller, request.method, request.target)).encode()).digest()


def stored_answer(env: Environment, request: Request) -> Reply | None:
    """Raises IdempotencyConflict."""
    secret = _secret(request)
    answer = env.find(IdempotentAnswer, _id(secret))
    if answer is None or answer.sent_ms < real_ms() - KEPT_MS:
        return None
    if answer.body_digest != _digest(secret, request):
        raise IdempotencyConflict
    return Reply(answer.status, _opened(secret, answer.body), answer.content_type)


def store_answer(env: Environment, request: Request, reply: Reply) -> None:
    secret = _secret(request)
    body = _sealed(secret, reply.body)
    answer = IdempotentAnswer(_id(secret), _digest(secret, request), reply.status, body, reply.content_type, real_ms())
    env.replace(answer)


def _id(secret: bytes) -> str:
    return hashlib.sha256(b"id" + secret).hexdigest()


def _digest(secret: bytes, request: Request) -> str:
    """Keyed, since a body may hold a password that could be guessed."""
    return hmac.digest(secret, request.body, "sha256").hex()


def _sealed(secret: bytes, body: bytes) -> str:
    nonce = os.urandom(12)
    return base64.b64encode(nonce + AESGCM(secret).encrypt(nonce, body, None)).decode()


def _opened(secret: bytes, sealed: str) -> bytes:
    raw = base64.b64decode(sealed)
    return AESGCM(secret).decrypt(raw[:12], raw[12:], None)
