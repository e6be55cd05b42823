"""Signing a device in: its code is entered here, and somebody who is signed in says yes or no."""

from __future__ import annotations

from mockserver.authorization_sessions import devices
from mockserver.authorization_sessions.service import Step
from mockserver.core.environment import Environment
from mockserver.core.replies import Reply
from mockserver.core.requests import Request, of_client_id_in_path
from mockserver.core.routing import get, post
from mockserver.hosted.endings import ending
from mockserver.hosted.offers import organization_name
from mockserver.hosted.problems import Problem
from mockserver.hosted.visits import Entrance, Visit, enter, path_of, show, submit, submit_entrance


@get("/authkit/{client_id}/device", environment=of_client_id_in_path, is_page=True)
def show_device(env: Environment, request: Request) -> Reply:
    return enter(env, request, _device)


@post("/authkit/{client_id}/device", environment=of_client_id_in_path, is_page=True)
def enter_code(env: Environment, request: Request) -> Reply:
    return submit_entrance(
        env,
        request,
        _device,
        lambda entrance: devices.enter_code(env, entrance.require("user_code"), entrance.visitor),
    )


@get(path_of("device"), environment=of_client_id_in_path, is_page=True)
def show_confirmation(env: Environment, request: Request, flow_id: str) -> Reply:
    return show(env, request, flow_id, _confirmation)


@post(path_of("device"), environment=of_client_id_in_path, is_page=True)
def decide(env: Environment, request: Request, flow_id: str) -> Reply:
    return submit(env, request, flow_id, _confirmation, _decide)


@get("/authkit/{client_id}/device/success", environment=of_client_id_in_path, is_page=True)
def show_approved(env: Environment, request: Request) -> Reply:
    return enter(env, request, _approved)


@get("/authkit/{client_id}/device/denied", environment=of_client_id_in_path, is_page=True)
def show_denied(env: Environment, request: Request) -> Reply:
    return enter(env, request, _denied)


def _decide(visit: Visit) -> Step:
    if visit.typed("decision") == "approve":
        return devices.approve(visit.env, visit.flow, visit.visitor.device)
    return devices.deny(visit.env, visit.flow)


def _device(entrance: Entrance, problem: Problem) -> Reply:
    typed = entrance.request.parameter("user_code")
    return entrance.render("device", problem, values={"user_code": typed, **problem.values})


def _confirmation(visit: Visit, problem: Problem) -> Reply:
    waiting, user = devices.waiting_device(visit.env, visit.flow)
    name = " ".join(part for part in (user.first_name, user.last_name) if part)
    return visit.render(
        "device-confirm",
        problem,
        user_code=waiting.dashed_user_code,
        user={"email": user.email, "name": name},
        organization_name=organization_name(visit.env, devices.organization_id(visit.flow)),
        cancel_url=None,
    )


def _approved(entrance: Entrance, problem: Problem) -> Reply:
    return ending(
        entrance, problem, "device-approved", "Your device is signed in", "You can close this page and go back to it."
    )


def _denied(entrance: Entrance, problem: Problem) -> Reply:
    return ending(entrance, problem, "device-denied", "The device was refused", "It will not be signed in.")
