"""Entering a mailed code: of Magic Auth, or to verify the address."""

from __future__ import annotations

from mockserver.authorization_sessions import credentials, further_steps
from mockserver.core.environment import Environment
from mockserver.core.replies import Reply
from mockserver.core.requests import Request, of_client_id_in_path
from mockserver.core.routing import get, post
from mockserver.hosted.problems import Problem
from mockserver.hosted.visits import Visit, path_of, show, submit


@get(path_of("magic-code"), environment=of_client_id_in_path, is_page=True)
def show_magic_code(env: Environment, request: Request, flow_id: str) -> Reply:
    return show(env, request, flow_id, _magic_code)


@post(path_of("magic-code"), environment=of_client_id_in_path, is_page=True)
def sign_in_with_code(env: Environment, request: Request, flow_id: str) -> Reply:
    return submit(
        env,
        request,
        flow_id,
        _magic_code,
        lambda visit: credentials.sign_in_with_code(env, visit.flow, visit.require_code(), visit.visitor.device),
    )


@post(path_of("magic-code/send"), environment=of_client_id_in_path, is_page=True)
def send_code(env: Environment, request: Request, flow_id: str) -> Reply:
    return submit(
        env,
        request,
        flow_id,
        _magic_code,
        lambda visit: credentials.send_code(env, visit.flow),
        own_page="magic-code",
    )


@get(path_of("email-verification"), environment=of_client_id_in_path, is_page=True)
def show_email_verification(env: Environment, request: Request, flow_id: str) -> Reply:
    return show(env, request, flow_id, _email_verification)


@post(path_of("email-verification"), environment=of_client_id_in_path, is_page=True)
def verify_email(env: Environment, request: Request, flow_id: str) -> Reply:
    return submit(
        env,
        request,
        flow_id,
        _email_verification,
        lambda visit: further_steps.verify_email(env, visit.flow, visit.require_code(), visit.visitor.device),
    )


@post(path_of("email-verification/send"), environment=of_client_id_in_path, is_page=True)
def send_verification(env: Environment, request: Request, flow_id: str) -> Reply:
    return submit(
        env,
        request,
        flow_id,
        _email_verification,
        lambda visit: further_steps.send_verification(env, visit.flow, visit.visitor.device),
        own_page="email-verification",
    )


def _magic_code(visit: Visit, problem: Problem) -> Reply:
    return visit.render(
        "magic-code",
        problem,
        email=credentials.address_of(visit.flow),
        resend_url=f"{visit.base}/magic-code/send",
        change_url=f"{visit.base}/sign-in",
    )


def _email_verification(visit: Visit, problem: Problem) -> Reply:
    user = further_steps.user_in_question(visit.env, visit.flow)
    return visit.render(
        "email-verification", problem, email=user.email, resend_url=f"{visit.base}/email-verification/send"
    )
