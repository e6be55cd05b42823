"""The tokens of OAuth providers, which production returns where the provider's configuration says so."""

from __future__ import annotations

from collections.abc import Sequence

from mockserver.connections.types import is_oauth
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON

_LIFETIME = 3600
_DEFAULT_SCOPES = ("openid", "email", "profile")


def oauth_tokens(env: Environment, provider: str, scopes: Sequence[str] | None) -> JSON:
    """`{"oauth_tokens": …}` of made-up tokens for an OAuth sign-in with the setting `oauth_tokens: on`, else `{}`."""
    if env.settings.oauth_tokens == "off" or not is_oauth(provider):
        return {}
    tokens = {
        "provider": provider,
        "access_token": env.codes.token(40),
        "refresh_token": env.codes.token(40),
        "expires_at": env.clock.unix() + _LIFETIME,
        "scopes": list(scopes or _DEFAULT_SCOPES),
    }
    return {"oauth_tokens": tokens}
