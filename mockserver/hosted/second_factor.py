"""The second factor: enrolling an authenticator app, and entering its codes."""

from __future__ import annotations

from typing import Any

from mockserver.authorization_sessions import further_steps
from mockserver.core.environment import Environment
from mockserver.core.replies import Reply
from mockserver.core.requests import Request, of_client_id_in_path
from mockserver.core.routing import get, post
from mockserver.factors.models import Factor
from mockserver.hosted.problems import Problem
from mockserver.hosted.visits import Visit, path_of, show, submit


@get(path_of("mfa/enrollment"), environment=of_client_id_in_path, is_page=True)
def show_enrollment(env: Environment, request: Request, flow_id: str) -> Reply:
    return show(env, request, flow_id, _enrollment)


@post(path_of("mfa/enrollment"), environment=of_client_id_in_path, is_page=True)
def enroll(env: Environment, request: Request, flow_id: str) -> Reply:
    return submit(
        env,
        request,
        flow_id,
        _enrollment,
        lambda visit: further_steps.enroll_totp(env, visit.flow, visit.require_code(), visit.visitor.device),
    )


@get(path_of("mfa/verification"), environment=of_client_id_in_path, is_page=True)
def show_verification(env: Environment, request: Request, flow_id: str) -> Reply:
    return show(env, request, flow_id, _verification)


@post(path_of("mfa/verification"), environment=of_client_id_in_path, is_page=True)
def verify(env: Environment, request: Request, flow_id: str) -> Reply:
    return submit(
        env,
        request,
        flow_id,
        _verification,
        lambda visit: further_steps.verify_second_factor(env, visit.flow, visit.require_code(), visit.visitor.device),
    )


@post(path_of("mfa/factor"), environment=of_client_id_in_path, is_page=True)
def choose_factor(env: Environment, request: Request, flow_id: str) -> Reply:
    return submit(
        env,
        request,
        flow_id,
        _verification,
        lambda visit: further_steps.challenge_factor(env, visit.flow, visit.typed("factor_id")),
        own_page="mfa/verification",
    )


def _enrollment(visit: Visit, problem: Problem) -> Reply:
    factor = further_steps.factor_to_enroll(visit.env, visit.flow)
    totp = factor.shown_at_enrolment()["totp"]
    return visit.render(
        "mfa-enrollment",
        problem,
        qr_code=totp["qr_code"],
        secret=totp["secret"],
        issuer=totp["issuer"],
        account=totp["user"],
    )


def _verification(visit: Visit, problem: Problem) -> Reply:
    current, others = further_steps.challenged_factors(visit.env, visit.flow)
    return visit.render(
        "mfa-verification",
        problem,
        kind="sms" if current.type == "sms" else "totp",
        factors=[_shown(factor, is_current=factor.id == current.id) for factor in others],
        resend_url=f"{visit.base}/mfa/factor" if current.type == "sms" else None,
    )


def _shown(factor: Factor, *, is_current: bool) -> dict[str, Any]:
    label = f"Text message to {factor.phone_number}" if factor.type == "sms" else "Authenticator app"
    return {"id": factor.id, "label": label, "is_current": is_current}
