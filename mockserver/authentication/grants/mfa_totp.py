"""`urn:workos:oauth:grant-type:mfa-totp`: the step after `mfa_challenge` or `mfa_enrollment`."""

from __future__ import annotations

from mockserver.authentication import service
from mockserver.authentication.errors import UserMismatch
from mockserver.authentication.grants.grant import Grant, refusal_of
from mockserver.core.bodies import NonEmpty
from mockserver.core.codes import Verdict
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.factors import service as factors
from mockserver.factors.models import Challenge, Factor
from mockserver.users.models import User


class MfaTotpGrant(Grant, kw_only=True):
    code: NonEmpty
    pending_authentication_token: NonEmpty
    authentication_challenge_id: NonEmpty

    def authenticate(self, env: Environment) -> JSON:
        pending = service.find_pending(env, self.pending_authentication_token)
        user = env.get(User, pending.user_id)
        verify(env, user, self.authentication_challenge_id, self.code, self.device)
        return service.complete(env, service.resumed(env, pending, user, self.device, has_second_factor=True))


def verify(env: Environment, user: User, challenge_id: str, code: str, device: service.Device) -> None:
    """Raises NotFound for an unknown challenge, UserMismatch for another user's, else CredentialRefused."""
    challenge = env.get(Challenge, challenge_id)
    if env.get(Factor, challenge.factor_id).user_id != user.id:
        raise service.refuse(env, "mfa", UserMismatch(), device, user=user, email=user.email)
    verdict = factors.try_code(env, challenge, code)
    if verdict is not Verdict.RIGHT:
        raise service.refuse(env, "mfa", refusal_of(verdict, user.email), device, user=user, email=user.email)
    service.record_success(env, "mfa", user, device)
