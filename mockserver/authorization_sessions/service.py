"""From page to page of a sign-in, and back to the app."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from mockserver.authentication import service as authentication
from mockserver.authentication.authorization_codes import code_of_proof
from mockserver.authentication.authorize import refusal_url
from mockserver.authentication.errors import PolicyRefusal, StepUp
from mockserver.authentication.service import Device, Proof
from mockserver.authorization_sessions import pending_starts
from mockserver.authorization_sessions.errors import BegunElsewhere, FlowExpired, FlowFinished, StepNotDue
from mockserver.authorization_sessions.models import IDENTITY_PROVIDER, INVITATION, AuthorizationSession
from mockserver.core.clock import later
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, ApiError, Refused
from mockserver.core.urls import with_query
from mockserver.factors import service as factors
from mockserver.factors.models import Factor
from mockserver.sessions import browser_sessions
from mockserver.sessions.models import BrowserSession
from mockserver.users.models import User

# The page that asks for what a step-up demands.
_PAGES = {
    "email_verification_required": "email-verification",
    "mfa_enrollment": "mfa/enrollment",
    "mfa_challenge": "mfa/verification",
    "organization_selection_required": "organization-selection",
}

# Where a sign-in begins, unless the app has chosen the identity provider.
_FIRST_PAGES = ("sign-in", "sign-up", "known-user", "provider", "magic-code", "forgot-password")


@dataclass(frozen=True)
class Visitor:
    """A browser: the value of its cookie, who is signed in there, and where it stands."""

    browser: str
    session: BrowserSession | None
    device: Device


@dataclass(frozen=True)
class Step:
    """Where the browser goes next: a page of the flow (its name), or an address outside.

    `browser_session` is the one that began with this step.
    """

    flow: AuthorizationSession | None
    page: str = ""
    url: str = ""
    browser_session: BrowserSession | None = None


def begin(env: Environment, purpose: str, browser: str, **members: Any) -> AuthorizationSession:
    """A flow that waits at its first page."""
    now = env.clock.now()
    values: dict[str, Any] = dict.fromkeys(AuthorizationSession.__struct_fields__)
    values |= {"id": env.ids.ulid(), "purpose": purpose, "browser": browser, "screen": "sign-in", "page": "sign-in"}
    values |= {"expires_at": later(now, env.settings.lifetimes.authorization_session)}
    return env.insert(AuthorizationSession(**{**values, "created_at": now, "updated_at": now, **members}))


def continue_silently(env: Environment, flow: AuthorizationSession, session: BrowserSession, device: Device) -> Step:
    proof = Proof(
        user=env.get(User, session.user_id),
        method=session.method,
        device=device,
        has_second_factor=session.has_second_factor,
        organization_id=flow.organization_id,
        connection_id=session.connection_id,
        browser_session_id=session.id,
        authenticated_at=session.authenticated_at,
    )
    return advance(env, flow, proof)


def find(env: Environment, id: str, browser: str) -> AuthorizationSession:
    """The flow of a page's URL. Raises NotFound, BegunElsewhere, FlowFinished, FlowExpired."""
    flow = env.get(AuthorizationSession, id)
    if flow.browser != browser:
        raise BegunElsewhere
    if not flow.is_open:
        raise FlowFinished
    if flow.expires_at <= env.clock.now():
        raise FlowExpired
    return flow


def require_page_of(flow: AuthorizationSession, page: str) -> None:
    """The standalone product has no pages but the identity provider's.

    Where the app has chosen the provider, only the policy of an organization leaves the user another way. An
    invitation is answered first. Raises StepNotDue.
    """
    if flow.page == INVITATION and not page.startswith((INVITATION, "cancel")):
        raise StepNotDue
    if flow.purpose == "sso" and not page.startswith(IDENTITY_PROVIDER):
        raise StepNotDue
    is_released = flow.refusal is not None and "error" in flow.refusal
    if flow.is_bound and not is_released and page.startswith(_FIRST_PAGES):
        raise StepNotDue


def go(env: Environment, flow: AuthorizationSession, page: str, **changes: Any) -> Step:
    """To a page of the flow; a notice of the page before is gone unless a new one is among the changes."""
    flow = env.update(flow, **{"notice": None, **changes, "page": page})
    return Step(flow, page=page)


