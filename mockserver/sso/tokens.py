"""`POST /sso/token` and `GET /sso/profile`: from the code to the profile."""

from __future__ import annotations

from mockserver.authentication import pkce
from mockserver.authentication.clients import environment_of, text_of
from mockserver.authentication.errors import InvalidClient, InvalidCode
from mockserver.authentication.oauth_tokens import oauth_tokens
from mockserver.connections.models import Connection, Profile
from mockserver.core.bodies import Body, NonEmpty, decode_body
from mockserver.core.clock import later
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, ApiError, OAuthError
from mockserver.core.requests import Request, by_body
from mockserver.core.server import Server
from mockserver.sso.models import SsoAccessToken, SsoCode

ACCESS_TOKEN_SECONDS = 600


class UnsupportedGrantType(OAuthError):
    status, code = 400, "unsupported_grant_type"
    message = "The grant type is not supported."


class AccessTokenInvalid(ApiError):
    """The only refusal with this body."""

    status = 401

    def body(self) -> JSON:
        return {"error": "Unauthorized"}


class TokenRequest(Body):
    code: NonEmpty
    code_verifier: str | None = None


def members_of(request: Request) -> JSON:
    """The body's; the OpenAPI document has them as query parameters too."""
    return {**{name: values[-1] for name, values in request.query.items()}, **request.content}


@by_body
def of_client(server: Server, request: Request) -> Environment:
    """As for AuthKit's token endpoint, from which some refusals differ. Raises InvalidClient, RequestInvalid."""
    members = members_of(request)
    return environment_of(server, text_of(members, "client_id"), _secret(request))


def requested(request: Request) -> TokenRequest:
    """Raises UnsupportedGrantType, RequestInvalid, and InvalidClient for a public client without PKCE."""
    members = members_of(request)
    if text_of(members, "grant_type") != "authorization_code":
        raise UnsupportedGrantType
    asked = decode_body(TokenRequest, members)
    if not _secret(request) and not asked.code_verifier:
        raise InvalidClient
    return asked


def _secret(request: Request) -> str:
    return text_of(members_of(request), "client_secret") or request.bearer


def exchange(env: Environment, asked: TokenRequest) -> JSON:
    """The profile, and a token to read it again. Raises InvalidCode."""
    found = env.find(SsoCode, asked.code)
    if found is None or found.consumed_at is not None or found.expires_at <= env.clock.now():
        raise InvalidCode(asked.code)
    _require_verifier(found, asked.code_verifier)
    if not env.consume(found):
        raise InvalidCode(asked.code)
    profile = env.get(Profile, found.profile_id)
    connection = env.get(Connection, profile.connection_id)
    now = env.clock.now()
    token = env.insert(SsoAccessToken(env.codes.token(), profile.id, later(now, ACCESS_TOKEN_SECONDS), now))
    return {
        "token_type": "Bearer",
        "access_token": token.token,
        "expires_in": ACCESS_TOKEN_SECONDS,
        "profile": profile.shown_with(connection),
        **oauth_tokens(env, connection.connection_type, found.provider_scopes),
    }


def _require_verifier(code: SsoCode, verifier: str | None) -> None:
    """One that the authorization has no challenge for is as wrong as another. Raises InvalidCode."""
    if code.code_challenge is None and not verifier:
        return
    if code.code_challenge is None or not verifier or not pkce.answers(verifier, code.code_challenge):
        raise InvalidCode(code.code)


def of_access_token(server: Server, request: Request) -> Environment:
    """The environment that gave out the token; of copies, one where it is good. Raises AccessTokenInvalid."""
    env = server.holder_of_live(request.bearer)
    if env is None:
        raise AccessTokenInvalid
    return env


def profile_of_token(env: Environment, token: str) -> JSON:
    """Raises AccessTokenInvalid."""
    found = env.find(SsoAccessToken, token)
    if found is None or found.expires_at <= env.clock.now():  # by now
        raise AccessTokenInvalid
    profile = env.get(Profile, found.profile_id)
    return profile.shown_with(env.get(Connection, profile.connection_id))
