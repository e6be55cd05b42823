"""Signing in: the address first, then a password; other ways beside them."""

from __future__ import annotations

from typing import Any

from mockserver.authorization_sessions import credentials, identity_providers
from mockserver.authorization_sessions.service import Step
from mockserver.core.environment import Environment
from mockserver.core.replies import Reply
from mockserver.core.requests import Request, of_client_id_in_path
from mockserver.core.routing import get, post
from mockserver.hosted.offers import invitation_of, organization_name, providers
from mockserver.hosted.problems import Problem
from mockserver.hosted.visits import Visit, path_of, show, submit
from mockserver.users.models import User


@get(path_of("sign-in"), environment=of_client_id_in_path, is_page=True)
def show_sign_in(env: Environment, request: Request, flow_id: str) -> Reply:
    return show(env, request, flow_id, _sign_in)


@post(path_of("sign-in"), environment=of_client_id_in_path, is_page=True)
def identify(env: Environment, request: Request, flow_id: str) -> Reply:
    return submit(
        env, request, flow_id, _sign_in, lambda visit: credentials.identify(env, visit.flow, visit.require("email"))
    )


@get(path_of("sign-in/password"), environment=of_client_id_in_path, is_page=True)
def show_password(env: Environment, request: Request, flow_id: str) -> Reply:
    return show(env, request, flow_id, _password)


@post(path_of("sign-in/password"), environment=of_client_id_in_path, is_page=True)
def sign_in_with_password(env: Environment, request: Request, flow_id: str) -> Reply:
    return submit(
        env,
        request,
        flow_id,
        _password,
        lambda visit: credentials.sign_in_with_password(
            env, visit.flow, visit.require("password"), visit.visitor.device
        ),
    )


@post(path_of("known-user"), environment=of_client_id_in_path, is_page=True)
def sign_in_known_user(env: Environment, request: Request, flow_id: str) -> Reply:
    return submit(
        env,
        request,
        flow_id,
        _sign_in,
        lambda visit: credentials.sign_in_known_user(env, visit.flow, visit.require("user_id"), visit.visitor.device),
        own_page="sign-in",
    )


@post(path_of("provider"), environment=of_client_id_in_path, is_page=True)
def choose_provider(env: Environment, request: Request, flow_id: str) -> Reply:
    """A social provider, or a connection."""
    return submit(env, request, flow_id, _sign_in, _choose_provider, own_page="sign-in")


def _choose_provider(visit: Visit) -> Step:
    connection_id = visit.typed("connection_id")
    if connection_id is not None:
        return identity_providers.choose_connection(visit.env, visit.flow, connection_id)
    return identity_providers.choose_provider(visit.env, visit.flow, visit.require("provider"))


@get(path_of("required-method"), environment=of_client_id_in_path, is_page=True)
def show_required_method(env: Environment, request: Request, flow_id: str) -> Reply:
    return show(env, request, flow_id, _required_method)


def _sign_in(visit: Visit, problem: Problem) -> Reply:
    env, flow = visit.env, visit.flow
    may_sign_up = credentials.may_sign_up(env, flow)
    return visit.render(
        "sign-in",
        problem,
        values={"email": flow.email or flow.hint or "", **problem.values},
        providers=providers(env),
        known_users=[_shown(user) for user in credentials.known_users(env)],
        sign_up_url=f"{visit.base}/sign-up" if may_sign_up else None,
        organization_name=organization_name(env, flow.organization_id),
        invitation=invitation_of(env, flow.invitation_token),
    )


def _shown(user: User) -> dict[str, Any]:
    name = " ".join(part for part in (user.first_name, user.last_name) if part)
    return {"id": user.id, "email": user.email, "name": name}


def _password(visit: Visit, problem: Problem) -> Reply:
    email = credentials.address_of(visit.flow)
    return visit.render(
        "password",
        problem,
        email=email,
        can_use_code=credentials.allows(visit.env, "magic_auth"),
        forgot_url=f"{visit.base}/forgot-password",
        change_url=f"{visit.base}/sign-in",
    )


def _required_method(visit: Visit, problem: Problem) -> Reply:
    required = credentials.required_methods(visit.env, visit.flow)
    return visit.render(
        "required-method",
        problem,
        connections=[{"id": item.id, "name": item.name} for item in required.connections],
        providers=[item for item in providers(visit.env) if item["slug"] in required.providers],
        can_use_password=required.allows_password,
        can_use_code=required.allows_code,
        is_sso=required.is_sso,
        organization_name=required.organization_name,
    )
