"""/user_management/invitations"""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from mockserver.core.bodies import Body, NonEmpty
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.pagination import Pagination
from mockserver.core.routing import get, post
from mockserver.invitations import service
from mockserver.invitations.models import Invitation


class SendInvitation(Body):
    email: NonEmpty
    organization_id: NonEmpty | UnsetType = UNSET
    role_slug: NonEmpty | UnsetType = UNSET
    expires_in_days: int | UnsetType = UNSET
    inviter_user_id: NonEmpty | UnsetType = UNSET
    locale: NonEmpty | UnsetType = UNSET


class ResendInvitation(Body):
    locale: NonEmpty | None = None


class InvitationsQuery(Pagination, kw_only=True):
    email: str | None = None
    organization_id: str | None = None


def _shown(env: Environment, invitation: Invitation) -> JSON:
    return invitation.shown_at(env.clock.now())


@post("/user_management/invitations", status=201)
def send_invitation(env: Environment, body: SendInvitation) -> JSON:
    return _shown(env, service.send_invitation(env, **body.changes()))


@get("/user_management/invitations")
def list_invitations(env: Environment, query: InvitationsQuery) -> JSON:
    return service.list_invitations(env, query, email=query.email, organization_id=query.organization_id)


@get("/user_management/invitations/{id}")
def get_invitation(env: Environment, id: str) -> JSON:
    return _shown(env, env.get(Invitation, id))


@get("/user_management/invitations/by_token/{token}")
def get_invitation_by_token(env: Environment, token: str) -> JSON:
    return _shown(env, service.get_by_token(env, token))


@post("/user_management/invitations/{id}/accept")
def accept_invitation(env: Environment, id: str) -> JSON:
    return _shown(env, service.accept_invitation(env, env.get(Invitation, id)))


@post("/user_management/invitations/{id}/resend")
def resend_invitation(env: Environment, id: str, body: ResendInvitation) -> JSON:
    return _shown(env, service.resend_invitation(env, env.get(Invitation, id), locale=body.locale))


@post("/user_management/invitations/{id}/revoke")
def revoke_invitation(env: Environment, id: str) -> JSON:
    return _shown(env, service.revoke_invitation(env, env.get(Invitation, id)))
