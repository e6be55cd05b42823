"""`GET /sso/authorize`: from the app to an identity provider and back with a code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mockserver.authentication import sso
from mockserver.authentication.authorize import refusal_url, require_redirect_uri
from mockserver.authentication.pkce import require_s256
from mockserver.authentication.service import Device
from mockserver.connections.models import Connection, Profile
from mockserver.connections.profiles import profile_who_signs_in
from mockserver.connections.selection import select
from mockserver.connections.service import mark_used
from mockserver.core.bodies import Parameters
from mockserver.core.clock import later
from mockserver.core.environment import Environment
from mockserver.core.errors import Refused
from mockserver.core.urls import with_query
from mockserver.organizations.domains import VERIFIED, domains_of
from mockserver.organizations.models import Organization
from mockserver.sso.models import SsoCode


class SsoQuery(Parameters, kw_only=True):
    """The parameters that decide something; `prompt`, `nonce` and the like are for the provider."""

    never_left_out = frozenset({"code_challenge"})  # an app that means to send one is never served without

    client_id: str | None = None
    redirect_uri: str | None = None
    response_type: str | None = None
    connection: str | None = None
    organization: str | None = None
    provider: str | None = None
    domain: str | None = None
    state: str | None = None
    login_hint: str | None = None
    domain_hint: str | None = None
    provider_scopes: list[str] | None = None
    code_challenge: str | None = None
    code_challenge_method: str | None = None


@dataclass(frozen=True)
class SsoRequest:
    """What an app asks for, found to be possible."""

    connection: Connection
    redirect_uri: str
    state: str | None
    login_hint: str | None
    code_challenge: str | None
    provider_scopes: list[str] | None


class ProfileOutside(Refused):
    def __init__(self) -> None:
        super().__init__(
            "profile_not_allowed_outside_organization",
            "The profile's email is outside the verified domains of the organization.",
        )


def authorize(env: Environment, query: SsoQuery) -> str:
    """Signs a profile in at once and answers where to redirect: the app, with a code or an error.

    The profile is the one of `login_hint` (made, when unknown), else the connection's first, else a newcomer's.
    """
    redirect_uri = require_redirect_uri(env, query.redirect_uri, query.response_type)
    try:
        request = start(env, query)
        profile = profile_who_signs_in(env, request.connection, request.login_hint)
        return issue_code(
            env,
            request.connection,
            profile,
            redirect_uri=request.redirect_uri,
            state=request.state,
            code_challenge=request.code_challenge,
            provider_scopes=request.provider_scopes,
        )
    except Refused as refused:
        return refusal_url(redirect_uri, query.state, refused)


def start(env: Environment, query: SsoQuery) -> SsoRequest:
    """Raises Refused for what the app is told at its redirect URI, and what `require_redirect_uri` raises."""
    redirect_uri = require_redirect_uri(env, query.redirect_uri, query.response_type)
    require_s256(query.code_challenge, query.code_challenge_method)
    connection = select(
        env,
        connection_id=query.connection,
        organization_id=query.organization,
        provider=query.provider,
        domain=query.domain,
    )
    sso.record_started(env, connection, query.login_hint)
    return SsoRequest(
        connection=connection,
        redirect_uri=redirect_uri,
        state=query.state,
        login_hint=query.login_hint,
        code_challenge=query.code_challenge,
        provider_scopes=query.provider_scopes,
    )


def issue_code(
    env: Environment,
    connection: Connection,
    profile: Profile,
    *,
    redirect_uri: str,
    state: str | None = None,
    code_challenge: str | None = None,
    provider_scopes: Sequence[str] | None = None,
) -> str:
    """The identity provider has vouched for the profile: where to redirect. Raises ProfileOutside, on record."""
    try:
        _require_inside(env, connection, profile)
    except ProfileOutside as outside:
        sso.record_failure(env, connection, outside, profile.email, Device())
        raise
    connection = mark_used(env, connection)
    sso.record_success(env, connection, profile, None, Device())
    now = env.clock.now()
    code = env.insert(
        SsoCode(
            code=env.ids.ulid(),
            profile_id=profile.id,
            code_challenge=code_challenge,
            provider_scopes=None if provider_scopes is None else list(provider_scopes),
            expires_at=later(now, env.settings.lifetimes.authorization_code),
            consumed_at=None,
            created_at=now,
        )
    )
    return with_query(redirect_uri, {"code": code.code, "state": state})


def _require_inside(env: Environment, connection: Connection, profile: Profile) -> None:
    """Raises ProfileOutside. Production refuses everybody where no domain is verified; here all are let in then."""
    organization = env.find(Organization, connection.organization_id or "")
    if organization is None or organization.allow_profiles_outside_organization:
        return
    verified = [domain.domain for domain in domains_of(env, organization.id) if domain.state in VERIFIED]
    if verified and profile.domain not in verified:
        raise ProfileOutside
