"""`GET /user_management/authorize`: from the app to a sign-in and back with a code."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mockserver.authentication import sso
from mockserver.authentication.authorization_codes import code_of_proof, issue_code
from mockserver.authentication.models import AuthorizationCode
from mockserver.authentication.pkce import require_s256
from mockserver.authentication.service import Device
from mockserver.connections.models import Connection
from mockserver.connections.profiles import profile_who_signs_in
from mockserver.connections.selection import select
from mockserver.core.bodies import Parameters
from mockserver.core.environment import Environment
from mockserver.core.errors import ApiError, Refused
from mockserver.core.requests import Request
from mockserver.core.server import Server
from mockserver.core.urls import with_query
from mockserver.invitations.models import Invitation
from mockserver.invitations.service import require_valid_invitation
from mockserver.memberships.service import is_active_member, memberships_of_organization
from mockserver.organizations.models import Organization
from mockserver.redirect_uris.service import require_allowed
from mockserver.settings import OAUTH_PROVIDERS
from mockserver.users import service as users
from mockserver.users.models import User

NEWCOMER = "user@example.com"


class AuthorizeQuery(Parameters, kw_only=True):
    """The parameters that decide something. Others, such as `provider_query_params`, are accepted and do nothing."""

    never_left_out = frozenset({"code_challenge"})  # an app that means to send one is never served without

    client_id: str | None = None
    redirect_uri: str | None = None
    response_type: str | None = None
    provider: str | None = None
    connection_id: str | None = None
    organization_id: str | None = None
    state: str | None = None
    login_hint: str | None = None
    domain_hint: str | None = None
    screen_hint: str | None = None
    prompt: str | None = None
    max_age: int | None = None
    provider_scopes: list[str] | None = None
    code_challenge: str | None = None
    code_challenge_method: str | None = None
    invitation_token: str | None = None


class InvalidAuthorizeRequest(ApiError):
    """Never a redirect: without a trusted client and redirect URI there is no app to lead back to."""

    status, code = 400, "invalid_request"


class UnknownClient(ApiError):
    status, code = 400, "invalid_client"

    def __init__(self, client_id: str) -> None:
        super().__init__(f"No environment has the client id '{client_id}'.")
        self.hint = "start with --client-id (or WORKOS_CLIENT_ID), or make an environment for it"


def of_client_id(server: Server, request: Request) -> Environment:
    """Raises InvalidAuthorizeRequest, UnknownClient."""
    client_id = request.parameter("client_id")
    if not client_id:
        raise InvalidAuthorizeRequest("client_id is required.")
    environment = server.by_client_id(client_id)
    if environment is None:
        raise UnknownClient(client_id)
    return environment


@dataclass(frozen=True)
class Requested:
    """A valid request: the SSO connection or social provider that it leads to (neither: AuthKit), and whom it names.

    `hint` is the address of `login_hint`, or else the invited one.
    """

    connection: Connection | None
    provider: str | None
    invitation: Invitation | None
    hint: str | None


def require_redirect_uri(env: Environment, redirect_uri: str | None, response_type: str | None) -> str:
    """Raises InvalidAuthorizeRequest, RedirectUriNotAllowed: without a trusted one there is no app to lead back to."""
    if not redirect_uri:
        raise InvalidAuthorizeRequest("redirect_uri is required.")
    require_allowed(env, redirect_uri)
    if response_type != "code":
        raise InvalidAuthorizeRequest("response_type must be 'code'.")
    return redirect_uri


def require_valid(env: Environment, query: AuthorizeQuery) -> Requested:
    """Raises Refused, for what the app is told of."""
    require_s256(query.code_challenge, query.code_challenge_method)
    if query.max_age is not None and query.max_age < 0:
        raise Refused("invalid_request", "max_age must be a whole number of seconds, 0 or more.")
    provider = query.provider
    connection = _selected_connection(env, query)
    if connection is not None and connection.social_provider is not None:
        provider = connection.social_provider
        connection = None
    if connection is None:
        _require_selector(env, query.organization_id, provider)
    _require_enabled(env, provider if connection is None else "sso")
    invitation = _invitation(env, query)
    hint = query.login_hint if query.login_hint and users.is_email(query.login_hint) else None
    if hint is None and invitation is not None:
        hint = invitation.email
    return Requested(connection, provider if provider in OAUTH_PROVIDERS else None, invitation, hint)


def _selected_connection(env: Environment, query: AuthorizeQuery) -> Connection | None:
    """A connection wins over the other selectors; an organization beside a provider is one to sign in to."""
    if query.connection_id is not None:
        return select(env, connection_id=query.connection_id)
    if query.organization_id is not None and query.provider is None:
        return select(env, organization_id=query.organization_id)
    return None


def _require_selector(env: Environment, organization_id: str | None, provider: str | None) -> None:
    """A provider, for an organization that exists where one is named."""
    if organization_id is not None and env.find(Organization, organization_id) is None:
        raise Refused("organization_invalid", f"No organization has the id '{organization_id}'.")
    if provider != "authkit" and provider not in OAUTH_PROVIDERS:
        raise Refused("invalid_connection_selector", "A valid provider, connection_id or organization_id is required.")


def _require_enabled(env: Environment, method: str | None) -> None:
    if method != "authkit" and method not in env.settings.methods:
        raise Refused("connection_invalid", f"Sign-in by {method} is not enabled: the setting methods leaves it out.")


def authorize(env: Environment, query: AuthorizeQuery) -> str:
    """Signs a user in at once and answers where to redirect: the app, with a code or an error.

    The user is the one of `login_hint` (made, when unknown), else the first there is, else `user@example.com`.
    With a connection it is the user of a profile that the connection's identity provider vouches for.
    """
    redirect_uri = require_redirect_uri(env, query.redirect_uri, query.response_type)
    try:
        request = require_valid(env, query)
        if request.connection is not None:
            code = _code_by_sso(env, query, request.connection)
        else:
            code = _code(env, query, request)
    except Refused as refused:
        return refusal_url(redirect_uri, query.state, refused)
    return with_query(redirect_uri, {"code": code.code, "state": query.state})


def refusal_url(redirect_uri: str, state: str | None, refused: Refused) -> str:
    """Where the app is told of the failure."""
    failure = {"error": refused.error, "error_description": refused.description, "state": state}
    return with_query(redirect_uri, failure)


def _code_by_sso(env: Environment, query: AuthorizeQuery, connection: Connection) -> AuthorizationCode:
    """Raises Refused."""
    sso.record_started(env, connection, query.login_hint)
    proof = sso.prove(env, connection, profile_who_signs_in(env, connection, query.login_hint), Device())
    if proof.proves_email:
        users.mark_email_verified(env, proof.user)
    proof = replace(proof, organization_id=proof.organization_id or query.organization_id)
    return code_of_proof(env, proof, code_challenge=query.code_challenge)


def _code(env: Environment, query: AuthorizeQuery, request: Requested) -> AuthorizationCode:
    """Raises Refused."""
    return issue_code(
        env,
        user_who_signs_in(env, query, request),
        request.provider or "Password",
        organization_id=query.organization_id,
        is_of_authkit=request.provider is None,
        invitation_token=query.invitation_token,
        code_challenge=query.code_challenge,
        provider_scopes=query.provider_scopes,
    )


def user_who_signs_in(env: Environment, query: AuthorizeQuery, request: Requested) -> User:
    """Raises Refused, before anybody is made."""
    hint, invitation = request.hint, request.invitation
    user = users.find_user_by_email(env, hint) if hint else _first_user(env, query.organization_id)
    if invitation is None:
        _require_member(env, query.organization_id, user)
    if user is not None:
        return user
    if env.settings.sign_up == "closed" and invitation is None:
        raise Refused("access_denied", "Sign-up is closed, and no such user exists.")
    return users.create_user(env, email=hint or NEWCOMER, email_verified=True)


def _require_member(env: Environment, organization_id: str | None, user: User | None) -> None:
    """The organization that is asked for must be the user's already."""
    if organization_id is None:
        return
    if user is None or not is_active_member(env, user.id, organization_id):
        raise Refused("access_denied", "The user is not an active member of the organization.")


def _first_user(env: Environment, organization_id: str | None) -> User | None:
    """The first there is or, where an organization is asked for, its first active member."""
    if organization_id is None:
        return next(iter(users.first_users(env, limit=1)), None)
    members = [item for item in memberships_of_organization(env, organization_id) if item.status == "active"]
    return env.get(User, members[0].user_id) if members else None


def _invitation(env: Environment, query: AuthorizeQuery) -> Invitation | None:
    if not query.invitation_token:
        return None
    try:
        return require_valid_invitation(env, query.invitation_token, query.login_hint)
    except ApiError as error:
        raise Refused(error.code or "server_error", error.message) from None
