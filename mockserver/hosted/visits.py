"""Showing a page of a flow, and taking the form that it sends."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mockserver.authentication.errors import InvalidPendingToken
from mockserver.authorization_sessions import pending_starts
from mockserver.authorization_sessions import service as flows
from mockserver.authorization_sessions.browser_names import cookie_name
from mockserver.authorization_sessions.errors import BegunElsewhere, FlowExpired, FlowFinished, StepNotDue
from mockserver.authorization_sessions.models import AuthorizationSession
from mockserver.authorization_sessions.service import Step, Visitor
from mockserver.core.environment import Environment
from mockserver.core.errors import ApiError, NotFound
from mockserver.core.origins import require_same_origin
from mockserver.core.replies import Reply, redirect
from mockserver.core.requests import Request
from mockserver.hosted.browsers import csrf_token, follow, require_own_form, visitor_of, with_cookies
from mockserver.hosted.problems import NO_PROBLEM, Problem, problem_of, required
from mockserver.hosted.rendering import render

log = logging.getLogger("mockserver.hosted")

TOOK_TOO_LONG = "That took too long, so the sign-in begins again."
_ONCE_MORE = "once_more"
_SECRETS = ("password", "new_password", "code", "csrf")


@dataclass(frozen=True)
class Entrance:
    """A browser at a page that a link leads to, outside every flow; `sent` is the form it sends, if any."""

    env: Environment
    visitor: Visitor
    request: Request
    sent: Mapping[str, Any]

    def typed(self, name: str) -> str | None:
        """A field's text, or None when it was left empty."""
        return str(self.sent.get(name) or "").strip() or None

    def require(self, name: str) -> str:
        """Raises RequestInvalid for a field that was left empty. Blanks around a password are its own."""
        text = str(self.sent.get(name) or "")
        if not text.strip():
            raise required(name)
        return text if name in ("password", "new_password") else text.strip()

    def require_code(self) -> str:
        """As people copy it: with blanks or a dash. Raises RequestInvalid."""
        return self.require("code").replace(" ", "").replace("-", "")

    def render(self, template: str, problem: Problem = NO_PROBLEM, **context: Any) -> Reply:
        page = render(
            template,
            self.env,
            **{
                "status": problem.status,
                "csrf": csrf_token(self.visitor),
                "errors": problem.errors,
                "values": problem.values,
                **context,
            },
        )
        return with_cookies(self.env, self.visitor, page)


@dataclass(frozen=True)
class Visit(Entrance):
    """A browser at a page of its flow; `own_page` is the page's name where it is shown at another one's address."""

    flow: AuthorizationSession
    own_page: str | None = None

    @property
    def base(self) -> str:
        return f"{self.env.authkit_path}/{self.flow.id}"

    @property
    def page(self) -> str:
        """The name of the page that the request is for."""
        return self.request.path.partition(f"/{self.flow.id}/")[2]

    def render(self, template: str, problem: Problem = NO_PROBLEM, **context: Any) -> Reply:
        """With the flow's notice, and the way back to the app."""
        within = {
            "base": self.base,
            "email": self.flow.email,
            "notice": None if problem.errors else self.flow.notice,
            "cancel_url": f"{self.base}/cancel",
            "own_url": None if self.own_page is None else f"{self.base}/{self.own_page}",
        }
        return super().render(template, problem, **{**within, **context})


Page = Callable[[Visit, Problem], Reply]


def path_of(page: str) -> str:
    return f"/authkit/{{client_id}}/{{flow_id}}/{page}"


def show(env: Environment, request: Request, flow_id: str, page: Page) -> Reply:
    """The page, or the one that is due instead. Raises the errors of `authorization_sessions/errors.py`, NotFound."""
    visit = _visit(env, request, flow_id)
    if isinstance(visit, Reply):
        return visit
    try:
        flows.require_page_of(visit.flow, visit.page)
        return page(visit, NO_PROBLEM)
    except (StepNotDue, InvalidPendingToken) as error:
        return follow(env, visit.visitor, _back(visit, error))


