"""Where a sign-in ends without the app: cancelled, refused, done with nowhere to go; and signed out."""

from __future__ import annotations

from mockserver.authorization_sessions import service as flows
from mockserver.authorization_sessions.models import INVITATION
from mockserver.core.environment import Environment
from mockserver.core.errors import NotFound
from mockserver.core.replies import Reply
from mockserver.core.requests import Request, of_client_id_in_path
from mockserver.core.routing import get, post
from mockserver.hosted.problems import Problem
from mockserver.hosted.visits import Entrance, Visit, begin_again, enter, lead_on, path_of, show, submit


@post(path_of("cancel"), environment=of_client_id_in_path, is_page=True)
def cancel(env: Environment, request: Request, flow_id: str) -> Reply:
    return submit(env, request, flow_id, _refused, lambda visit: flows.cancel(env, visit.flow))


@post(path_of("restart"), environment=of_client_id_in_path, is_page=True)
def restart(env: Environment, request: Request, flow_id: str) -> Reply:
    return submit(env, request, flow_id, _refused, lambda visit: flows.restart(env, visit.flow))


@get(path_of("provider"), environment=of_client_id_in_path, is_page=True)
@get(path_of("known-user"), environment=of_client_id_in_path, is_page=True)
@get(path_of("magic-code/send"), environment=of_client_id_in_path, is_page=True)
@get(path_of("email-verification/send"), environment=of_client_id_in_path, is_page=True)
@get(path_of("mfa/factor"), environment=of_client_id_in_path, is_page=True)
@get(path_of("identity-provider/deny"), environment=of_client_id_in_path, is_page=True)
@get(path_of(f"{INVITATION}/decline"), environment=of_client_id_in_path, is_page=True)
@get(path_of("cancel"), environment=of_client_id_in_path, is_page=True)
@get(path_of("restart"), environment=of_client_id_in_path, is_page=True)
def reload(env: Environment, request: Request, flow_id: str) -> Reply:
    """A refused form leaves the address that its button sent it to in the browser, where it may be loaded again."""
    return lead_on(env, request, flow_id)


@get(path_of("refused"), environment=of_client_id_in_path, is_page=True)
def show_refusal(env: Environment, request: Request, flow_id: str) -> Reply:
    return show(env, request, flow_id, _refused)


@get("/authkit/{client_id}/done", environment=of_client_id_in_path, is_page=True)
def show_done(env: Environment, request: Request) -> Reply:
    return enter(env, request, _done)


@get("/authkit/{client_id}/cancelled", environment=of_client_id_in_path, is_page=True)
def show_cancelled(env: Environment, request: Request) -> Reply:
    return enter(env, request, _cancelled)


@get("/authkit/{client_id}/password-changed", environment=of_client_id_in_path, is_page=True)
def show_password_changed(env: Environment, request: Request) -> Reply:
    return enter(env, request, _password_changed)


@get("/authkit/{client_id}/signed-out", environment=of_client_id_in_path, is_page=True)
def show_signed_out(env: Environment, request: Request) -> Reply:
    """Where production shows an error page of its own, app-homepage-url-not-found."""
    return enter(env, request, _signed_out)


@get("/authkit/{client_id}", environment=of_client_id_in_path, is_page=True)
@get("/authkit/{client_id}/{page}", environment=of_client_id_in_path, is_page=True)
def show_nothing(env: Environment, request: Request) -> Reply:
    """For an address that somebody has kept: a sign-in begins in the app. Raises NotFound."""
    return begin_again(env, request, NotFound("Page", request.path))


def _refused(visit: Visit, problem: Problem) -> Reply:
    """Raises StepNotDue when nothing was refused."""
    refusal = flows.refusal_of(visit.flow)
    return visit.render(
        "refused",
        problem,
        heading="You can't be signed in here",
        message=refusal["message"],
        cancel_url=None,
        actions=[
            {"label": "Use another account", "url": f"{visit.base}/restart", "is_post": True},
            {"label": "Back to the app", "url": f"{visit.base}/cancel", "is_post": True},
        ],
    )


def _done(entrance: Entrance, problem: Problem) -> Reply:
    return ending(
        entrance,
        problem,
        "signed-in",
        "You are signed in",
        "No redirect URI is registered, so there is no app to lead you to. You can close this page.",
    )


def _cancelled(entrance: Entrance, problem: Problem) -> Reply:
    return ending(
        entrance, problem, "cancelled", "Nothing was done", "The sign-in was cancelled. You can close this page."
    )


def _password_changed(entrance: Entrance, problem: Problem) -> Reply:
    message = "Your password is changed. Sign in with the new one, from the app."
    return ending(entrance, problem, "password-changed", "Password changed", message)


def _signed_out(entrance: Entrance, problem: Problem) -> Reply:
    return ending(
        entrance,
        problem,
        "signed-out",
        "You are signed out",
        "The app has not said where to go from here: pass return_to, or set sign_out_redirects or app_homepage_url.",
    )


def ending(entrance: Entrance, problem: Problem, testid: str, heading: str, message: str) -> Reply:
    """With a link to where the app begins a sign-in, if it has said so."""
    settings = entrance.env.settings
    url = settings.sign_in_endpoint or settings.app_homepage_url
    link = None if url is None else {"label": "Back to the app", "url": url}
    return entrance.render("message", problem, heading=heading, message=message, testid=testid, link=link)
