"""What the pipeline asks for after the first factor: a verified address, a second factor, an organization."""

from __future__ import annotations

from mockserver.authentication import service as authentication
from mockserver.authentication.errors import InvalidOneTimeCode
from mockserver.authentication.grants import email_verification, mfa_totp
from mockserver.authentication.models import PendingAuthentication
from mockserver.authentication.organizations import require_active_member
from mockserver.authentication.service import Device
from mockserver.authorization_sessions.errors import StepNotDue
from mockserver.authorization_sessions.models import AuthorizationSession
from mockserver.authorization_sessions.service import Step, advance, go
from mockserver.core.environment import Environment
from mockserver.core.errors import NotFound
from mockserver.email_verifications import service as email_verifications
from mockserver.factors import service as factors
from mockserver.factors.models import Challenge, Factor
from mockserver.memberships.service import memberships_of_user
from mockserver.organizations.models import Organization
from mockserver.users.models import User


def verify_email(env: Environment, flow: AuthorizationSession, code: str, device: Device) -> Step:
    """Raises CredentialRefused."""
    pending, user = _pending(env, flow)
    if not user.email_verified:  # it may have been verified elsewhere
        user = email_verification.verify(env, user, code, device)
    return advance(env, flow, authentication.resumed(env, pending, user, device))


def send_verification(env: Environment, flow: AuthorizationSession, device: Device) -> Step:
    """Goes on at once when the address has been verified elsewhere meanwhile."""
    pending, user = _pending(env, flow)
    if user.email_verified:
        return advance(env, flow, authentication.resumed(env, pending, user, device))
    email_verifications.send_verification(env, user)
    return go(env, flow, "email-verification", notice=f"A new code is on its way to {user.email}.")


def enroll_totp(env: Environment, flow: AuthorizationSession, code: str, device: Device) -> Step:
    """The factor is enrolled with the first right code, so that a secret nobody kept locks nobody out.

    Raises CredentialRefused.
    """
    pending, user = _pending(env, flow)
    if factors.enroll_confirmed_totp(env, factor_to_enroll(env, flow), code) is None:
        raise authentication.refuse(env, "mfa", InvalidOneTimeCode(), device, user=user, email=user.email)
    authentication.record_success(env, "mfa", user, device)
    flow = env.update(flow, totp_secret=None)
    return advance(env, flow, authentication.resumed(env, pending, user, device, has_second_factor=True))


def verify_second_factor(env: Environment, flow: AuthorizationSession, code: str, device: Device) -> Step:
    """Raises CredentialRefused."""
    pending, user = _pending(env, flow)
    mfa_totp.verify(env, user, flow.challenge_id or "", code, device)
    return advance(env, flow, authentication.resumed(env, pending, user, device, has_second_factor=True))


def factor_to_enroll(env: Environment, flow: AuthorizationSession) -> Factor:
    """Not stored: it is what the page shows until a right code proves that somebody keeps its secret."""
    _, user = _pending(env, flow)
    if flow.totp_secret is None or factors.factors_of(env, user.id):
        raise StepNotDue
    return factors.new_totp(env, user_id=user.id, account=user.email, secret=flow.totp_secret)


def challenged_factors(env: Environment, flow: AuthorizationSession) -> tuple[Factor, list[Factor]]:
    """The one whose code is asked for, and all that the user has. Raises StepNotDue."""
    _, user = _pending(env, flow)
    challenge = env.find(Challenge, flow.challenge_id or "")
    current = None if challenge is None else env.find(Factor, challenge.factor_id)
    if current is None:
        raise StepNotDue
    return current, factors.factors_of(env, user.id)


def challenge_factor(env: Environment, flow: AuthorizationSession, factor_id: str | None) -> Step:
    """Another of the user's factors, or the same once more (an SMS factor gets a new message)."""
    _, user = _pending(env, flow)
    factor = env.get(Factor, factor_id or challenged_factors(env, flow)[0].id)
    if factor.user_id != user.id:
        raise NotFound(Factor.label, factor.id)
    challenge = factors.challenge_factor(env, factor)
    notice = f"A new code is on its way to {factor.phone_number}." if factor.type == "sms" else None
    return go(env, flow, "mfa/verification", challenge_id=challenge.id, notice=notice)


def organizations_to_choose(env: Environment, flow: AuthorizationSession) -> list[Organization]:
    """The user's, as the pipeline offered them."""
    _, user = _pending(env, flow)
    active = [item for item in memberships_of_user(env, user.id) if item.status == "active"]
    return [env.get(Organization, membership.organization_id) for membership in active]


def choose_organization(env: Environment, flow: AuthorizationSession, organization_id: str, device: Device) -> Step:
    """Raises OrganizationMembershipNotFound."""
    pending, user = _pending(env, flow)
    require_active_member(env, user, organization_id)
    return advance(env, flow, authentication.resumed(env, pending, user, device, organization_id=organization_id))


def user_in_question(env: Environment, flow: AuthorizationSession) -> User:
    """Raises StepNotDue, InvalidPendingToken."""
    return _pending(env, flow)[1]


def _pending(env: Environment, flow: AuthorizationSession) -> tuple[PendingAuthentication, User]:
    """Raises StepNotDue, and InvalidPendingToken when the step has taken too long."""
    if flow.pending_token is None:
        raise StepNotDue
    pending = authentication.find_pending(env, flow.pending_token)
    return pending, env.get(User, pending.user_id)
