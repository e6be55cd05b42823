"""`GET /user_management/authorize`: from the app to a sign-in and back with a code."""

from __future__ import annotations

from msgspec import structs

from mockserver.authentication import sso
from mockserver.authentication.authorization_codes import code_of_proof, issue_code
from mockserver.authentication.models import AuthorizationCode
from mockserver.authentication.pkce import require_s256
from mockserver.authentication.service import Device
from mockserver.connections.profiles import profile_who_signs_in
from mockserver.connections.selection import select
from mockserver.connections.types import OAUTH_PROVIDERS
from mockserver.core.bodies import Parameters
from mockserver.core.database import Query
from mockserver.core.environment import Environment, Server
from mockserver.core.errors import ApiError, Refused
from mockserver.core.requests import Request
from mockserver.core.urls import with_query
from mockserver.invitations.models import Invitation
from mockserver.invitations.service import require_valid_invitation
from mockserver.memberships.service import is_active_member, memberships_of_organization
from mockserver.organizations.models import Organization
from mockserver.redirect_uris.service import require_allowed
from mockserver.users import service as users
from mockserver.users.models import User

NEWCOMER = "user@example.com"

_FIRST = Query(User, order_by=(User.table.c.created_at, User.table.c.id), limit=1)


class AuthorizeQuery(Parameters, kw_only=True):
    """The parameters that decide something; `prompt`, `max_age`, `screen_hint` and the like are for hosted pages."""

    client_id: str | None = None
    redirect_uri: str | None = None
    response_type: str | None = None
    provider: str | None = None
    connection_id: str | None = None
    organization_id: str | None = None
    state: str | None = None
    login_hint: str | None = None
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


class HostedPagesMissing(ApiError):
    status, code = 501, "emulator_not_implemented"
    message = "AuthKit's hosted pages are not built yet."
    hint = "set authkit_pages to negotiate or never for the immediate redirect"


def of_client_id(server: Server, request: Request) -> Environment:
    """Raises InvalidAuthorizeRequest, UnknownClient."""
    client_id = request.parameter("client_id")
    if not client_id:
        raise InvalidAuthorizeRequest("client_id is required.")
    environment = server.by_client_id(client_id)
    if environment is None:
        raise UnknownClient(client_id)
    return environment


def authorize(env: Environment, query: AuthorizeQuery) -> str:
    """Signs a user in at once and answers where to redirect: the app, with a code or an error.

    The user is the one of `login_hint` (made, when unknown), else the first there is, else `user@example.com`.
    With a connection it is the user of a profile that the connection's identity provider vouches for.
    """
    if not query.redirect_uri:
        raise InvalidAuthorizeRequest("redirect_uri is required.")
    require_allowed(env, query.redirect_uri)
    if query.response_type != "code":
        raise InvalidAuthorizeRequest("response_type must be 'code'.")
    if env.settings.authkit_pages == "always":
        raise HostedPagesMissing
    try:
        require_s256(query.code_challenge, query.code_challenge_method)
        code = _code_by_sso(env, query) if _asks_for_sso(query) else _code(env, query)
    except Refused as refused:
        failure = {"error": refused.error, "error_description": refused.description, "state": query.state}
        return with_query(query.redirect_uri, failure)
    return with_query(query.redirect_uri, {"code": code.code, "state": query.state})


def _asks_for_sso(query: AuthorizeQuery) -> bool:
    """A connection wins over the other selectors; an organization beside a provider is one to sign in to."""
    return query.connection_id is not None or (query.organization_id is not None and query.provider is None)


def _code_by_sso(env: Environment, query: AuthorizeQuery) -> AuthorizationCode:
    """Raises Refused."""
    organization_id = query.organization_id if query.connection_id is None else None
    connection = select(env, connection_id=query.connection_id, organization_id=organization_id)
    if connection.organization_id is None and connection.connection_type in OAUTH_PROVIDERS:
        return _code(env, structs.replace(query, provider=connection.connection_type))
    sso.record_started(env, connection, query.login_hint)
    proof = sso.prove(env, connection, profile_who_signs_in(env, connection, query.login_hint), Device())
    if proof.proves_email:
        users.mark_email_verified(env, proof.user)
    return code_of_proof(env, proof, code_challenge=query.code_challenge)


def _code(env: Environment, query: AuthorizeQuery) -> AuthorizationCode:
    """Raises Refused."""
    _require_selector(env, query)
    user = _user_who_signs_in(env, query)
    method = query.provider if query.provider in OAUTH_PROVIDERS else "Password"
    return issue_code(
        env,
        user,
        method,
        organization_id=query.organization_id,
        invitation_token=query.invitation_token,
        code_challenge=query.code_challenge,
        provider_scopes=query.provider_scopes,
    )


def _require_selector(env: Environment, query: AuthorizeQuery) -> None:
    """A provider, for an organization that exists where one is named."""
    if query.organization_id is not None and env.find(Organization, query.organization_id) is None:
        raise Refused("organization_invalid", f"No organization has the id '{query.organization_id}'.")
    if query.provider != "authkit" and query.provider not in OAUTH_PROVIDERS:
        raise Refused("invalid_connection_selector", "A valid provider, connection_id or organization_id is required.")


def _user_who_signs_in(env: Environment, query: AuthorizeQuery) -> User:
    """Raises Refused, before anybody is made."""
    invitation = _invitation(env, query)
    hint = query.login_hint if query.login_hint and users.is_email(query.login_hint) else None
    if hint is None and invitation is not None:
        hint = invitation.email
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
        return env.first(_FIRST)
    members = [item for item in memberships_of_organization(env, organization_id) if item.status == "active"]
    return env.get(User, members[0].user_id) if members else None


def _invitation(env: Environment, query: AuthorizeQuery) -> Invitation | None:
    if not query.invitation_token:
        return None
    try:
        return require_valid_invitation(env, query.invitation_token, query.login_hint)
    except ApiError as error:
        raise Refused(error.code or "server_error", error.message) from None
