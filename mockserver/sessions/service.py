"""Starting, prolonging and ending sessions."""

from __future__ import annotations

import sqlalchemy as sa

from mockserver.core.clock import later
from mockserver.core.environment import Environment
from mockserver.core.errors import ApiError, OAuthError
from mockserver.core.pagination import Listing, Page, Pagination
from mockserver.core.retention import a_day_on
from mockserver.core.statements import Query, Statement
from mockserver.events import service as events
from mockserver.sessions import browser_sessions
from mockserver.sessions.models import RefreshToken, Session

REPLAY_GRACE = 30  # seconds; concurrent refreshes converge on one token (contract: authentication, section 2.7)

_SESSION_METHODS = {
    "Password": "password",
    "MagicAuth": "magic_code",
    "SSO": "sso",
    "Passkey": "passkey",
    "Impersonation": "impersonation",
}

_columns = Session.table.c
_IS_ACTIVE = (
    _columns.ended_at.is_(None),
    _columns.expires_at > sa.bindparam("now"),
    _columns.refreshed_at > sa.bindparam("idle_since"),
)
_OF_USER = _columns.user_id == sa.bindparam("user_id")
_ACTIVE_OF_USER = Query(Session, _OF_USER, *_IS_ACTIVE, order_by=(_columns.created_at, _columns.id))
_LISTING = Listing(Session, user_id=sa.and_(_OF_USER, *_IS_ACTIVE))
_EXCHANGE = Statement(
    sa.update(RefreshToken.table)
    .where(RefreshToken.table.c.token == sa.bindparam("sent"), RefreshToken.table.c.exchanged_at.is_(None))
    .values(successor=sa.bindparam("new_token"), exchanged_at=sa.bindparam("now"), goes_ms=sa.bindparam("new_goes_ms"))
)


class InvalidGrant(OAuthError):
    """In the OAuth shape, without which `session.refresh()` of the Node SDK throws instead of reporting."""

    status, code = 400, "invalid_grant"


class SessionEnded(ApiError):
    status, code = 400, "session_already_ended"
    message = "The session has already ended."


def start_session(
    env: Environment,
    user_id: str,
    method: str,
    *,
    organization_id: str | None = None,
    connection_id: str | None = None,
    browser_session_id: str | None = None,
    authenticated_at: str | None = None,
    ip_address: str | None = None,
    user_agent: str | None = None,
    impersonator_email: str | None = None,
    impersonator_reason: str | None = None,
) -> Session:
    """`authenticated_at` is when the user last proved something: now, unless the browser was signed in before."""
    now = env.clock.now()
    lifetimes = env.settings.lifetimes
    length = lifetimes.impersonation if impersonator_email is not None else env.settings.session_length
    session = Session(
        id=env.ids.new(Session.prefix),
        user_id=user_id,
        organization_id=organization_id,
        sign_in_organization_id=organization_id,
        connection_id=connection_id,
        browser_session_id=browser_session_id,
        method=method,
        auth_method=_SESSION_METHODS.get(method, "oauth" if method.endswith("OAuth") else "unknown"),
        ip_address=ip_address,
        user_agent=user_agent,
        impersonator_email=impersonator_email,
        impersonator_reason=impersonator_reason,
        authenticated_at=authenticated_at or now,
        refreshed_at=now,
        expires_at=later(now, length),
        ended_at=None,
        created_at=now,
        updated_at=now,
    )
    env.insert(session)
    events.record(env, "session.created", session)
    return session


def list_sessions(env: Environment, user_id: str, pagination: Pagination) -> Page[Session]:
    """Active sessions only."""
    return env.page(_LISTING, pagination, user_id=user_id, now=env.clock.now(), idle_since=_idle_since(env))


def is_active(env: Environment, session: Session) -> bool:
    now = env.clock.now()
    return session.ended_at is None and session.expires_at > now and session.refreshed_at > _idle_since(env)


def _idle_since(env: Environment) -> str:
    """Sessions refreshed at or before this moment have been idle too long; "" when there is no such limit."""
    limit = env.settings.session_inactivity
    return "" if limit is None else env.clock.after(-limit)


def revoke_session(env: Environment, session_id: str) -> None:
    """Raises NotFound and SessionEnded. Its access token verifies until it expires: tokens are stateless."""
    session = env.get(Session, session_id)
    if not is_active(env, session):
        raise SessionEnded
    end_session(env, session)


def end_session(env: Environment, session: Session) -> None:
    """The browser that signed in is signed out of AuthKit's pages too, or it would be let in again unasked."""
    session = env.update(session, ended_at=env.clock.now(), goes_ms=a_day_on())
    events.record(env, "session.revoked", session)
    if session.browser_session_id is not None:
        browser_sessions.end(env, session.browser_session_id)


def revoke_sessions_of(env: Environment, user_id: str, *, organization_id: str | None = None) -> None:
    """All of the user's, those of browsers with AuthKit's pages too, or those that are scoped to an organization."""
    if organization_id is None:
        browser_sessions.end_all(env, user_id)
    active = env.all(_ACTIVE_OF_USER, user_id=user_id, now=env.clock.now(), idle_since=_idle_since(env))
    env.may_take_long(len(active))
    for session in active:
        if organization_id is None or session.organization_id == organization_id:
            end_session(env, session)


def switch_organization(env: Environment, session: Session, organization_id: str | None) -> Session:
    """From now on the session is scoped to it, and so are its tokens."""
    if organization_id == session.organization_id:
        return session
    return env.update(session, organization_id=organization_id)


def organization_of_refresh(env: Environment, session: Session) -> str | None:
    """Which one a refresh means that names none: that of the sign-in, unless the setting says the latest.

    The reference says both ("original organization selected", "most recently used"); apps have seen the former.
    """
    is_latest = env.settings.refresh_organization == "latest"
    return session.organization_id if is_latest else session.sign_in_organization_id


def new_refresh_token(env: Environment, session: Session) -> str:
    token = env.codes.token()
    env.insert(RefreshToken(token, session.id, None, None, env.clock.now()))
    return token


def exchange_refresh_token(env: Environment, token: str) -> tuple[Session, str]:
    """The session and the token that takes the place of the one sent. Raises InvalidGrant.

    Every use rotates. Sent again within REPLAY_GRACE it gives the same successor, later it is refused; the session
    lives on either way.
    """
    sent = env.find(RefreshToken, token)
    if sent is None:
        raise InvalidGrant("Invalid refresh token.")
    session = env.get(Session, sent.session_id)
    if not is_active(env, session):
        raise InvalidGrant("Session has already ended.")
    if sent.exchanged_at is not None and sent.successor is not None:
        if sent.exchanged_at <= env.clock.after(-REPLAY_GRACE):
            raise InvalidGrant("Refresh token already exchanged.")
        return session, sent.successor
    successor = new_refresh_token(env, session)
    env.execute(_EXCHANGE, sent=token, new_token=successor, now=env.clock.now(), new_goes_ms=a_day_on())
    session = env.update(session, refreshed_at=env.clock.now(), updated_at=session.updated_at)
    return session, successor
