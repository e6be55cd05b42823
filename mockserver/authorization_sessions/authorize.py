"""From the app's link to AuthKit's pages, or back at once."""

from __future__ import annotations

from msgspec.structs import replace

from mockserver.authentication import sso
from mockserver.authentication.authorization_codes import issue_code
from mockserver.authentication.authorize import (
    AuthorizeQuery,
    Requested,
    authorize,
    refusal_url,
    require_redirect_uri,
    require_valid,
)
from mockserver.authorization_sessions import invitations, pending_starts
from mockserver.authorization_sessions.models import IDENTITY_PROVIDER, PendingStart
from mockserver.authorization_sessions.service import Step, Visitor, begin, continue_silently, go
from mockserver.core.environment import Environment
from mockserver.core.errors import Refused
from mockserver.core.urls import with_query
from mockserver.sessions import browser_sessions
from mockserver.sessions.models import BrowserSession
from mockserver.users import service as users
from mockserver.users.models import User


def start(env: Environment, query: AuthorizeQuery, visitor: Visitor) -> Step:
    """What `GET /user_management/authorize` leads a browser to.

    Raises what `require_redirect_uri` does, where no app can be led back to.
    """
    redirect_uri = require_redirect_uri(env, query.redirect_uri, query.response_type)
    try:
        request = require_valid(env, query)
    except Refused as refused:
        return Step(None, url=refusal_url(redirect_uri, query.state, refused))
    pending = None if query.invitation_token else pending_starts.take(env, visitor.browser)
    if pending is not None and pending.user_id is not None:
        return Step(None, url=_impersonated(env, query, redirect_uri, pending))
    flow = begin(
        env,
        "authorize",
        visitor.browser,
        redirect_uri=redirect_uri,
        state=query.state,
        code_challenge=query.code_challenge,
        organization_id=query.organization_id,
        invitation_token=query.invitation_token or None,
        provider=request.provider,
        connection_id=None if request.connection is None else request.connection.id,
        provider_scopes=query.provider_scopes,
        hint=request.hint,
        domain_hint=query.domain_hint,
        screen=_first_screen(env, query, request),
    )
    if request.connection is not None:
        sso.record_started(env, request.connection, query.login_hint)
    session = visitor.session if not flow.is_bound and _may_be_silent(env, query, visitor.session) else None
    invitation = None if pending is None else invitations.waiting(env, pending)
    if invitation is not None:
        return invitations.offer(env, flow, invitation, session)
    if session is not None:
        return continue_silently(env, flow, session, visitor.device)
    return go(env, flow, flow.screen)


def answer_at_once(env: Environment, query: AuthorizeQuery, browser: str) -> str:
    """Where to redirect without any page. What waits in the browser is taken up, unasked like all else.

    `browser` is empty for a program. Raises what `require_redirect_uri` does.
    """
    redirect_uri = require_redirect_uri(env, query.redirect_uri, query.response_type)
    pending = pending_starts.take(env, browser) if browser and not query.invitation_token else None
    if pending is None:
        return authorize(env, query)
    if pending.user_id is not None:
        return _impersonated(env, query, redirect_uri, pending)
    invitation = invitations.waiting(env, pending)
    return authorize(env, replace(query, invitation_token=None if invitation is None else invitation.token))


def _impersonated(env: Environment, query: AuthorizeQuery, redirect_uri: str, pending: PendingStart) -> str:
    """Nobody is asked for anything: the console has asked already."""
    code = issue_code(
        env,
        env.get(User, pending.user_id or ""),
        "Impersonation",
        organization_id=pending.organization_id,
        code_challenge=query.code_challenge,
        impersonator_email=pending.impersonator_email,
        impersonator_reason=pending.impersonator_reason,
    )
    return with_query(redirect_uri, {"code": code.code, "state": query.state})


def _first_screen(env: Environment, query: AuthorizeQuery, request: Requested) -> str:
    """An invited newcomer signs up; otherwise the app says."""
    if request.provider is not None or request.connection is not None:
        return IDENTITY_PROVIDER
    if query.invitation_token and request.hint is not None and users.find_user_by_email(env, request.hint) is None:
        return "sign-up"
    return "sign-up" if query.screen_hint == "sign-up" else "sign-in"


def _may_be_silent(env: Environment, query: AuthorizeQuery, session: BrowserSession | None) -> bool:
    """Unless the app wants a fresh sign-in, or names somebody else."""
    if session is None or query.prompt == "login" or query.invitation_token:
        return False
    if query.max_age is not None and not browser_sessions.is_fresh(env, session, query.max_age):
        return False
    named = users.find_user_by_email(env, query.login_hint) if query.login_hint else None
    return not query.login_hint or (named is not None and named.id == session.user_id)
