"""The pipeline: from a proved first factor to a session, by way of whatever is still missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from mockserver.authentication.claims import claims_of
from mockserver.authentication.errors import (
    EmailVerificationRequired,
    InvalidPendingToken,
    MfaChallenge,
    MfaEnrollment,
    OrganizationSelectionRequired,
)
from mockserver.authentication.models import PendingAuthentication
from mockserver.authentication.organizations import choices, policy_refusal
from mockserver.core.clock import later
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, ApiError
from mockserver.email_verifications import service as email_verifications
from mockserver.events import service as events
from mockserver.factors import service as factors
from mockserver.invitations.models import Invitation
from mockserver.invitations.service import accept, require_valid_invitation, was_accepted_by
from mockserver.organizations.models import Organization
from mockserver.policies import service as policies
from mockserver.policies.models import Policy
from mockserver.sessions import service as sessions
from mockserver.sessions.models import Session
from mockserver.sessions.tokens import access_token
from mockserver.users import service as users
from mockserver.users.models import User

EventType = Literal["password", "magic_auth", "email_verification", "mfa", "oauth", "passkey", "sso"]


@dataclass(frozen=True)
class Device:
    """Where the end user sits, as the app says: the body's `ip_address` and `user_agent`."""

    ip_address: str | None = None
    user_agent: str | None = None


@dataclass(frozen=True)
class Proof:
    """A user who has proved a first factor. `method` is the `authentication_method` of the answer.

    `proves_email`: the method showed that the user reads the mailbox. `has_second_factor`: nothing more to challenge.
    """

    user: User
    method: str
    device: Device
    proves_email: bool = False
    has_second_factor: bool = False
    organization_id: str | None = None
    connection_id: str | None = None
    invitation_token: str | None = None
    browser_session_id: str | None = None
    authenticated_at: str | None = None
    impersonator_email: str | None = None
    impersonator_reason: str | None = None


def complete(env: Environment, proof: Proof) -> JSON:
    """Issues the session, or raises the StepUp that is due."""
    proof = admit(env, proof)
    session = sessions.start_session(
        env,
        proof.user.id,
        proof.method,
        organization_id=proof.organization_id,
        connection_id=proof.connection_id,
        browser_session_id=proof.browser_session_id,
        authenticated_at=proof.authenticated_at,
        ip_address=proof.device.ip_address,
        user_agent=proof.device.user_agent,
        impersonator_email=proof.impersonator_email,
        impersonator_reason=proof.impersonator_reason,
    )
    # Production stamps the sign-in silently: no user.updated, and updated_at stays.
    user = env.update(proof.user, last_sign_in_at=env.clock.now(), updated_at=proof.user.updated_at)
    return answer(env, user, session, sessions.new_refresh_token(env, session))


def admit(env: Environment, proof: Proof) -> Proof:
    """Decides what is still missing (contract: authentication, section 2.6).

    With nothing missing the invitation is accepted, and the proof names the organization. Raises StepUp, PolicyRefusal,
    OrganizationMembershipNotFound and the refusals of an invitation.
    """
    invitation = _invitation(env, proof)
    domain_policy = policies.domain_policy_of(env, proof.user.email)
    if domain_policy is not None:
        _require_allowed_method(env, proof, domain_policy)
    if proof.proves_email or (invitation is not None and invitation.email_key == proof.user.email_key):
        # The token of an invitation has been in the invited mailbox only.
        proof = replace(proof, user=users.mark_email_verified(env, proof.user))
    _require_verified_email(env, proof)
    _require_second_factor(env, proof, is_required=env.settings.mfa == "required")
    organization = _organization(env, proof, invitation)
    if organization is not None:
        proof = replace(proof, organization_id=organization.id)
        policy = policies.policy_of(env, organization.id)
        _require_allowed_method(env, proof, policy)
        _require_second_factor(env, proof, is_required=policy.mfa_required)
    if invitation is not None:
        accept(env, invitation, proof.user)
    return proof


def answer(env: Environment, user: User, session: Session, refresh_token: str) -> JSON:
    """The success body; members that don't apply are left out."""
    organization = {} if session.organization_id is None else {"organization_id": session.organization_id}
    impersonator = {} if session.impersonator is None else {"impersonator": session.impersonator}
    return {
        "user": user.shown_at_sign_in(),
        **organization,
        "access_token": access_token(env, session, claims_of(env, user, session)),
        "refresh_token": refresh_token,
        "authentication_method": session.method,
        **impersonator,
    }


def _invitation(env: Environment, proof: Proof) -> Invitation | None:
    """None also for one that this user has accepted before: the app may name it once more at the exchange."""
    if not proof.invitation_token or was_accepted_by(env, proof.invitation_token, proof.user):
        return None
    return require_valid_invitation(env, proof.invitation_token, proof.user.email)


def _require_verified_email(env: Environment, proof: Proof) -> None:
    """An impersonator is not asked: the mailbox is the user's."""
    if proof.user.email_verified or env.settings.email_verification == "off" or proof.method == "Impersonation":
        return
    verification = email_verifications.issue(env, proof.user)
    raise EmailVerificationRequired(
        pending_authentication_token=_pend(env, proof), email=proof.user.email, email_verification_id=verification.id
    )


