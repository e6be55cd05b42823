"""The standalone SSO product in a browser: straight to the identity provider's page."""

from __future__ import annotations

from mockserver.authentication.authorize import refusal_url, require_redirect_uri
from mockserver.authorization_sessions.service import Step, Visitor, begin, go
from mockserver.core.environment import Environment
from mockserver.core.errors import Refused
from mockserver.settings import OAUTH_PROVIDERS
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
    is_social = connection.organization_id is None and connection.connection_type in OAUTH_PROVIDERS
    flow = begin(
        env,
        "sso",
        visitor.browser,
        redirect_uri=redirect_uri,
        state=query.state,
        code_challenge=query.code_challenge,
        provider=connection.connection_type if is_social else None,
        connection_id=None if is_social else connection.id,
        provider_scopes=query.provider_scopes,
        hint=query.login_hint,
        domain_hint=query.domain_hint,
        screen="identity-provider",
    )
    return go(env, flow, "identity-provider")
