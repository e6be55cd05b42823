"""Accepting an invitation from its mail."""

from __future__ import annotations

from mockserver.authorization_sessions.service import Step, Visitor, begin, go
from mockserver.core.environment import Environment
from mockserver.core.urls import with_query
from mockserver.invitations.models import Invitation
from mockserver.invitations.service import require_valid_invitation
from mockserver.users import service as users


def accept(env: Environment, token: str, visitor: Visitor) -> Step:
    """To the app's sign-in endpoint, which begins a sign-in with the token, or to the pages without an app's doing.

    Raises InvitationInvalid.
    """
    invitation = require_valid_invitation(env, token)
    if env.settings.sign_in_endpoint is not None:
        return Step(None, url=with_query(env.settings.sign_in_endpoint, {"invitation_token": token}))
    screen = "sign-in" if is_known(env, invitation) else "sign-up"
    flow = begin(env, "invitation", visitor.browser, invitation_token=token, hint=invitation.email, screen=screen)
    return go(env, flow, screen)


def is_known(env: Environment, invitation: Invitation) -> bool:
    """Whether the invited address has an account already."""
    return users.find_user_by_email(env, invitation.email) is not None
