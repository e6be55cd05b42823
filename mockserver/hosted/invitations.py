"""Accepting an invitation: what its mail leads to, and the page in a sign-in that an app began."""

from __future__ import annotations

from mockserver.authorization_sessions import invitations
from mockserver.authorization_sessions.models import INVITATION
from mockserver.core.environment import Environment
from mockserver.core.replies import Reply
from mockserver.core.requests import Request, of_client_id_in_path
from mockserver.core.routing import get, post
from mockserver.hosted.browsers import follow
from mockserver.hosted.offers import shown_invitation
from mockserver.hosted.problems import Problem
from mockserver.hosted.visits import Entrance, Visit, enter, path_of, show, submit, submit_entrance
from mockserver.invitations.service import require_valid_invitation


@get("/authkit/{client_id}/invite", environment=of_client_id_in_path, is_page=True)
def show_invitation(env: Environment, request: Request) -> Reply:
    """Leads on to the app, if there is one."""
    return enter(env, request, _invitation)


@post("/authkit/{client_id}/invite", environment=of_client_id_in_path, is_page=True)
def accept(env: Environment, request: Request) -> Reply:
    return submit_entrance(
        env,
        request,
        _invitation,
        lambda entrance: invitations.accept(env, request.parameter("invitation_token"), entrance.visitor),
    )


@get(path_of(INVITATION), environment=of_client_id_in_path, is_page=True)
def show_offer(env: Environment, request: Request, flow_id: str) -> Reply:
    return show(env, request, flow_id, _offer)


@post(path_of(INVITATION), environment=of_client_id_in_path, is_page=True)
def accept_offer(env: Environment, request: Request, flow_id: str) -> Reply:
    return submit(
        env,
        request,
        flow_id,
        _offer,
        lambda visit: invitations.accept_offered(env, visit.flow, visit.visitor.device),
    )


@post(path_of(f"{INVITATION}/decline"), environment=of_client_id_in_path, is_page=True)
def decline_offer(env: Environment, request: Request, flow_id: str) -> Reply:
    return submit(
        env,
        request,
        flow_id,
        _offer,
        lambda visit: invitations.decline_offered(env, visit.flow, visit.visitor.device),
        own_page=INVITATION,
    )


def _invitation(entrance: Entrance, problem: Problem) -> Reply:
    """Raises InvitationInvalid."""
    env, token = entrance.env, entrance.request.parameter("invitation_token")
    step = invitations.lead_to_app(env, token, entrance.visitor)
    if step is not None:
        return follow(env, entrance.visitor, step, status=302)
    invitation = require_valid_invitation(env, token)
    return entrance.render(
        "invite",
        problem,
        invitation=shown_invitation(env, invitation),
        is_known=invitations.is_known(env, invitation),
        email=invitation.email,
    )


def _offer(visit: Visit, problem: Problem) -> Reply:
    """Raises StepNotDue."""
    env, flow = visit.env, visit.flow
    invitation = invitations.offered(env, flow)
    return visit.render(
        "invite",
        problem,
        invitation=None if invitation is None else shown_invitation(env, invitation),
        is_known=invitation is not None and invitations.is_known(env, invitation),
        is_unusable=invitation is None,
        decline_url=f"{visit.base}/{INVITATION}/decline",
        email=None if invitation is None else invitation.email,
    )
