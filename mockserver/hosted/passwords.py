"""A forgotten password: asking for the mail, and the page that its link leads to."""

from __future__ import annotations

from mockserver.authorization_sessions import credentials, password_resets
from mockserver.authorization_sessions.service import Step
from mockserver.core.environment import Environment
from mockserver.core.replies import Reply
from mockserver.core.requests import Request, of_client_id_in_path
from mockserver.core.routing import get, post
from mockserver.hosted.problems import Problem
from mockserver.hosted.visits import Entrance, Visit, enter, path_of, show, submit, submit_entrance
from mockserver.password_resets.service import find_usable


@get(path_of("forgot-password"), environment=of_client_id_in_path, is_page=True)
def show_forgot_password(env: Environment, request: Request, flow_id: str) -> Reply:
    return show(env, request, flow_id, _forgot_password)


@post(path_of("forgot-password"), environment=of_client_id_in_path, is_page=True)
def request_link(env: Environment, request: Request, flow_id: str) -> Reply:
    return submit(
        env,
        request,
        flow_id,
        _forgot_password,
        lambda visit: password_resets.request_link(env, visit.flow, visit.require("email")),
    )


@get(path_of("forgot-password/sent"), environment=of_client_id_in_path, is_page=True)
def show_link_sent(env: Environment, request: Request, flow_id: str) -> Reply:
    return show(env, request, flow_id, _link_sent)


@get("/authkit/{client_id}/reset-password", environment=of_client_id_in_path, is_page=True)
def show_reset_password(env: Environment, request: Request) -> Reply:
    return enter(env, request, _reset_password)


@post("/authkit/{client_id}/reset-password", environment=of_client_id_in_path, is_page=True)
def set_password(env: Environment, request: Request) -> Reply:
    return submit_entrance(env, request, _reset_password, _set_password)


def _forgot_password(visit: Visit, problem: Problem) -> Reply:
    flow = visit.flow
    return visit.render(
        "forgot-password",
        problem,
        values={"email": flow.email or flow.hint or "", **problem.values},
        sign_in_url=f"{visit.base}/sign-in",
    )


def _link_sent(visit: Visit, problem: Problem) -> Reply:
    return visit.render(
        "forgot-password",
        problem,
        email=credentials.address_of(visit.flow),
        is_sent=True,
        sign_in_url=f"{visit.base}/sign-in",
    )


def _set_password(entrance: Entrance) -> Step:
    return password_resets.set_password(
        entrance.env,
        entrance.request.parameter("token"),
        entrance.require("new_password"),
        flow_id=entrance.request.parameter("flow"),
        browser=entrance.visitor.browser,
    )


def _reset_password(entrance: Entrance, problem: Problem) -> Reply:
    env, request = entrance.env, entrance.request
    reset = find_usable(env, request.parameter("token"))
    flow = password_resets.waiting_flow(env, request.parameter("flow"), entrance.visitor.browser)
    return entrance.render(
        "reset-password",
        problem,
        email=None if reset is None else reset.email,
        is_unusable=reset is None,
        forgot_url=None if flow is None else f"{env.authkit_path}/{flow.id}/forgot-password",
        minimum_length=credentials.minimum_length(env),
        **({"status": 410} if reset is None else {}),
    )
