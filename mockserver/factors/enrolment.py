"""Enrolling a factor, as the two calls for it answer."""

from __future__ import annotations

from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.factors import service
from mockserver.users.models import User


def enroll_user(env: Environment, user: User, *, issuer: str | None, account: str | None, secret: str | None) -> JSON:
    """A TOTP factor with its secret, and a first challenge, in one call."""
    factor = service.enroll_totp(env, user_id=user.id, issuer=issuer, account=account or user.email, secret=secret)
    return {
        "authentication_factor": factor.shown_at_enrolment(),
        "authentication_challenge": service.challenge_factor(env, factor).shown(),
    }


def enroll(
    env: Environment,
    type: str,
    *,
    user_id: str | None,
    issuer: str | None,
    account: str | None,
    phone_number: str | None,
) -> JSON:
    """The factor alone; `user_id` is optional here. Raises NotFound for an unknown user."""
    if user_id is not None:
        env.get(User, user_id)
    match type:
        case "totp":
            return service.enroll_totp(
                env, user_id=user_id, issuer=issuer, account=account or "user"
            ).shown_at_enrolment()
        case "sms":
            return service.enroll_sms(env, user_id=user_id, phone_number=phone_number).shown()
        case _:
            return service.enroll_generic_otp(env, user_id=user_id).shown()
