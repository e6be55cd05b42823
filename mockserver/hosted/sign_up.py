"""Signing up, with a password or by a mailed code."""

from __future__ import annotations

from mockserver.authorization_sessions import credentials
from mockserver.authorization_sessions.service import Step
from mockserver.core.environment import Environment
from mockserver.core.replies import Reply
from mockserver.core.requests import Request, of_client_id_in_path
from mockserver.core.routing import get, post
from mockserver.hosted.offers import invitation_of, providers
from mockserver.hosted.problems import Problem
from mockserver.hosted.visits import Visit, path_of, show, submit


@get(path_of("sign-up"), environment=of_client_id_in_path, is_page=True)
def show_sign_up(env: Environment, request: Request, flow_id: str) -> Reply:
    return show(env, request, flow_id, _sign_up)


@post(path_of("sign-up"), environment=of_client_id_in_path, is_page=True)
def sign_up(env: Environment, request: Request, flow_id: str) -> Reply:
    return submit(env, request, flow_id, _sign_up, _act)


def _act(visit: Visit) -> Step:
    by_code = visit.typed("method") == "magic_auth"
    return credentials.sign_up(
        visit.env,
        visit.flow,
        visit.visitor.device,
        email=visit.require("email"),
        first_name=visit.typed("first_name"),
        last_name=visit.typed("last_name"),
        password=None if by_code else visit.require("password"),
    )


def _sign_up(visit: Visit, problem: Problem) -> Reply:
    env, flow = visit.env, visit.flow
    if not credentials.may_sign_up(env, flow):
        return visit.render(
            "refused",
            problem,
            heading="Sign-up is closed",
            message="Nobody can sign up here without an invitation.",
            actions=[{"label": "Sign in", "url": f"{visit.base}/sign-in", "is_post": False}],
        )
    return visit.render(
        "sign-up",
        problem,
        values={"email": flow.email or flow.hint or "", **problem.values},
        can_use_password=credentials.allows(env, "password"),
        can_use_code=credentials.allows(env, "magic_auth"),
        providers=providers(env),
        sign_in_url=f"{visit.base}/sign-in",
        invitation=invitation_of(env, flow.invitation_token),
        minimum_length=credentials.minimum_length(env),
    )
