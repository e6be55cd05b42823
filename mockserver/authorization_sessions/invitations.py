"""Accepting an invitation: from its mail to the app, and in the sign-in that the app then begins."""

from __future__ import annotations

from mockserver.authentication.service import Device
from mockserver.authorization_sessions import pending_starts
from mockserver.authorization_sessions.errors import StepNotDue
from mockserver.authorization_sessions.models import INVITATION, AuthorizationSession, PendingStart
from mockserver.authorization_sessions.service import Step, Visitor, begin, continue_silently, go
from mockserver.core.environment import Environment
from mockserver.invitations.models import Invitation
from mockserver.invitations.service import find_invitation, require_valid_invitation
from mockserver.sessions import browser_sessions
from mockserver.sessions.models import BrowserSession
from mockserver.users import service as users
from mockserver.users.models import User


def lead_to_app(env: Environment, token: str, visitor: Visitor) -> Step | None:
    """To where the app begins a sign-in, which will offer the invitation; None without an app.

    Raises InvitationInvalid.
    """
    invitation = require_valid_invitation(env, token)
    entrance = pending_starts.entrance_of_app(env, token)
    if entrance is None:
        return None
    pending_starts.keep_invitation(env, visitor.browser, invitation)
    return Step(None, url=entrance)


def accept(env: Environment, token: str, visitor: Visitor) -> Step:
    """The link's own sign-in, where there is no app. Raises InvitationInvalid."""
    step = lead_to_app(env, token, visitor)
    if step is not None:
        return step
    invitation = require_valid_invitation(env, token)
    screen = "sign-in" if is_known(env, invitation) else "sign-up"
    flow = begin(env, "invitation", visitor.browser, invitation_token=token, hint=invitation.email, screen=screen)
    return go(env, flow, screen)


def offer(env: Environment, flow: AuthorizationSession, invitation: Invitation, session: BrowserSession | None) -> Step:
    """Asks whether to accept it. `session` is the one that the sign-in could go on with unasked."""
    admitted = None if session is None else {"browser_session_id": session.id}
    return go(env, flow, INVITATION, invitation_token=invitation.token, admitted=admitted)


def offered(env: Environment, flow: AuthorizationSession) -> Invitation | None:
    """None when it can't be accepted any more. Raises StepNotDue where none is offered."""
    if flow.invitation_token is None:
        raise StepNotDue
    invitation = find_invitation(env, flow.invitation_token)
    return invitation if invitation is not None and _is_open(env, invitation) else None


def waiting(env: Environment, pending: PendingStart) -> Invitation | None:
    """The invitation that a pending start is for, unless it can't be accepted any more."""
    invitation = env.find(Invitation, pending.invitation_id or "")
    return invitation if invitation is not None and _is_open(env, invitation) else None


def _is_open(env: Environment, invitation: Invitation) -> bool:
    return invitation.state_at(env.clock.now()) == "pending"


def accept_offered(env: Environment, flow: AuthorizationSession, device: Device) -> Step:
    """Whoever is signed in and is the invited person goes on unasked, others sign in. Raises InvitationInvalid."""
    invitation = require_valid_invitation(env, flow.invitation_token or "")
    session = waiting_session(env, flow)
    if session is not None and env.get(User, session.user_id).email_key == invitation.email_key:
        return continue_silently(env, flow, session, device)
    screen = flow.screen
    if not flow.is_bound:
        screen = "sign-in" if is_known(env, invitation) else "sign-up"
    return go(env, flow, screen, screen=screen, hint=invitation.email, admitted=None)


def decline_offered(env: Environment, flow: AuthorizationSession, device: Device) -> Step:
    """On as the app has asked for, without the invitation, which stays as it is."""
    session = waiting_session(env, flow)
    flow = env.update(flow, invitation_token=None)
    if session is not None:
        return continue_silently(env, flow, session, device)
    return go(env, flow, flow.screen, admitted=None)


def waiting_session(env: Environment, flow: AuthorizationSession) -> BrowserSession | None:
    """The one that goes on once the invitation is answered, unless it has ended meanwhile."""
    admitted = flow.admitted or {}
    return browser_sessions.find_live(env, admitted.get("browser_session_id", ""))


def is_known(env: Environment, invitation: Invitation) -> bool:
    """Whether the invited address has an account already."""
    return users.find_user_by_email(env, invitation.email) is not None