def needs_second_factor(method: str) -> bool:
    """SSO and passkeys need none, as the docs say; nor does an impersonator, who is not the user."""
    return method not in ("SSO", "Passkey", "Impersonation")


def _require_second_factor(env: Environment, proof: Proof, *, is_required: bool) -> None:
    """Whoever has a factor is challenged, unless the setting `mfa` is `off`; `is_required` demands one of everybody."""
    is_off = env.settings.mfa == "off" and not is_required
    if is_off or proof.has_second_factor or not needs_second_factor(proof.method):
        return
    enrolled = factors.factors_of(env, proof.user.id)
    if not enrolled and is_required:
        raise MfaEnrollment(pending_authentication_token=_pend(env, proof), user=proof.user.shown_at_sign_in())
    if enrolled:
        raise MfaChallenge(
            pending_authentication_token=_pend(env, proof),
            authentication_factors=[{"id": factor.id, "type": factor.type} for factor in enrolled],
            user=proof.user.shown_at_sign_in(),
        )


def _require_allowed_method(env: Environment, proof: Proof, policy: Policy) -> None:
    refusal = policy_refusal(env, policy, proof.user, proof.method, proof.connection_id)
    if refusal is not None:
        refusal.extra["pending_authentication_token"] = _pend(env, proof)
        raise refusal


def _organization(env: Environment, proof: Proof, invitation: Invitation | None) -> Organization | None:
    """Raises OrganizationSelectionRequired, OrganizationMembershipNotFound."""
    found = choices(env, proof, invitation)
    if len(found) > 1:
        raise OrganizationSelectionRequired(
            pending_authentication_token=_pend(env, proof),
            organizations=[{"id": organization.id, "name": organization.name} for organization in found],
            user=proof.user.shown_at_sign_in(),
        )
    return found[0] if found else None


def _pend(env: Environment, proof: Proof) -> str:
    now = env.clock.now()
    pending = PendingAuthentication(
        token=env.codes.token(),
        user_id=proof.user.id,
        method=proof.method,
        has_second_factor=proof.has_second_factor,
        organization_id=proof.organization_id,
        connection_id=proof.connection_id,
        invitation_token=proof.invitation_token,
        browser_session_id=proof.browser_session_id,
        impersonator_email=proof.impersonator_email,
        impersonator_reason=proof.impersonator_reason,
        ip_address=proof.device.ip_address,
        user_agent=proof.device.user_agent,
        expires_at=later(now, env.settings.lifetimes.pending_authentication),
        consumed_at=None,
        created_at=now,
    )
    return env.insert(pending).token


def find_pending(env: Environment, token: str) -> PendingAuthentication:
    """Raises InvalidPendingToken for an unknown, spent or expired one."""
    pending = env.find(PendingAuthentication, token)
    if pending is None or pending.consumed_at is not None or pending.expires_at <= env.clock.now():
        raise InvalidPendingToken(token)
    return pending


def resumed(
    env: Environment,
    pending: PendingAuthentication,
    user: User,
    device: Device,
    *,
    has_second_factor: bool = False,
    organization_id: str | None = None,
) -> Proof:
    """The proof of a sign-in in which another step has succeeded, which spends the pending token."""
    if not env.consume(pending):
        raise InvalidPendingToken(pending.token)
    return Proof(
        user=user,
        method=pending.method,
        device=Device(device.ip_address or pending.ip_address, device.user_agent or pending.user_agent),
        has_second_factor=pending.has_second_factor or has_second_factor,
        organization_id=organization_id or pending.organization_id,
        connection_id=pending.connection_id,
        invitation_token=pending.invitation_token,
        browser_session_id=pending.browser_session_id,
        impersonator_email=pending.impersonator_email,
        impersonator_reason=pending.impersonator_reason,
    )


def record_success(env: Environment, type: EventType, user: User, device: Device) -> None:
    """Once, at the step itself, also when more steps are still to come."""
    events.record(env, f"authentication.{type}_succeeded", attempt(type, "succeeded", user.id, user.email, device))


def refuse(
    env: Environment, type: EventType, error: ApiError, device: Device, *, user: User | None, email: str | None
) -> ApiError:
    """Records the failed attempt; the caller raises what this returns."""
    user_id = None if user is None else user.id
    record_failure(env, type, error.code or "", error.message, device, user_id=user_id, email=email)
    return error


def record_failure(
    env: Environment,
    type: EventType,
    code: str,
    message: str,
    device: Device,
    *,
    user_id: str | None = None,
    email: str | None = None,
) -> None:
    failed = attempt(type, "failed", user_id, email, device)
    failed["error"] = {"code": code, "message": message}
    events.record(env, f"authentication.{type}_failed", failed)


def attempt(type: EventType, status: str, user_id: str | None, email: str | None, device: Device) -> JSON:
    """The data of an `authentication.*` event, whose other members follow."""
    return {
        "type": type,
        "status": status,
        "ip_address": device.ip_address,
        "user_agent": device.user_agent,
        "user_id": user_id,
        "email": email,
    }
