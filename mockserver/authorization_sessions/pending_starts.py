"""Starts that wait for the app: only it can begin a sign-in whose `state` it knows again.

A mailed invitation and an impersonation are remembered for the browser, which is led to where the app begins its
sign-ins; the app's next authorize takes up what is remembered. Production does so with invitations: its link leads to
the app's sign-in endpoint, and the sign-in that begins there shows "Accept invitation" (usenotra/notra 851).
"""

from __future__ import annotations

from typing import Any

from mockserver.authorization_sessions.models import AuthorizationSession, PendingStart
from mockserver.core.clock import later
from mockserver.core.environment import Environment
from mockserver.core.statements import Query
from mockserver.core.urls import is_loopback, origin_of, with_query
from mockserver.invitations.models import Invitation
from mockserver.redirect_uris.service import redirect_targets

_RECENT = 50  # sign-ins among which the last one of an app on this machine is looked for

_flows = AuthorizationSession.table.c
_LAST_AUTHORIZE = Query(
    AuthorizationSession, _flows.purpose == "authorize", order_by=(_flows.id.desc(),), limit=_RECENT
)


def keep_invitation(env: Environment, browser: str, invitation: Invitation) -> None:
    _keep(env, browser, invitation_id=invitation.id)


def keep_impersonation(
    env: Environment, browser: str, user_id: str, *, organization_id: str | None, email: str, reason: str | None
) -> None:
    """`email` and `reason` are the impersonator's."""
    _keep(
        env,
        browser,
        user_id=user_id,
        organization_id=organization_id,
        impersonator_email=email,
        impersonator_reason=reason,
    )


def _keep(env: Environment, browser: str, **members: Any) -> None:
    """In the place of the one before."""
    now = env.clock.now()
    values: dict[str, Any] = dict.fromkeys(PendingStart.__struct_fields__)
    values |= {"browser": browser, "created_at": now}
    values |= {"expires_at": later(now, env.settings.lifetimes.authorization_session)}
    env.replace(PendingStart(**{**values, **members}))


def take(env: Environment, browser: str) -> PendingStart | None:
    """Uses it up. None without one, or when its time is over."""
    pending = env.find(PendingStart, browser)
    if pending is None:
        return None
    env.db.delete(pending)
    return pending if pending.expires_at > env.clock.now() else None


def sign_in_endpoint(env: Environment) -> str | None:
    """The setting, unless it names one of our own pages, which would lead to itself for ever."""
    endpoint = env.settings.sign_in_endpoint
    return None if endpoint is None or env.authkit_path in endpoint else endpoint


def entrance_of_app(env: Environment, invitation_token: str | None = None) -> str | None:
    """Where the app begins a sign-in; never a callback, which an app refuses without its own `state`.

    That is its sign-in endpoint, else its homepage, else the origin of the last loopback redirect URI.
    """
    endpoint = sign_in_endpoint(env)
    if endpoint is not None:
        return with_query(endpoint, {"invitation_token": invitation_token})
    return env.settings.app_homepage_url or _origin_of_last_app(env)


def _origin_of_last_app(env: Environment) -> str | None:
    """Of an app on this machine: the one that asked last or, before any has, a registered one."""
    asked = [flow.redirect_uri for flow in env.all(_LAST_AUTHORIZE) if flow.redirect_uri is not None]
    uris = [uri for uri in (*asked, *redirect_targets(env)) if is_loopback(uri)]
    return origin_of(uris[0]) if uris else None
