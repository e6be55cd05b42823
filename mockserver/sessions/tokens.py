"""Access tokens: RS256 JWTs with the claims of contract authentication, section 4.1."""

from __future__ import annotations

from typing import Any

from mockserver.core.clock import real_ms, to_ms
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.sessions.models import Session


def issuer(env: Environment) -> str:
    """Production's form since mid-2025; older environments have the bare host (setting `jwt_issuer`)."""
    return env.settings.jwt_issuer or f"{env.server.public_url}/user_management/{env.keys.client_id}"


def discovery(env: Environment) -> JSON:
    """OpenID Connect discovery, as far as the endpoints exist."""
    base, client_id = env.server.public_url, env.keys.client_id
    return {
        "issuer": issuer(env),
        "authorization_endpoint": f"{base}/user_management/authorize",
        "token_endpoint": f"{base}/user_management/authenticate",
        "device_authorization_endpoint": f"{base}/user_management/authorize/device",
        "jwks_uri": f"{base}/sso/jwks/{client_id}",
        "response_types_supported": ["code"],
        "grant_types_supported": [
            "authorization_code",
            "refresh_token",
            "urn:ietf:params:oauth:grant-type:device_code",
        ],
        "code_challenge_methods_supported": ["S256"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "subject_types_supported": ["public"],
    }


def access_token(env: Environment, session: Session, more: dict[str, Any]) -> str:
    """A token with the claims of the session and `more`.

    `iat` is never in the future of a client's own clock, while `exp` follows the environment's.

    So with the clock moved ahead a token still verifies, and with it set back an hour it is born expired.
    """
    now = env.clock.unix()
    claims: dict[str, Any] = {
        "iss": issuer(env),
        "sub": session.user_id,
        "sid": session.id,
        "jti": env.ids.ulid(),
        "client_id": env.keys.client_id,
        "iat": min(now, real_ms() // 1000),
        "exp": now + env.settings.lifetimes.access_token,
        "auth_time": to_ms(session.authenticated_at) // 1000,
    }
    if session.impersonator_email is not None:
        claims["act"] = {"sub": session.impersonator_email}
    return env.server.signing_key.sign({**claims, **more})
