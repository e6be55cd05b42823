"""Choosing the organization to sign in to."""

from __future__ import annotations

from mockserver.authorization_sessions import further_steps
from mockserver.core.environment import Environment
from mockserver.core.replies import Reply
from mockserver.core.requests import Request, of_client_id_in_path
from mockserver.core.routing import get, post
from mockserver.hosted.problems import Problem
from mockserver.hosted.visits import Visit, path_of, show, submit


@get(path_of("organization-selection"), environment=of_client_id_in_path, is_page=True)
def show_selection(env: Environment, request: Request, flow_id: str) -> Reply:
    return show(env, request, flow_id, _selection)


@post(path_of("organization-selection"), environment=of_client_id_in_path, is_page=True)
def choose(env: Environment, request: Request, flow_id: str) -> Reply:
    return submit(
        env,
        request,
        flow_id,
        _selection,
        lambda visit: further_steps.choose_organization(
            env, visit.flow, visit.require("organization_id"), visit.visitor.device
        ),
    )


def _selection(visit: Visit, problem: Problem) -> Reply:
    organizations = further_steps.organizations_to_choose(visit.env, visit.flow)
    return visit.render(
        "organization-selection",
        problem,
        organizations=[{"id": organization.id, "name": organization.name} for organization in organizations],
    )
