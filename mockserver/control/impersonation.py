"""Impersonation, as the dashboard starts it: a person of the team signs in to the app as one of its users."""

from __future__ import annotations

from mockserver.authorization_sessions import pending_starts
from mockserver.authorization_sessions.browser_names import browser_cookie, browser_of
from mockserver.control.pages import render
from mockserver.control.shortcuts import Impersonator, IssueCode, issue_authorization_code, named_user
from mockserver.core.bodies import Body
from mockserver.core.environment import Environment
from mockserver.core.origins import require_same_origin
from mockserver.core.replies import Reply, redirect
from mockserver.core.requests import Request, of_control
from mockserver.core.routing import get, post
from mockserver.core.urls import with_query
from mockserver.memberships.service import memberships_of_user
from mockserver.organizations.models import Organization
from mockserver.redirect_uris.service import RedirectUriNotAllowed, redirect_targets, require_allowed
from mockserver.users import service as users
from mockserver.users.models import User

NO_ADDRESS = "Enter an e-mail address, such as ada@example.com."


class Impersonation(Body):
    email: str = ""
    organization_id: str = ""
    impersonator_email: str = ""
    reason: str = ""
    redirect_uri: str = ""


@get("/_emulate/ui/impersonate", environment=of_control, is_page=True)
def show_impersonation(env: Environment) -> Reply:
    """A form that signs somebody in to the app as one of its users."""
    return _page(env, Impersonation(redirect_uri=next(iter(redirect_targets(env)), "")))


@post("/_emulate/ui/impersonate", environment=of_control, is_page=True)
def impersonate(env: Environment, request: Request, body: Impersonation) -> Reply:
    """Leads to the app's sign-in endpoint, whose sign-in in this browser will be the impersonated one.

    Without one it leads to `redirect_uri` with an authorization code and no `state`, or shows the code where that is
    left out.
    """
    require_same_origin(request, env.server.public_url)
    errors = _errors(env, body)
    if errors:
        return _page(env, body, status=422, errors=errors)
    endpoint = pending_starts.sign_in_endpoint(env)
    if endpoint is not None:
        browser = browser_of(env, request)
        _keep(env, browser, body)
        return redirect(endpoint, status=303, headers=(browser_cookie(env, browser),))
    impersonator = Impersonator(email=body.impersonator_email.strip(), reason=body.reason.strip() or None)
    asked = IssueCode(
        email=body.email.strip(), organization_id=body.organization_id.strip() or None, impersonator=impersonator
    )
    issued = issue_authorization_code(env, asked)
    if not body.redirect_uri.strip():
        return _page(env, body, issued=issued)
    return redirect(with_query(body.redirect_uri.strip(), {"code": issued["code"]}), status=303)


def _keep(env: Environment, browser: str, body: Impersonation) -> None:
    pending_starts.keep_impersonation(
        env,
        browser,
        named_user(env, None, body.email).id,
        organization_id=body.organization_id.strip() or None,
        email=body.impersonator_email.strip(),
        reason=body.reason.strip() or None,
    )


def _errors(env: Environment, body: Impersonation) -> dict[str, str]:
    """What is wrong, by field."""
    errors = {}
    user = users.find_user_by_email(env, body.email)
    if not users.is_email(body.email):
        errors["email"] = NO_ADDRESS
    elif user is None:
        errors["email"] = f"No user has the address {body.email.strip()}."
    else:
        errors |= _organization_errors(env, user, body.organization_id.strip())
    if not users.is_email(body.impersonator_email):
        errors["impersonator_email"] = NO_ADDRESS
    if body.redirect_uri.strip() and pending_starts.sign_in_endpoint(env) is None:
        try:
            require_allowed(env, body.redirect_uri.strip())
        except RedirectUriNotAllowed as error:
            errors["redirect_uri"] = f"{error.message} Choose a registered one, or {error.hint}."
    return errors


def _page(
    env: Environment,
    values: Impersonation,
    *,
    status: int = 200,
    errors: dict[str, str] | None = None,
    issued: dict[str, str] | None = None,
) -> Reply:
    return render(
        "impersonation.html",
        env,
        status=status,
        values=values,
        errors=errors or {},
        issued=issued,
        targets=redirect_targets(env),
        endpoint=pending_starts.sign_in_endpoint(env),
    )


def _organization_errors(env: Environment, user: User, organization_id: str) -> dict[str, str]:
    """Who belongs to several would be asked to choose one, which the app's callback can't."""
    active = [item for item in memberships_of_user(env, user.id) if item.status == "active"]
    found = [env.get(Organization, membership.organization_id) for membership in active]
    if organization_id in [organization.id for organization in found] or (not organization_id and len(found) < 2):
        return {}
    known = ", ".join(f"{organization.name} ({organization.id})" for organization in found)
    return {"organization_id": f"Choose an organization of the user: {known}." if known else "The user is in none."}
