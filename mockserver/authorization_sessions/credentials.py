"""The first factor: an address, then a password or a code; or signing up."""

from __future__ import annotations

from dataclasses import dataclass

from mockserver.authentication import service as authentication
from mockserver.authentication.grants import magic_auth as magic_auth_grant
from mockserver.authentication.grants import password as password_grant
from mockserver.authentication.service import Device, Proof
from mockserver.authorization_sessions import identity_providers
from mockserver.authorization_sessions.errors import StepNotDue
from mockserver.authorization_sessions.models import AuthorizationSession
from mockserver.authorization_sessions.service import Step, advance, go
from mockserver.connections.models import Connection
from mockserver.connections.service import active_connections_of
from mockserver.core.environment import Environment
from mockserver.core.errors import ApiError
from mockserver.core.urls import is_loopback
from mockserver.invitations.service import require_valid_invitation
from mockserver.magic_auth import service as magic_auth
from mockserver.organizations.models import Organization
from mockserver.password_resets import service as password_resets
from mockserver.policies import service as policies
from mockserver.policies.models import METHODS
from mockserver.settings import OAUTH_PROVIDERS
from mockserver.users import passwords
from mockserver.users import service as users
from mockserver.users.models import User

KNOWN_USERS = 6  # on the sign-in page; who has more wants to type


class NoMethod(ApiError):
    """Every method that begins with an address is switched off."""

    status, code = 403, "authentication_method_not_allowed"
    message = "Sign-in by e-mail address is switched off. Use one of the other ways."
    hint = "the setting methods leaves out password and magic_auth"


class UnknownAddress(ApiError):
    status, code = 400, "user_not_found"

    def __init__(self, email: str) -> None:
        super().__init__(f"No account uses the address '{email}', and nobody can sign up here.")
        self.hint = "the setting sign_up is closed; set sign_up=open, or invite the address"


class OneClickOff(ApiError):
    status, code = 403, "one_click_sign_in_off"
    message = "One-click sign-in is switched off (setting one_click_sign_in)."


def identify(env: Environment, flow: AuthorizationSession, email: str) -> Step:
    """From the address to the method: a password where there is one, else a code. Newcomers are led to sign-up."""
    users.require_email(email)
    email = email.strip()
    connection = _demanded_connection(env, email)
    if connection is not None:
        return identity_providers.lead_to_connection(env, env.update(flow, email=email), connection)
    user = users.find_user_by_email(env, email)
    if user is None and not may_sign_up(env, flow):
        raise UnknownAddress(email)
    if user is None:
        return go(env, flow, "sign-up", email=email, notice=f"No account uses {email} yet. Create one.")
    if allows(env, "password") and (passwords.has_password(env, user) or not allows(env, "magic_auth")):
        return go(env, flow, "sign-in/password", email=email)
    return send_code(env, flow, email)


def _demanded_connection(env: Environment, email: str) -> Connection | None:
    """That of the organization which leaves the users of its domain no other method."""
    policy = policies.domain_policy_of(env, email)
    if policy is None or not policy.leaves_only_sso or not allows(env, "sso"):
        return None
    return next(iter(active_connections_of(env, policy.organization_id)), None)


def may_sign_up(env: Environment, flow: AuthorizationSession) -> bool:
    """An invitation opens what is closed."""
    return env.settings.sign_up == "open" or flow.invitation_token is not None


def allows(env: Environment, method: str) -> bool:
    return method in env.settings.methods


def sign_in_with_password(env: Environment, flow: AuthorizationSession, password: str, device: Device) -> Step:
    user = password_grant.sign_in(env, address_of(flow), password, device)
    return advance(env, flow, _proof(flow, user, "Password", device))


def send_code(env: Environment, flow: AuthorizationSession, email: str | None = None) -> Step:
    """Mails a Magic Auth code, to the address that is in question already unless another one is given."""
    if not allows(env, "magic_auth"):
        raise NoMethod
    email = email or address_of(flow)
    magic_auth.create_magic_auth(env, email, invitation_token=flow.invitation_token)
    notice = f"A new code is on its way to {email}." if flow.page == "magic-code" else None
    return go(env, flow, "magic-code", email=email, notice=notice)


def sign_in_with_code(env: Environment, flow: AuthorizationSession, code: str, device: Device) -> Step:
    user = magic_auth_grant.sign_in(env, address_of(flow), code, device)
    return advance(env, flow, _proof(flow, user, "MagicAuth", device, proves_email=True))


