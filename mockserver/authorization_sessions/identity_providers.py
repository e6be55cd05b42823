"""The test identity provider: choosing an account at a social provider or at an organization's own."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from mockserver.authentication import service as authentication
from mockserver.authentication import social, sso
from mockserver.authentication.authorize import refusal_url
from mockserver.authentication.service import Device
from mockserver.authentication.social import Account
from mockserver.authorization_sessions.errors import StepNotDue
from mockserver.authorization_sessions.models import AuthorizationSession
from mockserver.authorization_sessions.service import Step, advance, go, leave, refuse
from mockserver.connections.models import Connection, Profile
from mockserver.connections.profiles import profiles_of, save_profile
from mockserver.core.environment import Environment
from mockserver.core.errors import ApiError, Refused
from mockserver.settings import OAUTH_PROVIDERS
from mockserver.sso import service as sso_product
from mockserver.users import service as users

KNOWN_ACCOUNTS = 8


class MethodNotEnabled(ApiError):
    status, code = 403, "authentication_method_not_allowed"

    def __init__(self, method: str) -> None:
        super().__init__(f"Sign-in with {method} is not enabled.")
        self.hint = f"the setting methods leaves out {method}"


class ConnectionGone(ApiError):
    status, code = 404, "connection_invalid"
    message = "This connection is not there any more. Begin again from the app."


class AccountNotOffered(ApiError):
    """It may have been deleted since the page was shown."""

    status, code = 404, "account_not_offered"
    message = "That account is not there any more. Choose another one, or type its address."


class ConnectionNotUsable(ApiError):
    status, code = 403, "connection_invalid"
    message = "This connection is not active."


@dataclass(frozen=True)
class KnownAccount:
    """An account that the page offers; `id` is what the form sends."""

    id: str
    email: str
    name: str


def choose_provider(env: Environment, flow: AuthorizationSession, provider: str) -> Step:
    """Raises MethodNotEnabled, also for a provider that doesn't exist."""
    if provider not in OAUTH_PROVIDERS or provider not in env.settings.methods:
        raise MethodNotEnabled(provider)
    return go(env, flow, "identity-provider", provider=provider, connection_id=None, account=None)


def choose_connection(env: Environment, flow: AuthorizationSession, connection_id: str) -> Step:
    """Raises MethodNotEnabled, and ConnectionNotUsable for one that the page did not offer."""
    if "sso" not in env.settings.methods:
        raise MethodNotEnabled("SSO")
    connection = env.find(Connection, connection_id)
    if connection is None or not connection.is_usable:
        raise ConnectionNotUsable
    return lead_to_connection(env, flow, connection)


def lead_to_connection(env: Environment, flow: AuthorizationSession, connection: Connection) -> Step:
    sso.record_started(env, connection, flow.email)
    return go(env, flow, "identity-provider", provider=None, connection_id=connection.id, account=None)


def connection_of(env: Environment, flow: AuthorizationSession) -> Connection | None:
    """None at a social provider. Raises ConnectionGone, and StepNotDue when neither was chosen."""
    if flow.provider is not None:
        return None
    if flow.connection_id is None:
        raise StepNotDue
    connection = env.find(Connection, flow.connection_id)
    if connection is None:
        raise ConnectionGone
    return connection


def known_accounts(env: Environment, flow: AuthorizationSession) -> list[KnownAccount]:
    connection = connection_of(env, flow)
    if connection is not None:
        profiles = profiles_of(env, connection)[:KNOWN_ACCOUNTS]
        return [KnownAccount(item.id, item.email, _name(item.first_name, item.last_name)) for item in profiles]
    found = social.accounts(env, flow.provider or "", limit=KNOWN_ACCOUNTS)
    return [KnownAccount(item.idp_id, item.email, _name(item.first_name, item.last_name)) for item in found]


def _name(first_name: str | None, last_name: str | None) -> str:
    return " ".join(part for part in (first_name, last_name) if part)