def advance(env: Environment, flow: AuthorizationSession, proof: Proof) -> Step:
    """Lets the pipeline decide: to the page that the step-up needs, or back to the app."""
    proof = replace(proof, invitation_token=proof.invitation_token or flow.invitation_token)
    try:
        proof = authentication.admit(env, proof)
    except StepUp as due:
        return _step_up(env, flow, proof.user, due)
    except PolicyRefusal as due:
        return go(env, flow, "required-method", email=proof.user.email, refusal=due.body())
    except ApiError as refusal:
        return refuse(env, flow, refusal, email=proof.user.email)
    return _finish(env, flow, proof)


def _step_up(env: Environment, flow: AuthorizationSession, user: User, due: StepUp) -> Step:
    page = _PAGES[due.code or ""]
    changes: dict[str, Any] = {"email": user.email, "pending_token": due.extra["pending_authentication_token"]}
    # What belongs to another step, or was begun for another user, must not serve this one.
    changes |= {"totp_secret": None, "challenge_id": None}
    if page == "mfa/enrollment":
        changes["totp_secret"] = env.codes.totp_secret()
    if page == "mfa/verification":
        factor = env.get(Factor, due.extra["authentication_factors"][0]["id"])
        changes["challenge_id"] = factors.challenge_factor(env, factor).id
    return go(env, flow, page, **changes)


def _finish(env: Environment, flow: AuthorizationSession, proof: Proof) -> Step:
    known = browser_sessions.find_live(env, proof.browser_session_id or "")
    if known is None and proof.browser_session_id is not None:
        return restart(env, flow, notice="You have signed out meanwhile. Sign in again.")
    if known is None:
        begun = known = browser_sessions.begin(
            env,
            proof.user.id,
            proof.method,
            connection_id=proof.connection_id,
            has_second_factor=proof.has_second_factor,
        )
    else:
        begun = None
        browser_sessions.keep_second_factor(env, known, proof.has_second_factor)
    proof = replace(proof, browser_session_id=known.id, authenticated_at=known.authenticated_at)
    if flow.purpose == "device":
        admitted = {
            "user_id": proof.user.id,
            "method": proof.method,
            "organization_id": proof.organization_id,
            "connection_id": proof.connection_id,
            "browser_session_id": proof.browser_session_id,
            "authenticated_at": proof.authenticated_at,
        }
        return replace(go(env, flow, "device", email=proof.user.email, admitted=admitted), browser_session=begun)
    env.consume(flow)
    if flow.redirect_uri is None:
        return replace(_without_app(env), browser_session=begun)
    code = code_of_proof(
        env,
        proof,
        is_of_authkit=not flow.is_bound,
        code_challenge=flow.code_challenge,
        provider_scopes=flow.provider_scopes,
    )
    url = with_query(flow.redirect_uri, {"code": code.code, "state": flow.state})
    return Step(flow, url=url, browser_session=begun)


def _without_app(env: Environment) -> Step:
    """To where an app begins its own sign-in, which goes on unasked."""
    entrance = pending_starts.entrance_of_app(env)
    return Step(None, page="done") if entrance is None else Step(None, url=entrance)


def restart(env: Environment, flow: AuthorizationSession, *, notice: str | None = None) -> Step:
    """From the first page, perhaps as somebody else."""
    forgotten = ("email", "hint", "pending_token", "challenge_id", "totp_secret", "account", "refusal", "admitted")
    return go(env, flow, flow.screen, notice=notice, **dict.fromkeys(forgotten))


def refuse(env: Environment, flow: AuthorizationSession, refusal: ApiError | Refused, *, email: str) -> Step:
    """The credential was right, but this person can't come in: the page says why."""
    if isinstance(refusal, Refused):
        shown: JSON = {"code": refusal.error, "message": refusal.description}
    else:
        shown = {"code": refusal.code, "message": refusal.message}
    return go(env, flow, "refused", email=email, refusal=shown)


def refusal_of(flow: AuthorizationSession) -> JSON:
    """Its `code` and `message`. Raises StepNotDue when nothing was refused."""
    if flow.refusal is None or "message" not in flow.refusal:
        raise StepNotDue
    return flow.refusal


def cancel(env: Environment, flow: AuthorizationSession) -> Step:
    """Back to the app, which is told so."""
    reason = flow.refusal["message"] if flow.page == "refused" and flow.refusal else "The user cancelled the sign-in."
    return leave(env, flow, Refused("access_denied", reason))


def leave(env: Environment, flow: AuthorizationSession, refused: Refused) -> Step:
    """Back to the app with an error."""
    env.consume(flow)
    if flow.redirect_uri is None:
        return Step(None, page="cancelled")
    return Step(flow, url=refusal_url(flow.redirect_uri, flow.state, refused))
