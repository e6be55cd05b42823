"""Signing in with an account at a social provider (contract: authentication, sections 2.6 and 6.2)."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from mockserver.authentication import service
from mockserver.authentication.service import Device, Proof
from mockserver.core.environment import Environment
from mockserver.identities import service as identities
from mockserver.identities.models import Identity
from mockserver.invitations.service import require_valid_invitation
from mockserver.magic_auth.service import SignUpNotAllowed
from mockserver.users import service as users
from mockserver.users.models import User, email_key

# Their addresses count as verified; others' must be verified by code.
TRUSTED = frozenset({"GoogleOAuth", "AppleOAuth"})


@dataclass(frozen=True)
class Account:
    """What a provider says of somebody. `idp_id` is the provider's own id of the account."""

    provider: str
    idp_id: str
    email: str
    first_name: str | None = None
    last_name: str | None = None


def account_id(provider: str, email: str) -> str:
    """21 digits, as Google's ids have, the same whenever this address signs in with this provider."""
    digest = sha256(f"{provider}/{email_key(email)}".encode()).digest()
    return f"1{int.from_bytes(digest) % 10**20:020d}"


def sign_in(env: Environment, account: Account, device: Device, *, invitation_token: str | None = None) -> Proof:
    """The user of the identity, else the one with the address, who is linked, else a new one.

    An address that nobody has verified yet isn't proved by linking: who signed up with it first may be another person.
    Raises SignUpNotAllowed and the refusals of an invitation.
    """
    identity = identities.find_identity(env, account.provider, account.idp_id)
    is_trusted = account.provider in TRUSTED
    if identity is not None:
        user = env.get(User, identity.user_id)
        proves_email = is_trusted and email_key(account.email) == user.email_key
    else:
        known = users.find_user_by_email(env, account.email)
        user = known or _create(env, account, invitation_token)
        proves_email = is_trusted and known is None
        identities.link(env, user, provider=account.provider, idp_id=account.idp_id, email=account.email)
    service.record_success(env, "oauth", user, device)
    return Proof(user, account.provider, device, proves_email=proves_email, invitation_token=invitation_token)


def _create(env: Environment, account: Account, invitation_token: str | None) -> User:
    if env.settings.sign_up == "closed" and invitation_token is None:
        raise SignUpNotAllowed
    if invitation_token is not None:
        require_valid_invitation(env, invitation_token, account.email)
    return users.create_user(env, email=account.email, first_name=account.first_name, last_name=account.last_name)


def accounts(env: Environment, provider: str, *, limit: int) -> list[Account]:
    """Those that the provider is known to have: linked ones first, then the environment's users by their address."""
    linked = identities.identities_at(env, provider)
    found = [_account(env, identity) for identity in linked[:limit]]
    seen = {email_key(account.email) for account in found}
    for user in users.first_users(env, limit=limit):
        if len(found) < limit and user.email_key not in seen:
            found.append(
                Account(provider, account_id(provider, user.email), user.email, user.first_name, user.last_name)
            )
    return found


def _account(env: Environment, identity: Identity) -> Account:
    user = env.get(User, identity.user_id)
    return Account(identity.provider, identity.idp_id, identity.email, user.first_name, user.last_name)
