"""Approving a device: its code is entered, the user signs in, and says yes or no."""

from __future__ import annotations

from mockserver.authentication.authorization_codes import code_of_proof
from mockserver.authentication.service import Device, Proof
from mockserver.authorization_sessions.errors import StepNotDue
from mockserver.authorization_sessions.models import AuthorizationSession
from mockserver.authorization_sessions.service import Step, Visitor, begin, continue_silently, go
from mockserver.core.environment import Environment
from mockserver.device_authorizations import service as device_authorizations
from mockserver.device_authorizations.models import DeviceAuthorization
from mockserver.sessions import browser_sessions
from mockserver.users.models import User


def enter_code(env: Environment, user_code: str, visitor: Visitor) -> Step:
    """Raises UnknownUserCode, UserCodeExpired, UserCodeUsed."""
    waiting = device_authorizations.find_by_user_code(env, user_code)
    flow = begin(env, "device", visitor.browser, device_code=waiting.device_code)
    if visitor.session is not None:
        return continue_silently(env, flow, visitor.session, visitor.device)
    return go(env, flow, "sign-in")


def waiting_device(env: Environment, flow: AuthorizationSession) -> tuple[DeviceAuthorization, User]:
    """The device, and who has signed in to decide. Raises StepNotDue before that, and after a sign-out."""
    waiting = env.find(DeviceAuthorization, flow.device_code or "")
    if waiting is None or flow.admitted is None:
        raise StepNotDue
    if browser_sessions.find_live(env, flow.admitted["browser_session_id"]) is None:
        raise StepNotDue
    return waiting, env.get(User, flow.admitted["user_id"])


def approve(env: Environment, flow: AuthorizationSession, device: Device) -> Step:
    """Raises UserCodeExpired, UserCodeUsed."""
    waiting, user = waiting_device(env, flow)
    waiting = device_authorizations.find_by_user_code(env, waiting.user_code)
    members = {name: value for name, value in (flow.admitted or {}).items() if name != "user_id"}
    proof = Proof(user, device=device, has_second_factor=True, **members)
    device_authorizations.approve(env, waiting, code_of_proof(env, proof))
    return _done(env, flow, "device/success")


def deny(env: Environment, flow: AuthorizationSession) -> Step:
    waiting, _ = waiting_device(env, flow)
    device_authorizations.deny(env, device_authorizations.find_by_user_code(env, waiting.user_code))
    return _done(env, flow, "device/denied")


def _done(env: Environment, flow: AuthorizationSession, page: str) -> Step:
    env.consume(flow)
    return Step(None, page=page)


def organization_id(flow: AuthorizationSession) -> str | None:
    """The one that the device will be signed in to."""
    return None if flow.admitted is None else flow.admitted["organization_id"]
