"""The page that an invitation's mail leads to."""

from __future__ import annotations

from mockserver.authorization_sessions import invitations
from mockserver.core.environment import Environment
from mockserver.core.replies import Reply
from mockserver.core.requests import Request, of_client_id_in_path
from mockserver.core.routing import get, post
from mockserver.hosted.offers import shown_invitation
from mockserver.hosted.problems import Problem
from mockserver.hosted.visits import Entrance, enter, submit_entrance
from mockserver.invitations.service import require_valid_invitation


@get("/authkit/{client_id}/invite", environment=of_client_id_in_path, is_page=True)
def show_invitation(env: Environment, request: Request) -> Reply:
    return enter(env, request, _invitation)


@post("/authkit/{client_id}/invite", environment=of_client_id_in_path, is_page=True)
def accept(env: Environment, request: Request) -> Reply:
    return submit_entrance(
        env,
        request,
        _invitation,
        lambda entrance: invitations.accept(env, request.parameter("invitation_token"), entrance.visitor),
    )


def _invitation(entrance: Entrance, problem: Problem) -> Reply:
    """Raises InvitationInvalid."""
    invitation = require_valid_invitation(entrance.env, entrance.request.parameter("invitation_token"))
    return entrance.render(
        "invite",
        problem,
        invitation=shown_invitation(entrance.env, invitation),
        is_known=invitations.is_known(entrance.env, invitation),
        email=invitation.email,
    )
