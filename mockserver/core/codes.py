"""One-time codes: what the codes of Magic Auth, e-mail verification and e-mail change have in common.

Six digits, single use, valid for `lifetimes.one_time_code`. A newer code leaves older ones valid, and after ten wrong
tries a code is dead (both are guesses; contract: authentication, section 8.5).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from fnmatch import fnmatchcase
from functools import cache
from typing import TypeVar

import sqlalchemy as sa

from mockserver.core.clock import later
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.schema import Model
from mockserver.core.statements import Query

MAX_ATTEMPTS = 10


class OneTimeCode(Model):
    """The columns of every kind of code, whose prefix names the object too. `email` is the address it proves."""

    id: str
    user_id: str
    email: str
    code: str
    attempts: int
    expires_at: str
    consumed_at: str | None
    created_at: str
    updated_at: str
    goes_ms: int = 0

    def shown(self) -> JSON:
        return {**self.event_data(), "code": self.code}

    def event_data(self) -> JSON:
        return {
            "object": self.prefix,
            "id": self.id,
            "user_id": self.user_id,
            "email": self.email,
            "expires_at": self.expires_at,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }


C = TypeVar("C", bound=OneTimeCode)


class Verdict(Enum):
    RIGHT = "right"
    WRONG = "wrong"
    USED = "used"
    EXPIRED = "expired"
    TOO_MANY_ATTEMPTS = "too many attempts"


def new_code(env: Environment, kind: type[C], user_id: str, email: str) -> C:
    """Stores a fresh code; the setting `fixed_codes` gives chosen addresses a known one."""
    now = env.clock.now()
    return env.insert(
        kind(
            id=env.ids.new(kind.prefix),
            user_id=user_id,
            email=email,
            code=_fixed_code(env, email) or env.codes.six_digits(),
            attempts=0,
            expires_at=later(now, env.settings.lifetimes.one_time_code),
            consumed_at=None,
            created_at=now,
            updated_at=now,
        )
    )


def _fixed_code(env: Environment, email: str) -> str | None:
    patterns = env.settings.fixed_codes.items()
    return next((code for pattern, code in patterns if fnmatchcase(email.lower(), pattern.lower())), None)


def codes_of(env: Environment, kind: type[C], user_id: str) -> list[C]:
    """The user's latest codes of the kind, newest first."""
    return env.all(_latest(kind), user_id=user_id)


@cache
def _latest(kind: type[C]) -> Query[C]:
    columns = kind.table.c
    newest_first = (columns.created_at.desc(), columns.id.desc())
    return Query(kind, columns.user_id == sa.bindparam("user_id"), order_by=newest_first, limit=50)


def judge(env: Environment, candidates: Sequence[OneTimeCode], code: str) -> tuple[Verdict, OneTimeCode | None]:
    """Tries a code against those that were issued, newest first. The right one is consumed, a wrong try is counted."""
    now = env.clock.now()
    live = [candidate for candidate in candidates if candidate.consumed_at is None and candidate.expires_at > now]
    for candidate in live:
        if candidate.code == code:
            if candidate.attempts >= MAX_ATTEMPTS:
                return Verdict.TOO_MANY_ATTEMPTS, candidate
            if env.consume(candidate):
                return Verdict.RIGHT, candidate
    for candidate in candidates:
        if candidate.code == code:
            return Verdict.USED if candidate.consumed_at is not None else Verdict.EXPIRED, candidate
    for candidate in live:
        env.update(candidate, attempts=candidate.attempts + 1, updated_at=candidate.updated_at)
    if live and all(candidate.attempts >= MAX_ATTEMPTS for candidate in live):
        return Verdict.TOO_MANY_ATTEMPTS, live[0]
    return Verdict.WRONG, None
