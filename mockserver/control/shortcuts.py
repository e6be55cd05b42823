"""Shortcuts around a journey that a test is not about."""

from __future__ import annotations

from mockserver.authentication.authorization_codes import issue_code
from mockserver.core.bodies import ControlBody
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, ApiError, NotFound, RequestInvalid, field_error
from mockserver.core.requests import of_control
from mockserver.core.routing import get, post
from mockserver.factors import service as factors
from mockserver.factors.models import Factor
from mockserver.organizations.models import Organization
from mockserver.settings import OAUTH_PROVIDERS
from mockserver.users import service as users
from mockserver.users.models import User

METHODS = frozenset({"Password", "MagicAuth", "Passkey", "Impersonation", *OAUTH_PROVIDERS})


class Impersonator(ControlBody):
    email: str
    reason: str | None = None


class IssueCode(ControlBody):
    """The user by `user_id` or `email`; `impersonator` makes the session an impersonated one.

    A member of several organizations needs `organization_id`, or the exchange asks for one.
    """

    user_id: str | None = None
    email: str | None = None
    organization_id: str | None = None
    authentication_method: str = "Password"
    code_challenge: str | None = None
    impersonator: Impersonator | None = None


class NotTotp(ApiError):
    status, code = 422, "factor_is_not_totp"


@post("/_emulate/codes", environment=of_control, status=201)
def issue_authorization_code(env: Environment, body: IssueCode) -> JSON:
    """An authorization code, as `authorize` would send it to the app."""
    user = named_user(env, body.user_id, body.email)
    if body.organization_id is not None:
        env.get(Organization, body.organization_id)
    if body.authentication_method not in METHODS:
        message = f"'{body.authentication_method}' is none of {', '.join(sorted(METHODS))}."
        raise RequestInvalid([field_error("authentication_method", "authentication_method_invalid", message)])
    impersonator = body.impersonator
    code = issue_code(
        env,
        user,
        body.authentication_method if impersonator is None else "Impersonation",
        organization_id=body.organization_id,
        code_challenge=body.code_challenge,
        impersonator_email=None if impersonator is None else impersonator.email,
        impersonator_reason=None if impersonator is None else impersonator.reason,
    )
    return {"code": code.code, "user_id": user.id, "expires_at": code.expires_at}


def named_user(env: Environment, user_id: str | None, email: str | None) -> User:
    """By either; the id wins. Raises RequestInvalid, NotFound."""
    if user_id is not None:
        return env.get(User, user_id)
    if email is None:
        raise RequestInvalid([field_error("user_id", "user_id_string_required", "Send user_id or email.")])
    user = users.find_user_by_email(env, email)
    if user is None:
        raise NotFound(User.label, email)
    return user


@get("/_emulate/totp/{factor_id}", environment=of_control)
def get_totp(env: Environment, factor_id: str) -> JSON:
    """A code that is valid now and not used yet."""
    factor = env.get(Factor, factor_id)
    if factor.type != "totp":
        raise NotTotp(f"The factor '{factor_id}' is of type '{factor.type}'; only TOTP factors have a current code.")
    code, expires_at = factors.unused_code(env, factor)
    return {"code": code, "factor_id": factor.id, "expires_at": expires_at}