def lead_on(env: Environment, request: Request, flow_id: str) -> Reply:
    """To the page that the flow is at."""
    visit = _visit(env, request, flow_id)
    if isinstance(visit, Reply):
        return visit
    return follow(env, visit.visitor, Step(visit.flow, page=visit.flow.page))


def begin_again(env: Environment, request: Request, error: ApiError) -> Reply:
    """To where the app begins a sign-in. Raises the error where the app has named no such address.

    A browser that keeps no cookies would be led from there to its next sign-in and back for ever. Whether one that
    sent none keeps them shows when it comes once more.
    """
    endpoint = pending_starts.sign_in_endpoint(env)
    if endpoint is None:
        raise error
    status = 302 if request.method == "GET" else 303
    if not isinstance(error, BegunElsewhere) or request.cookie(cookie_name(env)):
        return redirect(endpoint, status=status)
    if request.parameter(_ONCE_MORE):
        raise error
    return with_cookies(env, visitor_of(env, request), redirect(f"{request.path}?{_ONCE_MORE}=1", status=status))


def submit(
    env: Environment,
    request: Request,
    flow_id: str,
    page: Page,
    act: Callable[[Visit], Step],
    *,
    own_page: str | None = None,
) -> Reply:
    """Where the form leads or, when it is refused, its page again, with the refusal beside the field.

    `own_page` is the name of the page where a button of it sends the form elsewhere. Raises what `show` does, and
    CrossSitePost.
    """
    require_same_origin(request, env.server.public_url)
    visit = _visit(env, request, flow_id)
    if isinstance(visit, Reply):
        return visit
    visit = replace(visit, own_page=own_page)
    try:
        flows.require_page_of(visit.flow, visit.page)
        try:
            require_own_form(request, visit.visitor)
            return follow(env, visit.visitor, act(visit))
        except (StepNotDue, InvalidPendingToken):
            raise
        except ApiError as refusal:
            return page(visit, _problem(visit, refusal))
    except (StepNotDue, InvalidPendingToken) as error:
        env.rollback()
        return follow(env, visit.visitor, _back(visit, error))


Front = Callable[[Entrance, Problem], Reply]


def enter(env: Environment, request: Request, page: Front) -> Reply:
    return page(_entrance(env, request), NO_PROBLEM)


def submit_entrance(env: Environment, request: Request, page: Front, act: Callable[[Entrance], Step]) -> Reply:
    """As `submit`. Raises CrossSitePost."""
    require_same_origin(request, env.server.public_url)
    entrance = _entrance(env, request)
    try:
        require_own_form(request, entrance.visitor)
        return follow(env, entrance.visitor, act(entrance))
    except ApiError as refusal:
        return page(entrance, _problem(entrance, refusal))


def _problem(entrance: Entrance, refusal: ApiError) -> Problem:
    """What it changed is kept where the refusal says so, as everywhere."""
    if not refusal.keeps_changes:
        entrance.env.rollback()
    if refusal.hint is not None:
        log.warning("a form of %s is refused: %s", entrance.request.path, refusal.hint)
    kept = {name: str(value) for name, value in entrance.sent.items() if name not in _SECRETS}
    return problem_of(refusal, kept)


def _entrance(env: Environment, request: Request) -> Entrance:
    return Entrance(env, visitor_of(env, request), request, request.content)


def _visit(env: Environment, request: Request, flow_id: str) -> Visit | Reply:
    """Without such a flow the way to a new one. Raises what `flows.find` does."""
    visitor = visitor_of(env, request)
    try:
        flow = flows.find(env, flow_id, visitor.browser)
    except (NotFound, BegunElsewhere, FlowFinished, FlowExpired) as error:
        return begin_again(env, request, error)
    return Visit(env, visitor, request, request.content, flow)


def _back(visit: Visit, error: StepNotDue | InvalidPendingToken) -> Step:
    """To the page that is due; a step whose time is over, or which can't be shown itself, begins again."""
    flow = visit.flow
    if isinstance(error, StepNotDue) and visit.page != flow.page:
        return Step(flow, page=flow.page)
    return flows.restart(visit.env, flow, notice=TOOK_TOO_LONG)
