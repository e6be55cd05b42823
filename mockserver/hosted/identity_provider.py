"""The test identity provider: a social provider's page, or an organization's own."""

from __future__ import annotations

from typing import Any

from mockserver.authorization_sessions import identity_providers
from mockserver.authorization_sessions.service import Step
from mockserver.core.environment import Environment
from mockserver.core.replies import Reply
from mockserver.core.requests import Request, of_client_id_in_path
from mockserver.core.routing import get, post
from mockserver.hosted.offers import provider_name
from mockserver.hosted.problems import Problem
from mockserver.hosted.visits import Visit, path_of, show, submit

# What every provider tells of an account, whether or not the app asks for more.
_BASIC_SCOPES = ("openid", "email", "profile")


@get(path_of("identity-provider"), environment=of_client_id_in_path, is_page=True)
def show_accounts(env: Environment, request: Request, flow_id: str) -> Reply:
    return show(env, request, flow_id, _accounts)


@post(path_of("identity-provider"), environment=of_client_id_in_path, is_page=True)
def choose_account(env: Environment, request: Request, flow_id: str) -> Reply:
    return submit(env, request, flow_id, _accounts, _choose_account)


@get(path_of("identity-provider/consent"), environment=of_client_id_in_path, is_page=True)
def show_consent(env: Environment, request: Request, flow_id: str) -> Reply:
    return show(env, request, flow_id, _consent)


@post(path_of("identity-provider/consent"), environment=of_client_id_in_path, is_page=True)
def allow(env: Environment, request: Request, flow_id: str) -> Reply:
    return submit(
        env,
        request,
        flow_id,
        _consent,
        lambda visit: identity_providers.consent(env, visit.flow, visit.visitor.device),
    )


@post(path_of("identity-provider/deny"), environment=of_client_id_in_path, is_page=True)
def deny(env: Environment, request: Request, flow_id: str) -> Reply:
    return submit(
        env,
        request,
        flow_id,
        _accounts,
        lambda visit: identity_providers.deny(env, visit.flow, visit.visitor.device),
        own_page="identity-provider",
    )


def _choose_account(visit: Visit) -> Step:
    known = visit.typed("profile")
    if known is not None:
        return identity_providers.choose_known_account(visit.env, visit.flow, known, visit.visitor.device)
    return identity_providers.type_account(
        visit.env,
        visit.flow,
        visit.visitor.device,
        email=visit.require("email"),
        first_name=visit.typed("first_name"),
        last_name=visit.typed("last_name"),
    )


def _accounts(visit: Visit, problem: Problem) -> Reply:
    flow = visit.flow
    known = identity_providers.known_accounts(visit.env, flow)
    hinted = flow.email or flow.hint or ""
    return visit.render(
        "identity-provider",
        problem,
        idp=_provider(visit),
        profiles=[{"id": account.id, "email": account.email, "name": account.name} for account in known],
        scopes=flow.provider_scopes or [],
        values={"email": hinted or (f"@{flow.domain_hint}" if flow.domain_hint else ""), **problem.values},
    )


def _consent(visit: Visit, problem: Problem) -> Reply:
    account = identity_providers.chosen_account(visit.flow)
    name = " ".join(part for part in (account.first_name, account.last_name) if part)
    return visit.render(
        "consent",
        problem,
        idp=_provider(visit),
        account={"email": account.email, "name": name},
        email=account.email,
        scopes=list(dict.fromkeys((*_BASIC_SCOPES, *(visit.flow.provider_scopes or ())))),
    )


def _provider(visit: Visit) -> dict[str, Any]:
    connection = identity_providers.connection_of(visit.env, visit.flow)
    if connection is None:
        return {"name": provider_name(visit.flow.provider or ""), "kind": "social", "connection_name": None}
    return {"name": connection.name, "kind": "sso", "connection_name": connection.name}
