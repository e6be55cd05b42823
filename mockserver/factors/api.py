"""/auth/factors, /auth/challenges and a user's factors"""

from __future__ import annotations

from typing import Literal

from mockserver.core.bodies import Body, NonEmpty
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.pagination import Page, Pagination
from mockserver.core.routing import delete, get, post
from mockserver.factors import enrolment, service
from mockserver.factors.models import Challenge, Factor
from mockserver.users.models import User


class EnrollUserFactor(Body):
    type: Literal["totp"]
    totp_issuer: str | None = None
    totp_user: str | None = None
    totp_secret: str | None = None


class EnrollFactor(Body):
    type: Literal["totp", "sms", "generic_otp"]
    totp_issuer: str | None = None
    totp_user: str | None = None
    phone_number: str | None = None
    user_id: str | None = None


class ChallengeFactor(Body):
    sms_template: str | None = None


class VerifyChallenge(Body):
    code: NonEmpty


class VerifyFactor(Body):
    authentication_challenge_id: NonEmpty
    code: NonEmpty


@post("/user_management/users/{id}/auth_factors", status=201)
def enroll_user_factor(env: Environment, id: str, body: EnrollUserFactor) -> JSON:
    return enrolment.enroll_user(
        env, env.get(User, id), issuer=body.totp_issuer, account=body.totp_user, secret=body.totp_secret
    )


@get("/user_management/users/{id}/auth_factors")
def list_user_factors(env: Environment, id: str, query: Pagination) -> Page[Factor]:
    return service.list_factors(env, env.get(User, id).id, query)


@post("/auth/factors/enroll", status=201)
def enroll_factor(env: Environment, body: EnrollFactor) -> JSON:
    return enrolment.enroll(
        env,
        body.type,
        user_id=body.user_id,
        issuer=body.totp_issuer,
        account=body.totp_user,
        phone_number=body.phone_number,
    )


@get("/auth/factors/{id}")
def get_factor(env: Environment, id: str) -> Factor:
    return env.get(Factor, id)


@delete("/auth/factors/{id}", status=204)
def delete_factor(env: Environment, id: str) -> None:
    env.delete(env.get(Factor, id))


@post("/auth/factors/{id}/challenge", status=201)
def challenge_factor(env: Environment, id: str, body: ChallengeFactor) -> JSON:
    factor = env.get(Factor, id)
    return service.challenge_factor(env, factor, sms_template=body.sms_template).shown_for(factor)


@post("/auth/challenges/{id}/verify", status=201)
def verify_challenge(env: Environment, id: str, body: VerifyChallenge) -> JSON:
    return _verification(env, id, body.code)


@post("/auth/factors/verify", status=201)
def verify_factor(env: Environment, body: VerifyFactor) -> JSON:
    """The older path of the same call."""
    return _verification(env, body.authentication_challenge_id, body.code)


def _verification(env: Environment, challenge_id: str, code: str) -> JSON:
    is_valid = service.verify_challenge(env, env.get(Challenge, challenge_id), code)
    return {"challenge": env.get(Challenge, challenge_id).shown(), "valid": is_valid}
