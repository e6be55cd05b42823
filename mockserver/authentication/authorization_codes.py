"""Authorization codes: what a browser carries back to the app, and the token endpoint takes."""

from __future__ import annotations

from typing import Any

from mockserver.authentication.models import AuthorizationCode
from mockserver.authentication.service import Proof
from mockserver.core.clock import later
from mockserver.core.environment import Environment
from mockserver.users.models import User


def issue_code(
    env: Environment,
    user: User,
    method: str,
    *,
    organization_id: str | None = None,
    is_of_authkit: bool = False,
    invitation_token: str | None = None,
    code_challenge: str | None = None,
    provider_scopes: list[str] | None = None,
    impersonator_email: str | None = None,
    impersonator_reason: str | None = None,
) -> AuthorizationCode:
    """A code for somebody who was asked for nothing: it vouches for the address and the second factor."""
    code = _new_code(env, user.id, method)
    code.is_vouched = True
    code.is_of_authkit = is_of_authkit
    code.organization_id = organization_id
    code.invitation_token = invitation_token
    code.code_challenge = code_challenge
    code.provider_scopes = provider_scopes
    code.impersonator_email = impersonator_email
    code.impersonator_reason = impersonator_reason
    return env.insert(code)


def code_of_proof(
    env: Environment,
    proof: Proof,
    *,
    is_of_authkit: bool = False,
    code_challenge: str | None = None,
    provider_scopes: list[str] | None = None,
) -> AuthorizationCode:
    """A code for somebody whom the pipeline has admitted."""
    code = _new_code(env, proof.user.id, proof.method)
    code.is_of_authkit = is_of_authkit
    code.organization_id = proof.organization_id
    code.connection_id = proof.connection_id
    code.code_challenge = code_challenge
    code.provider_scopes = provider_scopes
    code.browser_session_id = proof.browser_session_id
    code.authenticated_at = proof.authenticated_at
    code.ip_address = proof.device.ip_address
    code.user_agent = proof.device.user_agent
    return env.insert(code)


def _new_code(env: Environment, user_id: str, method: str) -> AuthorizationCode:
    """Not stored yet, and bound to nothing else."""
    now = env.clock.now()
    values: dict[str, Any] = dict.fromkeys(AuthorizationCode.__struct_fields__)
    values |= {"code": env.ids.ulid(), "user_id": user_id, "method": method, "created_at": now}
    values |= {"is_vouched": False, "is_of_authkit": False}
    values["expires_at"] = later(now, env.settings.lifetimes.authorization_code)
    return AuthorizationCode(**values)