def sign_up(
    env: Environment,
    flow: AuthorizationSession,
    device: Device,
    *,
    email: str,
    first_name: str | None,
    last_name: str | None,
    password: str | None,
) -> Step:
    """Makes the user; without a password a code is mailed. Raises what create_user does, and SignUpNotAllowed."""
    if not may_sign_up(env, flow):
        raise magic_auth.SignUpNotAllowed
    if flow.invitation_token is not None:
        require_valid_invitation(env, flow.invitation_token, email)
    if password is None:
        magic_auth.require_magic_auth_allowed(env)
    else:
        password_resets.require_password_allowed(env)
    connection = _demanded_connection(env, email)
    if connection is not None:
        return identity_providers.lead_to_connection(env, env.update(flow, email=email), connection)
    secret = {} if password is None else {"password": password}
    user = users.create_user(env, email=email, first_name=first_name, last_name=last_name, **secret)
    flow = env.update(flow, email=user.email)
    if password is None:
        return send_code(env, flow)
    authentication.record_success(env, "password", user, device)
    return advance(env, flow, _proof(flow, user, "Password", device))


@dataclass(frozen=True)
class RequiredMethods:
    """What an organization's policy leaves a user who came with another method."""

    is_sso: bool
    organization_name: str | None
    connections: list[Connection]
    providers: list[str]
    allows_password: bool
    allows_code: bool


def required_methods(env: Environment, flow: AuthorizationSession) -> RequiredMethods:
    """From the refusal that stopped the sign-in. Raises StepNotDue when none has."""
    refusal = flow.refusal
    if refusal is None or "error" not in refusal:
        raise StepNotDue
    ids = refusal.get("connection_ids") or refusal.get("sso_connection_ids") or []
    found = [connection for id in ids if (connection := env.find(Connection, id)) is not None]
    usable = [connection for connection in found if connection.is_usable and allows(env, "sso")]
    methods = {METHODS[name] for name, is_allowed in refusal.get("auth_methods", {}).items() if is_allowed}
    organization = env.find(Organization, (found[0].organization_id if found else flow.organization_id) or "")
    return RequiredMethods(
        is_sso=refusal["error"] == "sso_required",
        organization_name=None if organization is None else organization.name,
        connections=usable,
        providers=[provider for provider in OAUTH_PROVIDERS if provider in methods],
        allows_password="Password" in methods and allows(env, "password"),
        allows_code="MagicAuth" in methods and allows(env, "magic_auth"),
    )


def minimum_length(env: Environment) -> int | None:
    """Of a new password; None without a policy."""
    policy = env.settings.password_policy
    return None if policy == "off" else policy.minimum_length


def known_users(env: Environment) -> list[User]:
    """Those whom a click signs in, as if by password.

    On this machine only, unless the setting `one_click_sign_in` says otherwise.
    """
    setting = env.settings.one_click_sign_in
    if (
        setting == "off"
        or not allows(env, "password")
        or (setting == "loopback" and not is_loopback(env.server.public_url))
    ):
        return []
    return users.first_users(env, limit=KNOWN_USERS)


def sign_in_known_user(env: Environment, flow: AuthorizationSession, user_id: str, device: Device) -> Step:
    """As the immediate redirect of authorize does: nobody is asked for anything but an organization."""
    known = known_users(env)
    if not known:
        raise OneClickOff
    user = next((user for user in known if user.id == user_id), None)
    if user is None:
        raise identity_providers.AccountNotOffered
    authentication.record_success(env, "password", user, device)
    proof = Proof(
        user,
        "Password",
        device,
        proves_email=True,
        has_second_factor=True,
        organization_id=flow.organization_id,
        invitation_token=flow.invitation_token,
    )
    return advance(env, flow, proof)


def _proof(flow: AuthorizationSession, user: User, method: str, device: Device, *, proves_email: bool = False) -> Proof:
    return Proof(
        user,
        method,
        device,
        proves_email=proves_email,
        organization_id=flow.organization_id,
        invitation_token=flow.invitation_token,
    )


def address_of(flow: AuthorizationSession) -> str:
    """The one that was typed. Raises StepNotDue."""
    if flow.email is None:
        raise StepNotDue
    return flow.email
