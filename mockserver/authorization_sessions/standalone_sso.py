"""The standalone SSO product in a browser: straight to the identity provider's page."""

from __future__ import annotations

from mockserver.authentication.authorize import refusal_url, require_redirect_uri
from mockserver.authorization_sessions.models import IDENTITY_PROVIDER
from mockserver.authorization_sessions.service import Step, Visitor, begin, go
from mockserver.core.environment import Environment
from mockserver.core.errors import Refused
from mockserver.sso import service as sso
from mockserver.sso.service import SsoQuery


def start(env: Environment, query: SsoQuery, visitor: Visitor) -> Step:
    """Raises what `require_redirect_uri` does."""
    redirect_uri = require_redirect_uri(env, query.redirect_uri, query.response_type)
    try:
        request = sso.start(env, query)
    except Refused as refused:
        return Step(None, url=refusal_url(redirect_uri, query.state, refused))
    connection = request.connection
    flow = begin(
        env,
        "sso",
        visitor.browser,
        redirect_uri=redirect_uri,
        state=query.state,
        code_challenge=query.code_challenge,
        provider=connection.social_provider,
        connection_id=connection.id,
        provider_scopes=query.provider_scopes,
        hint=query.login_hint,
        domain_hint=query.domain_hint,
        screen=IDENTITY_PROVIDER,
    )
    return go(env, flow, flow.screen)
