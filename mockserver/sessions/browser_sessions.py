"""Who is signed in to AuthKit's own pages, browser by browser."""

from __future__ import annotations

import sqlalchemy as sa

from mockserver.core.clock import later, to_ms
from mockserver.core.environment import Environment
from mockserver.core.retention import a_day_on
from mockserver.core.statements import Statement
from mockserver.sessions.models import BrowserSession

_columns = BrowserSession.table.c
_END_ALL = Statement(
    sa.update(BrowserSession.table)
    .where(_columns.user_id == sa.bindparam("user_id"), _columns.ended_at.is_(None))
    .values(ended_at=sa.bindparam("now"), goes_ms=sa.bindparam("new_goes_ms"))
)


def begin(
    env: Environment, user_id: str, method: str, *, connection_id: str | None, has_second_factor: bool
) -> BrowserSession:
    """It lasts as long as a session may."""
    now = env.clock.now()
    return env.insert(
        BrowserSession(
            id=env.codes.token(40),
            user_id=user_id,
            method=method,
            connection_id=connection_id,
            has_second_factor=has_second_factor,
            authenticated_at=now,
            expires_at=later(now, env.settings.session_length),
            ended_at=None,
            created_at=now,
        )
    )


def find_live(env: Environment, id: str) -> BrowserSession | None:
    """That of a cookie's value, or None for an unknown, ended or expired one."""
    found = env.find(BrowserSession, id) if id else None
    if found is None or found.ended_at is not None or found.expires_at <= env.clock.now():
        return None
    return found


def is_fresh(env: Environment, browser_session: BrowserSession, max_age: int) -> bool:
    """Whether the user proved something within so many seconds; never for 0, which always asks again."""
    age_ms = env.clock.now_ms() - to_ms(browser_session.authenticated_at)
    return max_age > 0 and age_ms <= max_age * 1000


def keep_second_factor(env: Environment, browser_session: BrowserSession, has_second_factor: bool) -> None:
    """One that an app has asked for later counts for the next app too."""
    if has_second_factor and not browser_session.has_second_factor:
        env.update(browser_session, has_second_factor=True)


def end_all(env: Environment, user_id: str) -> None:
    env.execute(_END_ALL, user_id=user_id, now=env.clock.now(), new_goes_ms=a_day_on())


def end(env: Environment, id: str) -> None:
    browser_session = find_live(env, id)
    if browser_session is not None:
        env.update(browser_session, ended_at=env.clock.now(), goes_ms=a_day_on())
