"""`urn:workos:oauth:grant-type:email-verification:code`: the step after `email_verification_required`."""

from __future__ import annotations

from mockserver.authentication import service
from mockserver.authentication.grants.grant import Grant, refusal_of
from mockserver.core.bodies import NonEmpty
from mockserver.core.codes import Verdict
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.email_verifications import service as email_verifications
from mockserver.users import service as users
from mockserver.users.models import User


class EmailVerificationGrant(Grant, kw_only=True):
    code: NonEmpty
    pending_authentication_token: NonEmpty

    def authenticate(self, env: Environment) -> JSON:
        pending = service.find_pending(env, self.pending_authentication_token)
        user = verify(env, env.get(User, pending.user_id), self.code, self.device)
        return service.complete(env, service.resumed(env, pending, user, self.device))


def verify(env: Environment, user: User, code: str, device: service.Device) -> User:
    """The user with the address verified. Raises CredentialRefused."""
    verdict = email_verifications.redeem(env, user, code)
    if verdict is not Verdict.RIGHT:
        refusal = refusal_of(verdict, user.email)
        raise service.refuse(env, "email_verification", refusal, device, user=user, email=user.email)
    service.record_success(env, "email_verification", user, device)
    return users.mark_email_verified(env, user)
