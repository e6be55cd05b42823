"""Codes of the standalone SSO product at AuthKit's token endpoint, which signs the profile's user in with them."""

from __future__ import annotations

from dataclasses import replace

from mockserver.authentication import service, social, sso
from mockserver.authentication.errors import InvalidCode, SignInDenied
from mockserver.authentication.oauth_tokens import oauth_tokens
from mockserver.authentication.social import Account
from mockserver.connections.models import Connection, Profile
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, Refused
from mockserver.sso.models import SsoCode


def redeem(env: Environment, code: SsoCode, device: service.Device, invitation_token: str | None) -> JSON:
    """The answer that AuthKit's own sign-in by the connection has; the code is spent, at `/sso/token` too.

    Raises InvalidCode when it was spent before, SignInDenied, and what the pipeline raises.
    """
    if not env.consume(code):
        raise InvalidCode(code.code)
    profile = env.get(Profile, code.profile_id)
    connection = env.get(Connection, profile.connection_id)
    answer = service.complete(env, _proof(env, connection, profile, device, invitation_token))
    return {**answer, **oauth_tokens(env, connection.connection_type, code.provider_scopes)}


def _proof(
    env: Environment, connection: Connection, profile: Profile, device: service.Device, invitation_token: str | None
) -> service.Proof:
    """At a social provider of the environment's own it is a sign-in with the account there."""
    provider = connection.social_provider
    if provider is not None:
        account = Account(provider, profile.idp_id, profile.email, profile.first_name, profile.last_name)
        return social.sign_in(env, account, device, invitation_token=invitation_token)
    try:
        proof = sso.prove_vouched(env, connection, profile, device)
    except Refused as refused:
        raise SignInDenied(refused.description) from None
    return replace(proof, invitation_token=invitation_token)
