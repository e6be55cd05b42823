"""`authorization_code`: the code that `authorize` sent to the app, with or without PKCE."""

from __future__ import annotations

from mockserver.authentication import pkce, service, sso_codes
from mockserver.authentication.errors import (
    CodeChallengeNotFound,
    InvalidCode,
    InvalidRequest,
    InvitationTokenNotTaken,
)
from mockserver.authentication.grants.grant import Grant
from mockserver.authentication.models import AuthorizationCode
from mockserver.authentication.oauth_tokens import oauth_tokens
from mockserver.core.bodies import NonEmpty
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.sso.models import SsoCode
from mockserver.users.models import User

# An impersonation is no authentication of the user, so it has no event.
_EVENT_TYPES: dict[str, service.EventType] = {"Password": "password", "MagicAuth": "magic_auth", "Passkey": "passkey"}


class AuthorizationCodeGrant(Grant, kw_only=True):
    code: NonEmpty
    code_verifier: str | None = None
    invitation_token: str | None = None

    def allows_public_client(self) -> bool:
        return bool(self.code_verifier)

    def authenticate(self, env: Environment) -> JSON:
        """Codes of `/sso/authorize` are taken too."""
        code = env.find(AuthorizationCode, self.code) or env.find(SsoCode, self.code)
        if code is None or code.consumed_at is not None or code.expires_at <= env.clock.now():
            raise InvalidCode(self.code)
        require_verifier(code, self.code_verifier)
        if isinstance(code, SsoCode):
            return sso_codes.redeem(env, code, self.device, self.invitation_token)
        if self.invitation_token and code.is_of_authkit:
            raise InvitationTokenNotTaken
        return redeem(env, code, self.device, self.invitation_token)


def redeem(
    env: Environment, code: AuthorizationCode, device: service.Device, invitation_token: str | None = None
) -> JSON:
    """The answer to a code, which is spent. Raises InvalidCode when it was before, and what the pipeline raises."""
    if not env.consume(code):
        raise InvalidCode(code.code)
    answer = service.complete(env, _proof(env, code, device, invitation_token))
    return {**answer, **oauth_tokens(env, code.method, code.provider_scopes)}


def require_verifier(code: AuthorizationCode | SsoCode, verifier: str | None) -> None:
    """A secret beside it doesn't replace the verifier; a wrong one doesn't spend the code."""
    if code.code_challenge is None:
        if verifier:
            raise CodeChallengeNotFound
        return
    if not verifier:
        raise InvalidRequest("code_verifier is required.")
    if not pkce.answers(verifier, code.code_challenge):
        raise InvalidCode(code.code)


def _proof(
    env: Environment, code: AuthorizationCode, device: service.Device, invitation_token: str | None
) -> service.Proof:
    """The sign-in happened before the code was issued. Where nobody was asked for anything, it is recorded now.

    An impersonator needs neither a verified address nor a second factor, and proves neither of the user's.
    """
    user = env.get(User, code.user_id)
    device = service.Device(device.ip_address or code.ip_address, device.user_agent or code.user_agent)
    type = _EVENT_TYPES.get(code.method, "oauth" if code.method.endswith("OAuth") else None)
    if type is not None and code.is_vouched:
        service.record_success(env, type, user, device)
    return service.Proof(
        user=user,
        method=code.method,
        device=device,
        proves_email=code.is_vouched and code.method != "Impersonation",
        has_second_factor=True,
        organization_id=code.organization_id,
        connection_id=code.connection_id,
        invitation_token=invitation_token or code.invitation_token,
        browser_session_id=code.browser_session_id,
        authenticated_at=code.authenticated_at,
        impersonator_email=code.impersonator_email,
        impersonator_reason=code.impersonator_reason,
    )