def choose_known_account(env: Environment, flow: AuthorizationSession, id: str, device: Device) -> Step:
    """Raises AccountNotOffered."""
    connection = connection_of(env, flow)
    if connection is not None:
        profile = next((item for item in profiles_of(env, connection) if item.id == id), None)
        if profile is None:
            raise AccountNotOffered
        return _sign_in_with_profile(env, flow, connection, profile, device)
    accounts = social.accounts(env, flow.provider or "", limit=KNOWN_ACCOUNTS)
    account = next((item for item in accounts if item.idp_id == id), None)
    if account is None:
        raise AccountNotOffered
    return go(env, flow, "identity-provider/consent", account=asdict(account))


def type_account(
    env: Environment,
    flow: AuthorizationSession,
    device: Device,
    *,
    email: str,
    first_name: str | None,
    last_name: str | None,
) -> Step:
    """Somebody whom the provider has not shown yet. Raises RequestInvalid for what is no address."""
    users.require_email(email)
    email = email.strip()
    connection = connection_of(env, flow)
    if connection is not None:
        profile = save_profile(env, connection, email=email, first_name=first_name, last_name=last_name)
        return _sign_in_with_profile(env, flow, connection, profile, device)
    provider = flow.provider or ""
    account = Account(provider, social.account_id(provider, email), email, first_name, last_name)
    return go(env, flow, "identity-provider/consent", account=asdict(account))


def chosen_account(flow: AuthorizationSession) -> Account:
    """The one that waits for consent. Raises StepNotDue."""
    if flow.account is None:
        raise StepNotDue
    return Account(**flow.account)


def consent(env: Environment, flow: AuthorizationSession, device: Device) -> Step:
    """The user lets the app see the social account."""
    account = chosen_account(flow)
    if flow.purpose == "sso":
        connection = env.get(Connection, flow.connection_id or "")
        profile = save_profile(
            env,
            connection,
            email=account.email,
            first_name=account.first_name,
            last_name=account.last_name,
            idp_id=account.idp_id,
        )
        return _sign_in_with_profile(env, flow, connection, profile, device)
    try:
        proof = social.sign_in(env, account, device, invitation_token=flow.invitation_token)
    except ApiError as refusal:
        authentication.refuse(env, "oauth", refusal, device, user=None, email=account.email)
        return refuse(env, flow, refusal, email=account.email)
    return advance(env, flow, replace(proof, organization_id=flow.organization_id))


def deny(env: Environment, flow: AuthorizationSession, device: Device) -> Step:
    """Back to the app with what the provider would say."""
    connection = connection_of(env, flow)
    name = flow.provider if connection is None else connection.name
    denied = Refused("access_denied", f"The user denied access at {name}.")
    if connection is not None:
        sso.record_failure(env, connection, denied, None, device)
    else:
        authentication.record_failure(env, "oauth", denied.error, denied.description, device)
    return leave(env, flow, denied)


def _sign_in_with_profile(
    env: Environment, flow: AuthorizationSession, connection: Connection, profile: Profile, device: Device
) -> Step:
    if not connection.is_usable:
        return leave(env, flow, Refused("connection_unlinked", f"The connection '{connection.id}' is not active."))
    if flow.purpose == "sso":
        return _answer_sso(env, flow, connection, profile)
    try:
        proof = sso.prove(env, connection, profile, device)
    except Refused as refused:
        return refuse(env, flow, refused, email=profile.email)
    return advance(env, flow, replace(proof, organization_id=proof.organization_id or flow.organization_id))


def _answer_sso(env: Environment, flow: AuthorizationSession, connection: Connection, profile: Profile) -> Step:
    """The standalone product: the app gets the profile, and nobody is signed in here."""
    env.consume(flow)
    redirect_uri = flow.redirect_uri or ""
    try:
        url = sso_product.issue_code(
            env,
            connection,
            profile,
            redirect_uri=redirect_uri,
            state=flow.state,
            code_challenge=flow.code_challenge,
            provider_scopes=flow.provider_scopes,
        )
    except Refused as refused:
        url = refusal_url(redirect_uri, flow.state, refused)
    return Step(flow, url=url)
