"""The JWT template: kept once an environment, and what it adds to access tokens."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from mockserver.configuration.jwt_templates import InvalidTemplate, compile_template
from mockserver.configuration.models import THE_TEMPLATE, JwtTemplate
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, ApiError, OAuthError, RequestInvalid, field_error
from mockserver.users.models import User

LARGEST_CLAIMS = 3072


class NoJwtTemplate(ApiError):
    status, code = 404, "entity_not_found"
    message = "JWT template not found."


class TokenTooBig(OAuthError):
    """Documented as a limit of cookies in browsers; where production refuses is a guess."""

    status, code = 400, "token_too_big"
    message = f"The claims of the JWT template are larger than {LARGEST_CLAIMS} bytes."


def get_jwt_template(env: Environment) -> JwtTemplate:
    """Raises NoJwtTemplate."""
    template = env.find(JwtTemplate, THE_TEMPLATE)
    if template is None:
        raise NoJwtTemplate
    return template


def put_jwt_template(env: Environment, content: str) -> JwtTemplate:
    """Counts for the access tokens that are made from now on. Raises RequestInvalid."""
    try:
        compile_template(content)
    except InvalidTemplate as error:
        raise RequestInvalid([field_error("content", "invalid_jwt_template", str(error))]) from None
    template = env.find(JwtTemplate, THE_TEMPLATE)
    if template is not None:
        return env.update(template, content=content)
    now = env.clock.now()
    return env.insert(JwtTemplate(THE_TEMPLATE, content, now, now))


def template_context(
    user: User,
    *,
    identities: Mapping[str, str | None],
    organization: JSON | None = None,
    membership: JSON | None = None,
) -> JSON:
    """What templates can name.

    `identities` maps providers to ids there. `organization` is as the API shows it; `membership` has `id`, `role` and
    `roles` as slugs, `custom_attributes` and its times.
    """
    shown = {name: value for name, value in user.shown().items() if name != "last_sign_in_at"}
    return {
        "user": {**shown, "identities": dict(identities)},
        "organization": organization,
        "organization_membership": membership,
    }


def claims_for(env: Environment, make_context: Callable[[], JSON]) -> JSON:
    """The claims of the environment's template; none without one, and then no context is made. Raises TokenTooBig."""
    template = env.find(JwtTemplate, THE_TEMPLATE)
    if template is None:
        return {}
    claims = compile_template(template.content).render(make_context())
    if len(json.dumps(claims, separators=(",", ":"), ensure_ascii=False).encode()) > LARGEST_CLAIMS:
        error = TokenTooBig()
        error.hint = "shorten the template (PUT /user_management/jwt_template) or the metadata that it puts into tokens"
        raise error
    return claims
