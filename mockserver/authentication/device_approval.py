"""Approving a device for a user who is asked for nothing; the hosted pages are where a user decides."""

from __future__ import annotations

from mockserver.authentication import service
from mockserver.authentication.authorization_codes import code_of_proof
from mockserver.authentication.authorize import AuthorizeQuery, Requested, user_who_signs_in
from mockserver.authentication.service import Device, Proof
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, OAuthError, Refused
from mockserver.device_authorizations import service as device_authorizations
from mockserver.device_authorizations.models import DeviceAuthorization
from mockserver.memberships.service import memberships_of_user
from mockserver.users.models import User


class NobodyToApprove(OAuthError):
    """The setting `device_approval` is `immediate`, and there is no user for whom."""

    status, code = 403, "access_denied"


def authorize_device(env: Environment) -> JSON:
    """A device's request; with the setting `device_approval: immediate` its first poll succeeds.

    Raises NobodyToApprove, PolicyRefusal.
    """
    device_authorization = device_authorizations.create_device_authorization(env)
    if env.settings.device_approval == "immediate":
        user = _user_who_approves(env)
        approve_for(env, device_authorization, user, _first_organization_id(env, user))
    return device_authorizations.answer(env, device_authorization)


def approve_for(
    env: Environment, device_authorization: DeviceAuthorization, user: User, organization_id: str | None
) -> DeviceAuthorization:
    """As the immediate redirect of authorize does, it vouches for the address and the second factor.

    Raises OrganizationSelectionRequired, OrganizationMembershipNotFound, PolicyRefusal.
    """
    device = Device()
    proof = Proof(user, "Password", device, proves_email=True, has_second_factor=True, organization_id=organization_id)
    proof = service.admit(env, proof)
    service.record_success(env, "password", proof.user, device)
    return device_authorizations.approve(env, device_authorization, code_of_proof(env, proof))


def _user_who_approves(env: Environment) -> User:
    """The one whom the immediate redirect of authorize would sign in."""
    try:
        return user_who_signs_in(env, AuthorizeQuery(), Requested(None, None, None, None))
    except Refused as refused:
        raise NobodyToApprove(refused.description) from None


def _first_organization_id(env: Environment, user: User) -> str | None:
    """Nobody is there to choose among several, and a device can't."""
    active = (item for item in memberships_of_user(env, user.id) if item.status == "active")
    return next((membership.organization_id for membership in active), None)
