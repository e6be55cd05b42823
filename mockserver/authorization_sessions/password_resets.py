"""A forgotten password, from a sign-in in progress and back to it."""

from __future__ import annotations

from mockserver.authorization_sessions.models import AuthorizationSession
from mockserver.authorization_sessions.service import Step, go
from mockserver.core.environment import Environment
from mockserver.core.urls import with_query
from mockserver.password_resets import service as password_resets
from mockserver.users import service as users

CHANGED = "Your password is changed. Sign in with the new one."


def request_link(env: Environment, flow: AuthorizationSession, email: str) -> Step:
    """Says the same whether anybody has the address or not. Raises RequestInvalid, PasswordAuthDisabled."""
    users.require_email(email)
    password_resets.require_password_allowed(env)
    if users.find_user_by_email(env, email) is not None:
        page = env.settings.password_reset_url or with_query(password_resets.page_of_ours(env), {"flow": flow.id})
        password_resets.create_password_reset(env, email, page_url=page)
    return go(env, flow, "forgot-password/sent", email=email)


def waiting_flow(env: Environment, flow_id: str | None, browser: str) -> AuthorizationSession | None:
    """The sign-in where the link was asked for, if this is its browser and it can still go on."""
    flow = env.find(AuthorizationSession, flow_id or "")
    if flow is None or flow.browser != browser or not flow.is_open or flow.expires_at <= env.clock.now():
        return None
    return flow


def set_password(env: Environment, token: str, new_password: str, *, flow_id: str | None, browser: str) -> Step:
    """Back to the sign-in where the link was asked for, if this is its browser. Raises what confirming raises."""
    user = password_resets.confirm_password_reset(env, token, new_password)
    flow = waiting_flow(env, flow_id, browser)
    if flow is None:
        return Step(None, page="password-changed")
    return go(env, flow, "sign-in/password", email=user.email, notice=CHANGED)
