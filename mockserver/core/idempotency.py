"""`Idempotency-Key`: a POST sent again under the same key gets the stored answer again.

Within 24 hours of real time, per environment. A different body under the same key is a conflict. A 5xx isn't stored.
"""

from __future__ import annotations

import base64
import hashlib

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


def _id(request: Request) -> str:
    named = "\n".join((request.header(b"idempotency-key"), request.method, request.target))
    return hashlib.sha256(named.encode()).hexdigest()


def stored_answer(env: Environment, request: Request) -> Reply | None:
    """Raises IdempotencyConflict."""
    answer = env.find(IdempotentAnswer, _id(request))
    if answer is None or answer.sent_ms < real_ms() - KEPT_MS:
        return None
    if answer.body_digest != _digest(request):
        raise IdempotencyConflict
    return Reply(answer.status, base64.b64decode(answer.body), answer.content_type)


def store_answer(env: Environment, request: Request, reply: Reply) -> None:
    body = base64.b64encode(reply.body).decode()
    env.replace(IdempotentAnswer(_id(request), _digest(request), reply.status, body, reply.content_type, real_ms()))


def _digest(request: Request) -> str:
    return hashlib.sha256(request.body).hexdigest()
